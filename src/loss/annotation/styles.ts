import type { Language } from '../source';
import type { CommentStyle } from './commentStyle';
import { jsdocStyle } from './jsdoc/jsdocStyle';
import { pythonStyle } from './python/pythonStyle';

const styles: { readonly [L in Language]: CommentStyle } = { javascript: jsdocStyle, python: pythonStyle };

export function styleOf(language: Language): CommentStyle {
  return styles[language];
}
