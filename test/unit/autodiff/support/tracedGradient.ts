import { checking } from '../../../../src/autodiff/checking';
import { evaluateTraced, gradientInto, type TracedLoss } from '../../../../src/autodiff/tracedObjective';
import { open } from './tracing';

/**
 * The value of a rewritten loss and its gradient.
 *
 * @param isChecked  whether every operation is a node of its own, so that no sum is recorded as a whole
 */
export function tracedGradient(call: TracedLoss['call'], at: readonly number[], isChecked = false) {
  const grad = new Float64Array(at.length);
  const loss: TracedLoss = {
    dim: at.length,
    call(elements, context) {
      if (isChecked) checking.start();
      return call(elements, context);
    },
    notANumber: (result) => new TypeError(`not a number: ${typeof result}`),
  };
  const value = evaluateTraced(loss, Float64Array.from(at), open, (value, root) => {
    gradientInto(grad, root);
    return value;
  });
  return { value, grad };
}
