import { withFiniteDifferences } from '../core/gradient/finiteDifference';
import {
  type EvaluationContext,
  isPromise,
  type MaybePromise,
  type Objective,
  type OpenContext,
} from '../core/objective';

/** A loss or gradient as the user exports it. */
type UserFunction = (params: number[] | Float64Array, context: EvaluationContext) => unknown;

/** The user's functions, and what stands around each call of them (the watchdog's heartbeat). */
export interface UserLoss {
  readonly name: string;
  readonly loss: UserFunction;
  readonly gradient: { readonly name: string; readonly call: UserFunction } | null;
  readonly wantsFloat64Array: boolean;
  readonly enter: () => void;
  readonly leave: () => void;
}

/** A loss or gradient that gave something other than it must. Belongs at the function's name: it has no stack. */
export class WrongResultError extends TypeError {}

/** Makes an Objective of the user's functions: every call gets an array of its own and its result is checked. */
export function objectiveOf(user: UserLoss, dim: number): Objective {
  const value = valueOf(user, user.name, user.loss);
  return user.gradient
    ? providedObjective(user, dim, value, user.gradient)
    : withFiniteDifferences(dim, value);
}

/** A checked loss of the same kind: the validation loss. */
export function valueOf(user: UserLoss, name: string, loss: UserFunction): Objective['value'] {
  return (params, open) => call(user, loss, params, open, (result) => numberOf(result, name));
}

function providedObjective(
  user: UserLoss,
  dim: number,
  value: Objective['value'],
  gradient: NonNullable<UserLoss['gradient']>,
): Objective {
  return {
    dim,
    gradientMode: 'provided',
    value,
    valueAndGradient(params, grad, open) {
      const gradientThen = (loss: number): MaybePromise<number> =>
        call(user, gradient.call, params, open, (result) => {
          copyGradient(result, grad, gradient.name);
          return loss;
        });
      const loss = value(params, open);
      return isPromise(loss) ? loss.then(gradientThen) : gradientThen(loss);
    },
  };
}

function call<T>(
  user: UserLoss,
  target: UserFunction,
  params: Float64Array,
  open: OpenContext,
  check: (result: unknown) => T,
): MaybePromise<T> {
  const own = user.wantsFloat64Array ? params.slice() : plainArray(params);
  user.enter();
  let result: unknown;
  try {
    result = target(own, open());
  } catch (error) {
    user.leave();
    throw error;
  }
  if (!isPromise(result)) {
    user.leave();
    return check(result);
  }
  return result.then(
    (settled) => {
      user.leave();
      return check(settled);
    },
    (error) => {
      user.leave();
      throw error;
    },
  );
}

function plainArray(params: Float64Array): number[] {
  const plain = new Array<number>(params.length);
  for (let i = 0; i < params.length; i++) plain[i] = params[i]!;
  return plain;
}

function numberOf(result: unknown, name: string): number {
  if (typeof result === 'number') return result;
  throw new WrongResultError(`${name} must return a number; it returned ${describe(result)}`);
}

function copyGradient(result: unknown, grad: Float64Array, name: string): void {
  if (!Array.isArray(result) && !(result instanceof Float64Array))
    throw new WrongResultError(`${name} must return an array of numbers; it returned ${describe(result)}`);
  if (result.length !== grad.length)
    throw new WrongResultError(
      `${name} must return ${grad.length} numbers, one a parameter; it returned ${result.length}`,
    );
  for (let i = 0; i < grad.length; i++) {
    const g: unknown = result[i];
    if (typeof g !== 'number')
      throw new WrongResultError(`${name} must return numbers; entry ${i} is ${describe(g)}`);
    grad[i] = g;
  }
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
