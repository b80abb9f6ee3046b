import { expect, test } from 'vitest';
import { checking } from '../../../src/autodiff/checking';
import { $ } from '../../../src/autodiff/runtime/index';
import { evaluateTraced, gradientInto, type TracedLoss } from '../../../src/autodiff/tracedObjective';
import { Workspace } from '../loss/workspace';
import { linkInstrumented, loadInstrumented } from './support/instrumented';
import { sumProgram } from './support/sumProgram';
import { open } from './support/tracing';

/** To replay one program, put its seed here alone. */
const seeds = Array.from({ length: 150 }, (_, i) => 7000 + i);
const points = [
  [0.3, -0.8, 1.1],
  [1.2, 0.4, -0.6],
];

/** Every checked operation is a node of its own, so no sum is recorded as a whole. */
function gradientAt(call: TracedLoss['call'], at: readonly number[], isChecked: boolean) {
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

test('sums have the bits of the original program and the gradient of single operations', {
  timeout: 60_000,
}, async () => {
  const text = seeds
    .map((seed) => sumProgram(seed).replace('function loss', `function loss${seed}`))
    .join('\n');
  const workspace = new Workspace({ 'sums.mjs': text });
  const plain = await workspace.load('sums.mjs');
  const instrumented = await linkInstrumented(workspace.path('sums.mjs'), workspace, workspace.root);
  const traced = await loadInstrumented(instrumented, $);
  let different = 0;
  for (const seed of seeds)
    for (const at of points) {
      const original = plain[`loss${seed}`] as (p: number[]) => number;
      const call = traced[`loss${seed}`] as TracedLoss['call'];
      const whole = gradientAt(call, at, false);
      const single = gradientAt(call, at, true);
      expect(whole.value, `seed ${seed}`).toBe(original([...at]));
      const size = Math.max(1, ...single.grad.map(Math.abs));
      for (const [i, each] of whole.grad.entries())
        expect(Math.abs(each - single.grad[i]!) / size, `seed ${seed}, coordinate ${i}`).toBeLessThan(1e-12);
      if (whole.grad.some((each, i) => each !== single.grad[i])) different++;
    }
  // Sums round differently in the backward pass, so some gradients must differ in their last bits.
  expect(different).toBeGreaterThan(10);
});
