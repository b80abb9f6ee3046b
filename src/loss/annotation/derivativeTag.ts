import { nearest } from '../../core/config/nearest';

import type { Span } from './annotationValue';
import type { RawTag } from './placedText';

const name = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const dottedName = new RegExp(`^${name}(?:\\.${name})*$`, 'u');

/** What is wrong with an `@derivative`. */
export interface DerivativeProblem {
  readonly message: string;
  readonly span: Span;
  /** The text for the span. */
  readonly replacement?: string;
}

/**
 * Checks an `@derivative` against its module.
 *
 * @param declared  the function that follows the comment; null if there is none with a name at the top level
 * @param names     declared or imported at the top level of the module
 */
export function derivativeProblem(
  tag: RawTag,
  declared: string | null,
  names: Iterable<string>,
): DerivativeProblem | null {
  const { text } = tag.value;
  const span = derivativeSpan(tag);
  if (!dottedName.test(text))
    return {
      message: `@derivative takes the name of one function, such as "@derivative erf" or "@derivative numeric.norm2", not "${text}"`,
      span,
    };
  if (declared === null)
    return {
      message:
        '@derivative must be directly before a function with a name, at the top level of the module; move it there',
      span,
    };
  const [root = ''] = text.split('.');
  const known = [...names];
  const at = { from: tag.value.at(0), to: tag.value.at(root.length - 1) + 1 };
  if (root === declared)
    return {
      message: `${root} cannot be its own derivative; name the function whose derivative it is`,
      span: at,
    };
  if (known.includes(root)) return null;
  const near = nearest(root, known);
  const suggestion = near === undefined ? {} : { replacement: near };
  return {
    message: `${root} is neither declared nor imported at the top level of this module${near === undefined ? '' : `; did you mean ${near}?`}`,
    span: at,
    ...suggestion,
  };
}

/** The tag with its value. */
export function derivativeSpan({ from, to }: RawTag): Span {
  return { from, to };
}
