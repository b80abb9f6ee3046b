import { expect, test } from 'vitest';
import { $ } from '../../../src/autodiff/runtime/index';
import type { TracedLoss } from '../../../src/autodiff/tracedObjective';
import { Workspace } from '../loss/workspace';
import { linkInstrumented, loadInstrumented } from './support/instrumented';
import { sumProgram } from './support/sumProgram';
import { tracedGradient } from './support/tracedGradient';

/** To replay one program, put its seed here alone. */
const seeds = Array.from({ length: 150 }, (_, i) => 7000 + i);
const points = [
  [0.3, -0.8, 1.1],
  [1.2, 0.4, -0.6],
];

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
      const whole = tracedGradient(call, at, false);
      const single = tracedGradient(call, at, true);
      expect(whole.value, `seed ${seed}`).toBe(original([...at]));
      const size = Math.max(1, ...single.grad.map(Math.abs));
      for (const [i, each] of whole.grad.entries())
        expect(Math.abs(each - single.grad[i]!) / size, `seed ${seed}, coordinate ${i}`).toBeLessThan(1e-12);
      if (whole.grad.some((each, i) => each !== single.grad[i])) different++;
    }
  // Sums round differently in the backward pass, so some gradients must differ in their last bits.
  expect(different).toBeGreaterThan(10);
});
