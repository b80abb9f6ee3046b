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
  /** The derivative that a rule gives for a function is wrong or incomplete. */
  | 'derivative-rule'
  /** Code that is known only at run time, or that cannot be rewritten, is executed: eval, `with`. */
  | 'opaque-code'
  /** A typed array is used in a way that an array of traced values does not support. */
  | 'buffer'
  /** More operations than the tape may hold. */
  | 'tape-full'
  /** An operation rounds, so the derivative is not the slope of the loss. */
  | 'rounded'
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

/**
 * `first`: the first refusal of the current evaluation, which fails even if the user's code catches the error. `lasting`:
 * the refusal of all evaluations of a program, because code that cannot be rewritten made functions while it was loaded.
 */
export const poison: { first: Refusal | null; lasting: Refusal | null } = { first: null, lasting: null };

/** @throws Refusal always; the evaluation then gives no gradient */
export function refuse(code: RefusalCode, message: string, site: number = noSite): never {
  refuseWith(new Refusal(code, message, site === noSite ? placing.site : site));
}

export function refuseWith(refusal: Refusal): never {
  poison.first ??= refusal;
  throw refusal;
}

/** Before another program is loaded, or the same one again. */
export function forgetLastingRefusal(): void {
  poison.lasting = null;
}
