import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';

/**
 * The least number of steps that count as the start; the least rise relative to the improvement and to the
 * noise; the number of mini-batch losses from which their average ℓ is reliable.
 */
const shortest = 20;
const share = 1 / 2;
const noises = 6;
const settled = 9;

const sgd = { optimizer: { name: 'sgd' }, steps: 100 };
const bench = (patch = {}, options = {}) =>
  new RuleBench('instability-at-start', { ...sgd, ...patch }, options);
const repeat = (count: number, loss: number) => Array.from({ length: count }, () => loss);
/** L0 = 10, R = 0.1, and the given losses from step t on. */
const risen = (t: number, losses: readonly number[], of = bench()) =>
  of.losses(10, ...repeat(t - 2, 9.9), ...losses);
const rested = (of: RuleBench, count = 600) => of.losses(...repeat(count, 9.9));

describe('instability at the start', () => {
  describe('considers the first steps of the run', () => {
    it.each<[string, object, number]>([
      ['twenty at least', { steps: 50 }, 1 + shortest],
      ['a fifth of the run', { steps: 1000 }, 1 + 1000 / 5],
      ['the memory of v', { optimizer: { name: 'adam', beta2: 1 - 2 ** -5 }, steps: 1000 }, 1 + 2 * 2 ** 5],
      [
        'that of momentum',
        { optimizer: { name: 'sgd', momentum: 1 - 2 ** -6 }, steps: 1000 },
        1 + 2 * 2 ** 6,
      ],
    ])('%s', (_, patch, horizon) => {
      // The loss returns shortly before the horizon, so that it is judged much later. Of the two steps with a
      // high loss, the first is within the horizon or not.
      const seen = (t: number) => {
        const run = bench(patch).losses(10, ...repeat(horizon - 9, 10.001), ...repeat(t - horizon + 7, 9.9));
        return rested(run.losses(50, 50)).found;
      };
      expect(seen(horizon)).toHaveLength(1);
      expect(seen(horizon + 1)).toEqual([]);
    });
  });

  it('does not take one large draw for a rise of the mean', () => {
    const drawn = (...high: readonly number[]) =>
      rested(risen(5, high, bench({}, { isContextual: true }))).found;
    expect(drawn(1000)).toEqual([]);
    expect(drawn(...repeat(15, 50))).toHaveLength(1);
  });

  it('is not reported where the loss became NaN above its start', () => {
    const run = bench().losses(10, 9.9, 9.9, 9.8, 500, Number.NaN);
    const broken = { loss: Number.NaN, params: Float64Array.of(Number.NaN), gradNorm: Number.NaN };
    expect(run.finish({ stopped: 'nonFinite', final: broken }).found).toEqual([]);
  });

  it('knows how much of the rise the gradients explain', () => {
    const share = (grad: number) => {
      const run = bench().step({ loss: 10, grad, delta: 1 }).step({ loss: 20, grad, delta: 0 });
      return rested(run.losses(20, 9.9)).finding?.evidence.slopeShare;
    };
    expect(share(10)).toBe(1);
    expect(share(0)).toBe(0);
  });

  it('says nothing of the optimizer where it uses the gradient as it is', () => {
    const of = (name: string) => rested(risen(3, [50, 50], bench({ optimizer: { name } }))).finding!.detail;
    expect(of('sgd')).not.toContain('scale of the gradients');
    expect(of('adam')).toContain('scale of the gradients');
  });

  describe('is judged once the loss has returned', () => {
    it('and twice as many steps, at least T0, have passed', () => {
      const early = risen(5, [50, 50]);
      expect(early.losses(...repeat(shortest - 6, 9.9)).found).toEqual([]);
      expect(early.losses(9.9).found).toHaveLength(1);
      // m returns at step 17.
      const late = risen(2, repeat(14, 50));
      expect(late.losses(...repeat(2 * 17 - 16, 9.9)).found).toEqual([]);
      expect(late.losses(9.9).found).toHaveLength(1);
    });

    it('or at the end of the run', () => {
      const short = () => risen(5, [50, 50]).losses(9.9, 9.9, 9.9);
      expect(short().found).toEqual([]);
      expect(short().finish().found).toHaveLength(1);
      expect(short().finish({ stopped: 'user' }).found).toEqual([]);
      // A loss that never returns is not an instability at the start.
      expect(bench().losses(10, 50, 50, 50, 50).finish().found).toEqual([]);
    });

    it('only once', () => {
      const run = rested(risen(5, [50, 50])).finish();
      expect(run.found).toHaveLength(1);
      // A run without a rise at that time is not judged again.
      expect(rested(bench().losses(10), 50).losses(60, 60, 9.9).finish().found).toEqual([]);
      const told = rested(risen(5, [50, 50]), 10).post('instability-at-start');
      expect(rested(told).board.findings).toHaveLength(1);
    });
  });

  describe('needs a rise of more', () => {
    it.each([
      [1.01 * share, 1],
      [0.99 * share, 0],
    ])('than %d times the improvement: is reported %d times', (part, count) => {
      const run = risen(5, [10 + 4 * part, 10 + 4 * part]);
      expect(run.losses(...repeat(100, 6)).found).toHaveLength(count);
    });

    it.each([
      [1.1, 1],
      [0.9, 0],
    ])('than %d times the rounding error: is reported %d times', (part, count) => {
      const floor = 64 * Number.EPSILON * 1e6;
      const run = bench().losses(
        1e6,
        ...repeat(3, 1e6),
        ...repeat(2, 1e6 + part * floor),
        ...repeat(50, 1e6),
      );
      expect(run.found).toHaveLength(count);
    });

    it('than six times the noise, with mini-batches', () => {
      const stepsPerEpoch = 30;
      // Losses that alternate by 1 around a level above the first loss, and later below it.
      const noisy = (level: number) => {
        const run = bench({ samples: 300, batch: 10, steps: 300 }, { stepsPerEpoch }).losses(1);
        run.steps(39, (k) => ({ loss: 1 + level + (k % 2 === 0 ? -0.5 : 0.5) }));
        return run.steps(200, (k) => ({ loss: 0.9 + (k % 2 === 0 ? -0.5 : 0.5) }));
      };
      expect(noisy(noises - 0.6).found).toEqual([]);
      expect(noisy(noises + 0.1).found).toHaveLength(1);
    });
  });

  describe('does not count', () => {
    it('single steps', () => {
      expect(rested(risen(5, [50])).found).toEqual([]);
      expect(rested(risen(5, [50, 9.9, 9.9, 50, 9.9, 50])).found).toEqual([]);
      expect(rested(risen(5, [50, 9.9, 10.01, 10.01])).found).toEqual([]);
      expect(rested(risen(5, [50, 10, 50])).found).toEqual([]);
    });

    it('batches above the first one, if their epoch ended below the start', () => {
      const run = (watched: number) => {
        const each = bench({ samples: 100, batch: 10, steps: 300 }, { stepsPerEpoch: 10 }).step({
          loss: 1,
          watched: 3,
        });
        each.steps(39, () => ({ loss: 6, watched }));
        return each.steps(200, () => ({ loss: 0.9, watched: 0.9 }));
      };
      expect(run(2.9).found).toEqual([]);
      expect(run(3.1).found).toHaveLength(1);
    });

    it('the first mini-batches, while ℓ averages few losses', () => {
      const few = (count: number) => {
        const run = bench({ samples: 300, batch: 10, steps: 300 }, { stepsPerEpoch: 30 });
        return run.losses(1, ...repeat(count, 5), ...repeat(200, 0.9));
      };
      // After four high losses, ℓ is back at L0 once it averages nine. After five, it is 5 at nine losses and
      // decreases from ten on.
      expect(settled).toBe(9);
      expect(few(4).found).toEqual([]);
      expect(few(5).finding!.evidence).toMatchObject({ rise: 4, startLoss: 1 });
    });
  });

  it('reports where the highest rise begins, and where the loss first returned', () => {
    const { finding } = rested(risen(5, [12, 50, 11, 9.9, 9.9, 10.5, 10.5]));
    expect(finding).toMatchObject({
      severity: 'warning',
      steps: [5, 7],
      evidence: { startLoss: 10, peakLoss: 50, rise: 40 },
    });
    expect(rested(risen(5, [12, 12, 9.9, 9.9, 50, 50])).range).toEqual([9, 10]);
    expect(rested(risen(5, [50, 11, 11])).finding!.evidence.rise).toBe(40);
  });

  it('reports whether the loss has returned', () => {
    expect(rested(risen(5, [50, 50])).finding!.headline).toContain('returned below it');
    const above = risen(5, [50, 50]).losses(9.9, 9.9, 9.9, 20, 20, 20).finish();
    expect(above.finding!.headline).toContain('still above it');
    // A loss equal to the start has returned.
    expect(risen(5, [50, 50]).losses(10, 10, 10).finish().finding!.headline).toContain('returned');
  });
});
