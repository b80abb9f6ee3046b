import { types } from 'node:util';
import { shownText } from '../../core/shownText';
import type { LossProblem, ProblemCode } from '../problem';

/** An error of the user's code that says itself which problem it is. Its message is a sentence for the user. */
export class CodedError extends Error {
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Where in the user's source an error was thrown; null if no frame of it is the user's. */
export type ThrownPlace = Pick<LossProblem, 'location' | 'stack'> | null;

/**
 * What the user's code threw, as a problem at its place, or at the name of the loss if it has none.
 *
 * @param step  the step that was under way; left out where there is none
 */
export function problemOf(
  error: unknown,
  source: { readonly lossName: string; readonly location: LossProblem['location'] },
  place: ThrownPlace,
  step?: number,
): LossProblem {
  const at = step === undefined ? '' : ` at step ${step}`;
  // Without array patterns: the user's code may have replaced the iterator that they use.
  const told: Pick<LossProblem, 'code' | 'message'> = isError(error, CodedError)
    ? { code: error.code, message: `${shownText(error.message)}${at && ` (${at.trim()})`}` }
    : { code: 'loss-threw', message: `${source.lossName} failed${at}: ${describeThrown(error)}` };
  return { ...told, severity: 'error', ...(place ?? { location: source.location }) };
}

/** `instanceof` that does not throw: the user's code may throw a Proxy that does not answer. */
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
 * "TypeError: x is not a function", or what a thrown value that is no error looks like. Never throws, whatever the value's
 * own code does; the text may be shown anywhere.
 */
export function describeThrown(error: unknown): string {
  try {
    // An error of another realm (node:vm) is no instance of this one's Error.
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
    // Circular, or holding a bigint.
    return Object.prototype.toString.call(value);
  }
}
