import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import { secondMomentsOf } from '../../../../src/core/diagnosis/terms/secondMoment';
import { ScriptedPath } from '../support/scriptedPath';

function of(patch: RunConfigPatch) {
  const { config } = resolveConfig([patch]);
  const step = new ScriptedPath(config, 1).step({
    loss: 0,
    age: 7,
    beta: 0.8,
    state: { v: 3, vMax: 5, m: 11 },
  });
  return secondMomentsOf(config).map(
    (second) => second && { vHat: second.scale(step) * step.state[second.place]![0]!, l2: second.l2 },
  );
}

/** The definition in the optimizers: v/(1 − beta2^t). */
const corrected = (v: number, beta2: number) => v / (1 - beta2 ** 7);

describe('vHat as a multiple of a state', () => {
  it.each<[string, RunConfigPatch, number, number]>([
    ['adam', { optimizer: { name: 'adam', beta2: 0.99 } }, corrected(3, 0.99), 0],
    ['adam with L2', { optimizer: { name: 'adam', weightDecay: 0.2 } }, corrected(3, 0.999), 0.2],
    ['adamw', { optimizer: { name: 'adamw', weightDecay: 0.2 } }, corrected(3, 0.999), 0],
    ['amsgrad: its largest', { optimizer: { name: 'adam', amsgrad: true } }, corrected(5, 0.999), 0],
  ])('%s', (_, patch, vHat, l2) => {
    const [second] = of(patch);
    expect(second!.vHat / vHat).toBeCloseTo(1, 12);
    expect(second!.l2).toBe(l2);
  });

  it('does not exist without v, and depends on the optimizer of the step', () => {
    for (const name of ['sgd', 'rmsprop', 'adagrad', 'adamax'])
      expect(of({ optimizer: { name } }), name).toEqual([null]);
    const both = of({ optimizer: { name: 'sgd' }, switch: { to: { name: 'adam', beta2: 0.9 }, at: 3 } });
    expect(both[0]).toBeNull();
    expect(both[1]!.vHat / corrected(3, 0.9)).toBeCloseTo(1, 12);
  });
});
