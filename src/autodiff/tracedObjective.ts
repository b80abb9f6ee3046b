import type { EvaluationContext, MaybePromise, Objective, OpenContext } from '../core/objective';
import { evaluate } from './evaluation';
import { tape } from './tape';
import { gradientAtTies } from './ties';
import { numberOf, parameter, Traced } from './traced';

/** An instrumented loss. */
export interface TracedLoss {
  readonly dim: number;
  /**
   * Calls the user's function with a new array, which it may change. For plain numbers it returns a number, for
   * traced ones a traced result; or a promise of it.
   */
  readonly call: (elements: unknown[], context: EvaluationContext) => unknown;
  /** The error for a result that is not a number. */
  readonly notANumber: (result: unknown) => Error;
}

/**
 * Exact gradients by reverse-mode automatic differentiation: every operation on a value that depends on the
 * parameters is recorded on the tape. Supports all code that can be instrumented. `value` runs the same code
 * on plain numbers.
 */
export function tracedObjective(loss: TracedLoss): Objective {
  // Copying a plain array of doubles is several times faster than filling a new one.
  const template = Array.from({ length: loss.dim }, () => 0.5);
  const copied = (params: Float64Array): unknown[] => {
    const own = template.slice();
    for (let i = 0; i < own.length; i++) own[i] = params[i]!;
    return own;
  };
  return {
    dim: loss.dim,
    gradientMode: 'exact',
    value: (params, open) =>
      evaluate(
        () => loss.call(copied(params), open()),
        (result) => numberFrom(loss, result),
      ),
    valueAndGradient: (params, grad, open) =>
      evaluateTraced(loss, params, open, (value, root) => {
        gradientInto(grad, root);
        return value;
      }),
  };
}

/**
 * Evaluates the loss on traced parameters: nodes 0 to dim − 1.
 *
 * @param finish  receives the value and its node; null if the value does not depend on the parameters
 */
export function evaluateTraced<T>(
  loss: TracedLoss,
  params: Float64Array,
  open: OpenContext,
  finish: (value: number, root: number | null) => T,
): MaybePromise<T> {
  return evaluate(
    () => {
      const handles: unknown[] = new Array(params.length);
      for (let i = 0; i < params.length; i++) handles[i] = parameter(params[i]!);
      return loss.call(handles, open());
    },
    (result) => finish(numberFrom(loss, result), result instanceof Traced ? result.tapeIndex : null),
  );
}

/** Writes the derivatives of node `root` with respect to the parameters. */
export function gradientInto(grad: Float64Array, root: number | null): void {
  if (root === null) {
    grad.fill(0);
    return;
  }
  if (tape.ties.length > 0) {
    gradientAtTies(grad, root);
    return;
  }
  tape.reverse(root);
  for (let i = 0; i < grad.length; i++) grad[i] = i <= root ? tape.adjoints[i]! : 0;
}

export function numberFrom(loss: TracedLoss, result: unknown): number {
  if (typeof result === 'number') return result;
  if (result instanceof Traced) return numberOf(result);
  throw loss.notANumber(result);
}
