import type { JavascriptSource } from '../../source';
import type { LossProvider } from '../lossProvider';
import { JavascriptLoader } from './javascriptLoader';

/** Losses in JavaScript and TypeScript. They run in the thread that loads them. */
export const javascriptProvider: LossProvider<JavascriptSource> = {
  open: (source, context) => new JavascriptLoader(source, context),
};
