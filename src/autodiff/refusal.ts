import { placing } from './placing';
import { noSite } from './sites';

/** Why tracing cannot compute a gradient. */
export type RefusalCode =
  /**
   * A traced value is used where only a plain number is possible: an index, a key, a native function, a typed
   * array.
   */
  | 'coercion'
  /** A traced value is converted to JSON. */
  | 'json'
  /** A traced value was converted to text, and text was converted to a number, in the same evaluation. */
  | 'text-and-back'
  /** A value that was computed in another evaluation. */
  | 'stale-value'
  /** A traced value is passed to code that is not instrumented. */
  | 'foreign-call'
  /** A typed array is used in a way that an array of traced values does not support. */
  | 'buffer'
  /** More operations than the tape may hold. */
  | 'tape-full'
  /** Code of a package makes integers of a traced value, from which it computes a number that depends on it. */
  | 'lost-derivative'
  /** The instrumented program does not compute what the unchanged one computes. */
  | 'not-the-same';

/**
 * The loss uses something that tracing does not support. The stack leads to the user's line. `site` is the
 * exact place if it is known, else −1.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly site: number;
  /** The function that is not instrumented, of a foreign call. */
  readonly callee: object | null;

  constructor(code: RefusalCode, message: string, site: number = noSite, callee: object | null = null) {
    super(message);
    this.code = code;
    this.site = site;
    this.callee = callee;
  }
}

/** The first refusal of the current evaluation, which fails even if the user's code catches the error. */
export const poison: { first: Refusal | null } = { first: null };

/** @throws Refusal always; the evaluation then gives no gradient */
export function refuse(code: RefusalCode, message: string, site: number = noSite): never {
  refuseWith(new Refusal(code, message, site === noSite ? placing.site : site));
}

export function refuseWith(refusal: Refusal): never {
  poison.first ??= refusal;
  throw refusal;
}
