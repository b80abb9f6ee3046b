import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import { type BenchOptions, RuleBench } from '../support/ruleBench';
import { endWithGain, farEnd, farGain as twentieth } from '../support/runEnds';

/** The share of the gradient that the decay may leave. */
const unbalanced = 0.5;
/** The averages have a memory of this share of the steps. */
const memoryShare = 1 / 20;

const bench = (patch: RunConfigPatch = {}, options: BenchOptions = {}) =>
  new RuleBench(
    'weight-decay-dominates',
    { optimizer: { name: 'sgd', lr: 0.1, weightDecay: 2 }, steps: 100, ...patch },
    { start: [1], ...options },
  );

/** The parameter stays at 1, where the pull of the decay is −2; the gradient is −`pull`. */
const held = (pull: number, run = bench()) => run.steps(100, { loss: 5, grad: -pull });

describe('weight-decay-dominates', () => {
  it('is reported where the decay balances the gradient, far from the minimum', () => {
    const { finding } = held(2).finish({}, farEnd);
    expect(finding).toMatchObject({
      severity: 'warning',
      steps: [1, 100],
      coordinates: [],
      subject: { kind: 'option', path: ['optimizer', 'weightDecay'] },
      evidence: { weightDecay: 2, loss: 5, polishedLoss: 0 },
    });
    expect(finding!.evidence.balance).toBeCloseTo(1, 12);
    expect(finding!.fixes.map(({ patch }) => patch!.optimizer!.weightDecay)).toEqual([0.2, 0.02, 0]);
  });

  it('claims no minimum, because the loss may have none', () => {
    const { headline, detail } = held(2).finish({}, farEnd).finding!;
    expect(headline).toBe('Weight decay keeps the run away from a lower loss.');
    expect(detail).not.toContain('minimum');
  });

  it('needs a pull of the decay that leaves at most half of that of the gradient', () => {
    // What is left is abs(pull − 2).
    const most = 2 / (1 - unbalanced);
    expect(held(0.99 * most).finish({}, farEnd).found).toHaveLength(1);
    expect(held(1.01 * most).finish({}, farEnd).found).toEqual([]);
    const least = 2 / (1 + unbalanced);
    expect(held(1.01 * least).finish({}, farEnd).found).toHaveLength(1);
    expect(held(0.99 * least).finish({}, farEnd).found).toEqual([]);
  });

  it('is reported where the decay has shrunk the parameters, although nothing balances it any more', () => {
    const shrunk = (isFromLowest: boolean) => {
      const polished = { ...farEnd.polished!, isFromLowest };
      return held(0).finish({}, { ...farEnd, leastLoss: 4, polished });
    };
    expect(shrunk(true).finding!.detail).toBe(
      'The final loss is 5, above the lowest one, 4: weightDecay = 2 has shrunk the parameters to nearly 0. ' +
        'Without the decay, a local search from the point of the lowest loss reaches 0.',
    );
    expect(shrunk(false).found).toEqual([]);
  });

  it('counts what is left in all directions, not only along the gradient', () => {
    const across = (other: number) =>
      bench({}, { dim: 2, start: [1, 0] })
        .steps(100, { loss: 5, grad: [-2, other] })
        .finish({}, farEnd).found.length;
    expect(across(0.5)).toBe(1);
    expect(across(3)).toBe(0);
  });

  it('needs a polish that gains a hundredth of the decrease', () => {
    const farGain = twentieth / 5;
    expect(held(2).finish({}, endWithGain(1.01 * farGain)).found).toHaveLength(1);
    expect(held(2).finish({}, endWithGain(0.99 * farGain)).found).toEqual([]);
    expect(held(2).finish({}, { ...farEnd, polished: null }).found).toEqual([]);
    expect(held(2).finish({}, null).found).toEqual([]);
  });

  it('forgets the first steps, with a memory of a twentieth of the run', () => {
    const balanced = (steps: number) =>
      bench()
        .steps(100 - steps, { loss: 5, grad: -20 })
        .steps(steps, { loss: 5, grad: -2 })
        .finish({}, farEnd).found.length;
    // The mean pull is 2 + 18 · (1 − memory)^steps; at most 4 is balanced.
    const needed = Math.log(2 / 18) / Math.log(1 - 1 / (100 * memoryShare));
    expect(balanced(Math.ceil(needed))).toBe(1);
    expect(balanced(Math.floor(needed))).toBe(0);
  });

  it('averages the pull of mini-batches', () => {
    const noisy = bench().steps(100, (k) => ({ loss: 5, grad: k % 2 === 0 ? -3.5 : -0.5 }));
    expect(noisy.finish({}, farEnd).found).toHaveLength(1);
  });

  it('compares the decay with the steps by the gradient where it is decoupled', () => {
    const adamw = { optimizer: { name: 'adamw', lr: 0.1, weightDecay: 2 } } as const;
    // The decay takes 0.2 of 1; the parameter moves by `delta` in total, and back.
    const run = (byGradient: number) =>
      bench({ ...adamw, steps: 1 })
        .step({ loss: 5, grad: -1, delta: byGradient - 0.2 })
        .finish({}, farEnd).found.length;
    expect(run(0.2)).toBe(1);
    expect(run(0.39)).toBe(1);
    expect(run(0.41)).toBe(0);
    expect(run(0.13)).toBe(0);
  });

  it('does not apply without weight decay', () => {
    expect(bench({ optimizer: { name: 'sgd', lr: 0.1 } }).rule).toBeNull();
    expect(bench({ optimizer: { name: 'adamw', lr: 0.1, weightDecay: 0 } }).rule).toBeNull();
  });
});
