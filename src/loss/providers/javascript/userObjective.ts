import type { CallForm } from '../../../core/callForm';
import type { DifferenceAccuracy } from '../../../core/gradient/differenceAccuracy';
import { isPromise, type MaybePromise, type Objective, type OpenContext } from '../../../core/objective';
import { differencesOf } from '../differences';
import { CodedError } from '../thrown';
import { type UserFunction, type VectorCall, vectorCall } from './callArguments';
import { onlyReadsElements } from './readsElements';

/** A function of the user, and how it is called. */
interface CalledFunction {
  readonly call: UserFunction;
  readonly form: CallForm;
}

/** The user's functions, and the functions to call before and after each call of them, for the time limit. */
export interface UserLoss {
  readonly name: string;
  readonly loss: CalledFunction;
  readonly gradient: (CalledFunction & { readonly name: string }) | null;
  /** The names that the loss gives to its coordinates; null if it gives none. */
  readonly names: readonly string[] | null;
  readonly enter: () => void;
  readonly leave: () => void;
}

/** A loss or gradient returned a value of the wrong type or length. Its place is the name of the function. */
export class WrongResultError extends CodedError {
  constructor(message: string) {
    super('wrong-result', message);
  }
}

/**
 * Makes an Objective from the user's functions. Every call gets a new array, and its result is checked.
 *
 * @param onAccuracy  see `withFiniteDifferences`
 */
export function objectiveOf(
  user: UserLoss,
  dim: number,
  onAccuracy: (accuracy: DifferenceAccuracy) => void,
): Objective {
  const value = checkedValue(user, user.name, user.loss);
  if (user.gradient) return providedObjective(user, dim, value, user.gradient);
  return differencesOf(user.name, dim, value, 'name a gradient function with @gradient', onAccuracy);
}

/** A loss function whose result is checked. Also used for the validation loss. */
export function checkedValue(user: UserLoss, name: string, loss: CalledFunction): Objective['value'] {
  const call = caller(user, loss);
  return (params, open) => {
    const result = call(params, open);
    return isPromise(result)
      ? result.then((settled) => numberOf(settled, name, user))
      : numberOf(result, name, user);
  };
}

function providedObjective(
  user: UserLoss,
  dim: number,
  value: Objective['value'],
  gradient: NonNullable<UserLoss['gradient']>,
): Objective {
  const callGradient = caller(user, gradient);

  function gradientAfter(
    loss: number,
    params: Float64Array,
    grad: Float64Array,
    open: OpenContext,
  ): MaybePromise<number> {
    const take = (result: unknown) => {
      copyGradient(result, grad, gradient.name, user.names);
      return loss;
    };
    const result = callGradient(params, open);
    return isPromise(result) ? result.then(take) : take(result);
  }

  return {
    dim,
    gradientMode: 'provided',
    value,
    valueAndGradient(params, grad, open) {
      const loss = value(params, open);
      return isPromise(loss)
        ? loss.then((settled) => gradientAfter(settled, params, grad, open))
        : gradientAfter(loss, params, grad, open);
    },
  };
}

/** Copying a vector of this length takes as long as examining the function. */
const longVector = 2 ** 14;

/** Calls the user's function with a new vector each time, if it might keep or change it, between `enter` and `leave`. */
function caller(user: UserLoss, { call: target, form }: CalledFunction) {
  const call = guardedCall(user, vectorCall(target, form, globalThis));
  // A typed vector is copied when the argument is made.
  const { kind } = form.vector;
  if (kind === 'Float32Array') return (params: Float64Array, open: OpenContext) => call(params, open());
  if (kind === 'Float64Array') {
    const asItIs = { ...form, vector: { kind: 'array' } } as const;
    let own: VectorCall | null = null;
    return (params: Float64Array, open: OpenContext) => {
      own ??=
        params.length >= longVector && onlyReadsElements(target)
          ? guardedCall(user, vectorCall(target, asItIs, globalThis))
          : call;
      return own(params, open());
    };
  }
  // Copying a plain array of doubles is several times faster than filling a new one.
  let template: number[] = [];
  return (params: Float64Array, open: OpenContext): MaybePromise<unknown> => {
    if (template.length !== params.length) template = Array.from(params, () => 0.5);
    const own = template.slice();
    for (let i = 0; i < params.length; i++) own[i] = params[i]!;
    return call(own, open());
  };
}

/**
 * Calls the user's function between `enter` and `leave`. If it returns a promise, `leave` is called when it
 * settles.
 */
export function guardedCall(user: Pick<UserLoss, 'enter' | 'leave'>, target: VectorCall): VectorCall {
  return (elements, context) => {
    user.enter();
    let later = false;
    try {
      const result = target(elements, context);
      later = isPromise(result);
      return later ? leaving(result as Promise<unknown>, user) : result;
    } finally {
      if (!later) user.leave();
    }
  };
}

async function leaving(result: Promise<unknown>, user: Pick<UserLoss, 'leave'>): Promise<unknown> {
  try {
    return await result;
  } finally {
    user.leave();
  }
}

function numberOf(result: unknown, name: string, user: UserLoss): number {
  if (typeof result === 'number') return result;
  throw notANumber(result, name, user);
}

/** Reading the result may run a getter of the user's code, so it counts as a call into the user's code. */
export function notANumber(
  result: unknown,
  name: string,
  { enter, leave }: Pick<UserLoss, 'enter' | 'leave'>,
): WrongResultError {
  enter();
  try {
    return new WrongResultError(`${name} must return a number; it returned ${describe(result)}`);
  } finally {
    leave();
  }
}

/** Copies a gradient: a list of numbers, or an object with the names of the coordinates. */
function copyGradient(
  result: unknown,
  grad: Float64Array,
  name: string,
  names: readonly string[] | null,
): void {
  const list = gradientList(result, names);
  if (!list)
    throw new WrongResultError(
      `${name} must return an array of numbers${names ? ` or an object with ${names.join(', ')}` : ''}; it returned ${describe(result)}`,
    );
  if (list.length !== grad.length)
    throw new WrongResultError(
      `${name} must return ${grad.length} numbers, one per parameter; it returned ${list.length}`,
    );
  if (list instanceof Float64Array || list instanceof Float32Array) {
    grad.set(list);
    return;
  }
  for (let i = 0; i < grad.length; i++) {
    const g: unknown = list[i];
    if (typeof g !== 'number')
      throw new WrongResultError(
        `${name} must return numbers; ${names && list !== result ? names[i] : `entry ${i}`} is ${describe(g)}`,
      );
    grad[i] = g;
  }
}

function gradientList(result: unknown, names: readonly string[] | null): ArrayLike<unknown> | null {
  if (Array.isArray(result) || result instanceof Float64Array || result instanceof Float32Array)
    return result;
  if (!names || typeof result !== 'object' || result === null) return null;
  const list: unknown[] = [];
  for (let i = 0; i < names.length; i++) list[i] = (result as Record<string, unknown>)[names[i]!];
  return list;
}

function describe(value: unknown): string {
  if (value === undefined) return 'undefined (is a return missing?)';
  if (typeof value === 'string') return `the string ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === 'bigint') return `the bigint ${value}n`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null)
    return `an object (${value.constructor?.name ?? 'Object'})`;
  return String(value);
}
