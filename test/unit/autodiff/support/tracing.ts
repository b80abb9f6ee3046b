import { $ } from '../../../../src/autodiff/runtime/index';
import { tracedObjective } from '../../../../src/autodiff/tracedObjective';
import { isPromise } from '../../../../src/core/objective';
import { type UserFunction, vectorCall } from '../../../../src/loss/providers/javascript/callArguments';

/** The parameters, destructured by the loss. The test knows how many there are. */
export type Params = readonly [number, number, number, number, number, number];

export const open = () => ({ step: 1, epoch: 0, indices: [], random: () => 0.5 });

/** An objective for a loss that calls the runtime directly. */
export function objectiveOf(
  loss: (params: Params) => unknown,
  dim: number,
  kind: 'array' | 'Float64Array' = 'array',
) {
  return tracedObjective({
    dim,
    call: vectorCall(loss as UserFunction, { vector: { kind }, context: false }, $),
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
