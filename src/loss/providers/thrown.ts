import { types } from 'node:util';
import { shownText } from '../../core/shownText';
import type { LossProblem, ProblemCode } from '../problem';

/** An error in the user's code that carries its problem code. Its message is a sentence for the user. */
export class CodedError extends Error {
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The place in the user's source where an error was thrown; null if no stack frame is in the user's source.
 */
export type ThrownPlace = Pick<LossProblem, 'location' | 'stack'> | null;

/**
 * Converts a value that the user's code threw to a problem at its place, or at the name of the loss if the
 * place is not known.
 *
 * @param step  the step in progress; undefined if there is none
 */
export function problemOf(
  error: unknown,
  source: { readonly lossName: string; readonly location: LossProblem['location'] },
  place: ThrownPlace,
  step?: number,
): LossProblem {
  const at = step === undefined ? '' : ` at step ${step}`;
  // No array destructuring, because the user's code may have replaced the iterator that it uses.
  const described: Pick<LossProblem, 'code' | 'message'> = isError(error, CodedError)
    ? { code: error.code, message: `${shownText(error.message)}${at && ` (${at.trim()})`}` }
    : { code: 'loss-threw', message: `${source.lossName} failed${at}: ${describeThrown(error)}` };
  return { ...described, severity: 'error', ...(place ?? { location: source.location }) };
}

/** `instanceof` that does not throw: the user's code may throw a Proxy whose traps throw. */
export function isError<E extends Error>(
  value: unknown,
  type: abstract new (...parameters: never[]) => E,
): value is E {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

/**
 * Describes a thrown value: "TypeError: x is not a function" for an error, else a text of the value. Never
 * throws, even if code of the value (a getter, a Proxy) does. The text is escaped, so it can be shown
 * anywhere.
 */
export function describeThrown(error: unknown): string {
  try {
    // An error from another realm (node:vm) is not an instance of `Error` in this realm.
    const text =
      error instanceof Error || types.isNativeError(error)
        ? [String(error.name), String(error.message)].filter((part) => part !== '').join(': ')
        : `threw ${describeValue(error)}`;
    return shownText(text);
  } catch {
    return 'threw a value that cannot be shown';
  }
}

function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // The value is circular or contains a bigint.
    return Object.prototype.toString.call(value);
  }
}
