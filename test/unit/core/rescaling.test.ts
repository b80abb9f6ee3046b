import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { rescaledGroups, rescaledOptions } from '../../../src/core/rescaling';
import { runPatch } from '../../support/run';
import { problem } from '../diagnosis/support/problems';

/** (a − 3)² + (b/unit − 2)² + 0.3 a b/unit */
function inUnit(unit: number, start: readonly number[]) {
  return problem(start, ([a, b], grad) => {
    const c = b! / unit;
    grad[0] = 2 * (a! - 3) + 0.3 * c;
    grad[1] = (2 * (c - 2) + 0.3 * a!) / unit;
    return (a! - 3) ** 2 + (c - 2) ** 2 + 0.3 * a! * c;
  });
}

describe('rescaled options', () => {
  it.each([
    { name: 'sgd', lr: 0.05 },
    { name: 'sgd', lr: 0.02, momentum: 0.9, nesterov: true },
    { name: 'adam', lr: 0.1 },
    { name: 'adam', lr: 0.1, amsgrad: true },
    { name: 'adamw', lr: 0.1, weightDecay: 0.1 },
    { name: 'nadam', lr: 0.1 },
    { name: 'adamax', lr: 0.1 },
    { name: 'adagrad', lr: 0.5 },
    { name: 'rmsprop', lr: 0.02, centered: true, momentum: 0.5 },
    { name: 'signsgd', lr: 0.02 },
  ])('make the steps that the optimizer makes in another unit: %j', async (optimizer) => {
    // A power of two: multiplying by it does not round.
    const unit = 2 ** 40;
    const patch: RunConfigPatch = { optimizer, steps: 60 };
    const { config } = resolveConfig([patch]);
    const options = rescaledOptions(config, unit)!;
    const { objective, start } = inUnit(unit, [0, unit / 2]);
    const scaled = await runPatch(objective, start, { ...patch, groups: [{ ranges: [[1, 1]], ...options }] });
    const own = inUnit(1, [0, 0.5]);
    const plain = await runPatch(own.objective, own.start, patch);
    expect(scaled.final.params[0]).toBeCloseTo(plain.final.params[0]!, 9);
    expect(scaled.final.params[1]! / unit).toBeCloseTo(plain.final.params[1]!, 9);
    expect(plain.final.params[1]).not.toBeCloseTo(0.5, 2);
  });

  it('are null where no option is the length of a step', () => {
    const { config } = resolveConfig([{ optimizer: { name: 'sgd', lr: 0 } }]);
    expect(rescaledOptions(config, 10)).toBeNull();
  });
});

describe('rescaled groups', () => {
  it('contain the coordinates of each unit, by name or by range, without those of unit 1', () => {
    const groupsOf = (patch: RunConfigPatch, units: readonly number[]) =>
      rescaledGroups(resolveConfig([{ optimizer: { name: 'sgd', lr: 0.1 }, ...patch }]).config, units);
    expect(groupsOf({ names: ['a', 'b', 'c'] }, [1, 10, 10])).toEqual([{ names: ['b', 'c'], lr: 10 }]);
    expect(groupsOf({ names: ['w[0..2]', 'b'] }, [1, 10, 1, 10])).toEqual([{ names: ['w[1]', 'b'], lr: 10 }]);
    expect(groupsOf({}, [10, 10, 1, 0.1, 10])).toEqual([
      {
        ranges: [
          [0, 1],
          [4, 4],
        ],
        lr: 10,
      },
      { ranges: [[3, 3]], lr: 0.001 },
    ]);
    expect(groupsOf({}, [1, 1])).toEqual([]);
  });
});
