import { tracedObjective } from '../../../../src/autodiff/tracedObjective';
import { isPromise } from '../../../../src/core/objective';

/** The parameters, destructured by the loss. The test knows how many there are. */
export type Params = readonly [number, number, number, number, number, number];

export const open = () => ({ step: 1, epoch: 0, indices: [], random: () => 0.5 });

/** An objective for a loss that calls the runtime directly. */
export function objectiveOf(loss: (params: Params) => unknown, dim: number, wantsFloat64Array = false) {
  return tracedObjective({
    dim,
    call: loss as unknown as (params: unknown[]) => unknown,
    wantsFloat64Array,
    notANumber: (result) => new TypeError(`not a number: ${typeof result}`),
  });
}

/** The value and gradient of a synchronous loss. */
export function traced(loss: (params: Params) => unknown, at: readonly number[]) {
  const grad = new Float64Array(at.length);
  const value = objectiveOf(loss, at.length).valueAndGradient(Float64Array.from(at), grad, open);
  if (isPromise(value)) throw new Error('the loss is asynchronous');
  return { value, grad: Array.from(grad) };
}
