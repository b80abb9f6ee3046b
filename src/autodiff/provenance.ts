import type { MaybePromise, OpenContext } from '../core/objective';
import { checking, type NonFiniteOperation } from './checking';
import { evaluate } from './evaluation';
import { tape } from './tape';
import { decide } from './ties';
import { evaluateTraced, gradientInto, numberFrom, type TracedLoss } from './tracedObjective';

export type { NonFiniteOperation } from './checking';

/**
 * Evaluates the loss again at `params` with every operation checked. Finds the first operation that produced
 * NaN or infinity from finite inputs: in the computation of the value, or, if the value is finite, of the
 * gradient. If the non-finite value came from outside (a literal, data, a function that is not instrumented), it is the
 * first operation that used it. null if value and gradient are finite, or no operation used it.
 *
 * @param open  opens the context of the examined step
 */
export function originOfNonFinite(
  loss: TracedLoss,
  params: Float64Array,
  open: OpenContext,
): MaybePromise<NonFiniteOperation | null> {
  const grad = new Float64Array(params.length);
  const checked: TracedLoss = {
    ...loss,
    call(handles, context) {
      checking.start();
      return loss.call(handles, context);
    },
  };
  return evaluateTraced(checked, params, open, (value, root) => {
    if (!Number.isFinite(value)) return checking.forwardOrigin(root);
    gradientInto(grad, root);
    return root === null || grad.every(Number.isFinite) ? null : backwardOrigin(root, params.length);
  });
}

/** At a tie, the gradient is that of two pieces; the first one that is not finite has the origin. */
function backwardOrigin(root: number, dim: number): NonFiniteOperation | null {
  if (tape.ties.length === 0) return checking.backwardOrigin(root);
  decide(1, root, dim);
  const ahead = checking.backwardOrigin(root);
  if (ahead) return ahead;
  decide(-1, root, dim);
  return checking.backwardOrigin(root);
}

/**
 * Evaluates the loss on plain numbers with every operation checked, after the checks that began at load, if any.
 *
 * @returns the value, and all operations with non-finite results, in their order
 */
export function checkedValue(
  loss: TracedLoss,
  params: Float64Array,
  open: OpenContext,
): MaybePromise<{ readonly value: number; readonly nonFinite: readonly NonFiniteOperation[] }> {
  return evaluate(
    () => {
      checking.start();
      return loss.call([...params], open());
    },
    (result) => ({ value: numberFrom(loss, result), nonFinite: checking.nonFinite }),
  );
}
