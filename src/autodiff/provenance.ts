import type { MaybePromise, OpenContext } from '../core/objective';
import { checking, type NonFiniteOperation } from './checking';
import { evaluateTraced, gradientInto, type TracedLoss } from './tracedObjective';

export type { NonFiniteOperation } from './checking';

/**
 * Evaluates the loss once more at `params` with every operation checked, and says which one made NaN or infinity out of finite
 * inputs: on the way to the value, or, if that is finite, on the way back to the gradient. Null if both are finite, or what
 * is not finite came from outside (a literal, data, a function that is not rewritten).
 *
 * @param open  opens the context of the step that is looked into
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
    return root === null || grad.every(Number.isFinite) ? null : checking.backwardOrigin(root);
  });
}
