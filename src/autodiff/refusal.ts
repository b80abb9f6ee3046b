import { placing } from './placing';
import { noSite } from './sites';

/** Why a gradient cannot be had by tracing. */
export type RefusalCode =
  /** A traced value where only a plain one can go: an index, a key, a native function, a typed array. */
  | 'coercion'
  /** A traced value met JSON, which would make text of it. */
  | 'json'
  /** Text was made of a traced value, and text was turned into a number in the same evaluation. */
  | 'text-and-back'
  /** A value that was computed in another evaluation. */
  | 'stale-value'
  /** A traced value in a call of code that is not rewritten. */
  | 'foreign-call'
  /** Something about a work buffer that an array of traced values cannot do. */
  | 'buffer'
  /** More operations than the tape may hold. */
  | 'tape-full';

/**
 * The loss did something that tracing cannot follow. The stack leads to the user's line; `site` is the exact place where it
 * is known, else −1.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly site: number;

  constructor(code: RefusalCode, message: string, site: number = noSite) {
    super(message);
    this.code = code;
    this.site = site;
  }
}

/** The first refusal of the evaluation that is under way: it fails even if the user's code catches the error. */
export const poison: { first: Refusal | null } = { first: null };

/** @throws Refusal always, and the evaluation will not give a gradient */
export function refuse(code: RefusalCode, message: string, site: number = noSite): never {
  const refusal = new Refusal(code, message, site === noSite ? placing.site : site);
  poison.first ??= refusal;
  throw refusal;
}
