import katex from 'katex';
import 'katex/dist/katex.min.css';

declare global {
  /** Set by the script of this bundle: a formula in TeX as HTML, with MathML for screen readers. */
  var adamscopeTypeset: ((tex: string) => string) | undefined;
}

globalThis.adamscopeTypeset = (tex) =>
  katex.renderToString(tex, { throwOnError: false, output: 'htmlAndMathml', strict: false });
