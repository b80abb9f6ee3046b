import { tracedObjective } from '../../../../src/autodiff/tracedObjective';
import { isPromise } from '../../../../src/core/objective';

/** Losses take them apart; how many there are is the test's to know. */
export type Params = readonly [number, number, number, number, number, number];

export const open = () => ({ step: 1, epoch: 0, indices: [], random: () => 0.5 });

/** An objective of a loss written in calls of the runtime. */
export function objectiveOf(loss: (params: Params) => unknown, dim: number, wantsFloat64Array = false) {
  return tracedObjective({
    dim,
    call: loss as unknown as (params: unknown[]) => unknown,
    wantsFloat64Array,
    notANumber: (result) => new TypeError(`not a number: ${typeof result}`),
  });
}

/** Value and gradient of a synchronous loss. */
export function traced(loss: (params: Params) => unknown, at: readonly number[]) {
  const grad = new Float64Array(at.length);
  const value = objectiveOf(loss, at.length).valueAndGradient(Float64Array.from(at), grad, open);
  if (isPromise(value)) throw new Error('the loss is asynchronous');
  return { value, grad: Array.from(grad) };
}
