import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../src/core/batches';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { contextAt } from '../../../src/core/context';
import type { Probing } from '../../../src/core/diagnosis/probes/probe';
import { StabilityGauge, type StabilitySample } from '../../../src/core/diagnosis/probes/stabilityGauge';
import { withFiniteDifferences } from '../../../src/core/gradient/finiteDifference';
import { Measurements } from '../../../src/core/measurements';
import { seededRandom } from '../../../src/core/numerics/random';
import { type RunOutcome, run } from '../../../src/core/runLoop';
import { diagnosed } from './support/diagnosed';
import { affine, bowl, normal, type Problem, problem, rosenbrock } from './support/problems';

interface Gauged {
  readonly samples: readonly StabilitySample[];
  /** The loss of every step. */
  readonly losses: readonly number[];
  readonly outcome: RunOutcome;
}

/** @param every  steps between samples; if absent, the gauge chooses */
async function gauged({ objective, start }: Problem, patch: RunConfigPatch, every?: number): Promise<Gauged> {
  const { config } = resolveConfig([patch]);
  const batches = batchesOf(config.samples, config.batch, config.seed);
  const probing: Probing = {
    objective,
    open: (t, part = batches.indicesOf(t)) => contextAt(config.seed, batches, t, part),
    indicesOf: batches.indicesOf,
  };
  const gauge = new StabilityGauge(config, probing, new Measurements(), every);
  const samples: StabilitySample[] = [];
  const losses: number[] = [];
  const outcome = await run({
    objective,
    start: Float64Array.from(start),
    config,
    validation: null,
    control: { mayStep: () => true, lr: () => Number.NaN },
    observer: {
      async onStep(step) {
        losses.push(step.loss);
        if (!gauge.isDue(step)) return;
        await gauge.look(step);
        if (gauge.latest?.t === step.t) samples.push(gauge.latest);
      },
    },
  });
  return { samples, losses, outcome };
}

/** The first step, once the moments have settled, at which the stability value is above the limit. */
function crossing(
  { samples }: Gauged,
  limitOf = (sample: StabilitySample) => sample.limit,
): number | undefined {
  return samples.find((sample) => sample.t >= 30 && sample.value >= limitOf(sample))?.t;
}

const adam = (lr: number, more = {}) => ({ optimizer: { name: 'adam', lr, ...more } });

describe('the stability gauge', () => {
  it('measures lr·λmax for gradient descent, whose limit is 2', async () => {
    const { samples } = await gauged(
      bowl([100, 1], [1, 1]),
      { optimizer: { name: 'sgd', lr: 0.015 }, steps: 20 },
      1,
    );
    expect(samples).toHaveLength(20);
    for (const { value, limit, largest, smallest, curvature } of samples) {
      // Finite differences have an error of ε^⅔ relative to the curvature.
      expect(value).toBeCloseTo(1.5, 8);
      expect(limit).toBe(2);
      expect(largest).toBeCloseTo(100, 6);
      expect(smallest).toBeCloseTo(1, 6);
      expect(curvature).toBeCloseTo(100, 6);
    }
  });

  it('divides by P for each coordinate: at the first step of Adam, by abs(g) + eps', async () => {
    // g = λx = (300, −2), so a·λ/P is 0.1 · 100/300 and 0.1 · 1/2.
    const { samples } = await gauged(bowl([100, 1], [3, -2]), { ...adam(0.1), steps: 1 }, 1);
    expect(samples[0]!.value).toBeCloseTo(0.05, 8);
    expect(samples[0]!.limit).toBeCloseTo(38, 12);
    expect([...samples[0]!.sharpest].map(Math.abs)).toEqual([expect.closeTo(0, 6), expect.closeTo(1, 6)]);
    expect(samples[0]!.preconditioner).toBeCloseTo(2, 6);
  });

  it.each([
    [{ momentum: 0 }, 2],
    [{ momentum: 0.9 }, 38],
    [{ momentum: 0.9, dampening: 0.5 }, 38],
    [{ momentum: 0.9, nesterov: true }, 380 / 28],
    [{ name: 'rmsprop', momentum: 0.9 }, 38],
    [{ name: 'adam' }, 38],
  ])(
    'measures what the longest stable step removes along the flattest direction: %o',
    async (more, times) => {
      const optimizer = { name: 'sgd', lr: 1e-4, ...more };
      const { samples } = await gauged(bowl([100, 1], [1, 100]), { optimizer, steps: 20 }, 1);
      for (const { longestReduction, largest, smallest } of samples)
        expect((longestReduction * largest) / smallest).toBeCloseTo(times, 6);
    },
  );

  it('removes as much along the flattest direction with the longest stable step as it measures', async () => {
    // λ = 100 and 0.001: lr is just below the limit 3.8/100, and the flat direction settles at its own rate.
    const { samples, losses } = await gauged(
      bowl([100, 0.001], [1e-30, 1]),
      { optimizer: { name: 'sgd', lr: 0.0379, momentum: 0.9 }, steps: 300 },
      1,
    );
    // The loss is proportional to the square of the distance.
    const removed = 1 - Math.sqrt(losses[299]! / losses[298]!);
    expect(removed / samples.at(-1)!.longestReduction).toBeCloseTo(1, 2);
  });

  it('adds an L2 penalty to the curvature', async () => {
    const optimizer = { name: 'sgd', lr: 0.01, weightDecay: 50 };
    const { samples } = await gauged(bowl([100, 1], [1, 1]), { optimizer, steps: 1 }, 1);
    expect(samples[0]!.largest).toBeCloseTo(150, 6);
  });

  it('approaches the ends of a larger spectrum from inside, and comes closer with every sample', async () => {
    const curvatures = Array.from({ length: 40 }, (_, i) => 1.15 ** i);
    const random = seededRandom(5);
    const start = curvatures.map(() => normal(random));
    const patch = { optimizer: { name: 'sgd', lr: 1e-4 }, steps: 12 };
    const { samples } = await gauged(bowl(curvatures, start), patch, 1);
    const [first, last] = [samples[0]!, samples.at(-1)!];
    const largest = curvatures.at(-1)!;
    expect(first.isWhole).toBe(false);
    expect(first.largest).toBeGreaterThan(0.9 * largest);
    for (const { largest: found } of samples) expect(found).toBeLessThan(largest * (1 + 1e-8));
    expect(last.largest).toBeGreaterThan(0.999 * largest);
  });

  it('needs at most a tenth of the gradients plus 100, for any dimension', async () => {
    for (const [dim, steps] of [
      [2, 300],
      [2, 5000],
      [30, 2000],
    ] as const) {
      let gradients = 0;
      const { objective, start } = bowl(Array(dim).fill(1), Array(dim).fill(1));
      const counted: Problem = {
        start,
        objective: {
          ...objective,
          valueAndGradient(params, grad, open) {
            gradients++;
            return objective.valueAndGradient(params, grad, open);
          },
        },
      };
      await gauged(counted, { ...adam(0.01), steps });
      // Without the gradients of the run and the one at its end. The first sample needs more if dim is large.
      const extra = gradients - steps - 1;
      expect(extra).toBeGreaterThan(0);
      expect(extra).toBeLessThanOrEqual(0.1 * steps + 100 + 24);
    }
  });

  it('works with gradients that are finite differences', async () => {
    const { objective, start } = rosenbrock();
    const rough: Problem = { start, objective: withFiniteDifferences(2, objective.value) };
    const patch = { ...adam(0.02), steps: 100 };
    const [exact, differences] = [
      await gauged({ objective, start }, patch, 10),
      await gauged(rough, patch, 10),
    ];
    // A relative error of δ = ε^⅔ = 4e-11 in the gradient causes δ^⅔ = 1e-7 in the curvature. The paths
    // differ slightly.
    for (const [k, { value }] of differences.samples.entries())
      expect(value / exact.samples[k]!.value).toBeCloseTo(1, 4);
  });

  it('ignores steps that are not finite, and optimizers without a limit', async () => {
    const { samples } = await gauged(
      bowl([1], [2]),
      { optimizer: { name: 'signsgd', lr: 0.1 }, steps: 5 },
      1,
    );
    expect(samples.every(({ limit }) => limit === Number.POSITIVE_INFINITY)).toBe(true);
    const { losses, samples: some } = await gauged(
      bowl([1e200], [1]),
      { optimizer: { name: 'sgd', lr: 1 }, steps: 5 },
      1,
    );
    expect(losses.some((loss) => !Number.isFinite(loss))).toBe(true);
    expect(some.length).toBeLessThan(losses.length);
  });
});

describe('runs that reach the edge of stability', { timeout: 30_000 }, () => {
  it('Rosenbrock at lr 0.1 falls below 1e-28, passes 38 near step 2631 and rises to about 0.7', async () => {
    const patch = { ...adam(0.1), steps: 3000 };
    const result = await gauged(rosenbrock(), patch, 1);
    const at = crossing(result)!;
    expect(Math.abs(at - 2631)).toBeLessThan(15);
    expect(Math.min(...result.losses.slice(0, at))).toBeLessThan(1e-28);
    const after = result.losses.slice(at);
    const peak = Math.max(...after);
    expect(peak).toBeGreaterThan(0.3);
    expect(peak).toBeLessThan(1.5);
    expect(Math.abs(at + after.indexOf(peak) - 2740)).toBeLessThan(40);

    const { of } = await diagnosed(rosenbrock(), [patch], { around: true });
    const finding = of('edge-of-stability')!;
    // With a sample every 37 steps, the crossing is interpolated between two of them.
    expect(Math.abs(finding.steps[0] - at)).toBeLessThan(10);
    expect(finding.evidence.limit).toBeCloseTo(38, 10);
    expect(peak / (finding.evidence.expectedRebound as number)).toBeGreaterThan(0.1);
    expect(peak / (finding.evidence.expectedRebound as number)).toBeLessThan(2);
    // The limit was passed about a hundred steps before the jump.
    expect(of('loss-spike')!.steps[0] - finding.steps[0]).toBeGreaterThan(70);
    // The finding is not reported when the run ends before the loss rises.
    const { alarms } = await diagnosed(rosenbrock(), [{ ...patch, steps: 2650 }], { around: true });
    expect(alarms).toEqual([]);
  });

  it('½x² passes 38 near step 1578 at beta2 0.99 and rises more than tenfold, too little to be reported', async () => {
    const patch = { ...adam(0.01, { beta2: 0.99 }), steps: 3000 };
    const result = await gauged(bowl([1], [1]), patch, 1);
    const at = crossing(result)!;
    expect(Math.abs(at - 1578)).toBeLessThan(5);
    const least = Math.min(...result.losses.slice(0, at));
    const peak = Math.max(...result.losses.slice(at));
    expect(peak).toBeGreaterThan(10 * least);
    expect(peak).toBeLessThan(1e-5);
    const { alarms } = await diagnosed(bowl([1], [1]), [patch], { around: true });
    expect(alarms).toEqual([]);
  });

  it('½x² never passes 38 at beta2 0.9, in 20,000 steps', async () => {
    const result = await gauged(bowl([1], [1]), { ...adam(0.01, { beta2: 0.9 }), steps: 20_000 }, 1);
    expect(crossing(result)).toBeUndefined();
  });

  it('NAdam on Rosenbrock passes its own limit at step 1819 and jumps near step 2040, but stays below 38', async () => {
    const patch = { optimizer: { name: 'nadam', lr: 0.02 }, steps: 3000 };
    const result = await gauged(rosenbrock(), patch, 1);
    expect(crossing(result)).toBe(1819);
    expect(crossing(result, () => 38)).toBeUndefined();
    const after = result.losses.slice(1900, 2200);
    expect(Math.abs(1901 + after.indexOf(Math.max(...after)) - 2040)).toBeLessThan(20);
    const { of } = await diagnosed(rosenbrock(), [patch], { around: true });
    expect(Math.abs(of('edge-of-stability')!.steps[0] - 1819)).toBeLessThan(25);
    expect(of('edge-of-stability')!.evidence.limit).toBeCloseTo(4.31, 1);
  });

  it('the finding does not depend on a shift or scale of the loss', async () => {
    const patch = { ...adam(0.1), steps: 3000 };
    const scaled = { optimizer: { ...patch.optimizer, eps: 1e-8 * 2 ** -20 }, steps: 3000 };
    for (const [problem, layer] of [
      [affine(rosenbrock(), 2 ** -20), scaled],
      [affine(rosenbrock(), 1, -1000), patch],
    ] as const) {
      const { of } = await diagnosed(problem, [layer], { around: true });
      expect(Math.abs(of('edge-of-stability')!.steps[0] - 2625)).toBeLessThan(20);
    }
  });

  it('the severity is reduced when lr has returned below the limit and the loss has not risen', async () => {
    // lr·100 falls from 2.06 to 1.85 and is below 2 from step 117 on. Until then, x grows about thirtyfold.
    const schedule = { name: 'linear', startFactor: 1, endFactor: 0.9, totalIters: 400 };
    const patch = { optimizer: { name: 'sgd', lr: 0.0206 }, schedule, steps: 400 };
    const { of, alarms } = await diagnosed(bowl([100, 1], [1e-5, 1]), [patch], { around: true });
    expect(alarms).toEqual([]);
    const finding = of('edge-of-stability')!;
    expect(finding.severity).toBe('info');
    expect(finding.steps[1]).toBeLessThanOrEqual(117);
    expect(finding.detail).toContain('The value returned below the limit');
    expect(finding.evidence.rise).toBeLessThan(0.01);
    const { of: ofLarger } = await diagnosed(bowl([100, 1], [0.001, 1]), [patch], { around: true });
    expect(ofLarger('edge-of-stability')!.severity).toBe('warning');
  });

  it('is not reported for gradient descent that diverges, because divergence reports the curvature', async () => {
    const { labels } = await diagnosed(
      bowl([100, 1], [1, 1]),
      [{ optimizer: { name: 'sgd', lr: 0.03 }, steps: 200 }],
      {
        around: true,
      },
    );
    expect(labels).toEqual(['divergence']);
  });
});

describe('saddles', () => {
  it('are distinguished from minima by negative curvature, and the fix leaves them', async () => {
    /** x² − y² + y⁴/4, from y = 0. The minima have the value −1, at y = ±√2. */
    const saddle = problem([1, 0], ([x, y], grad) => {
      grad[0] = 2 * x!;
      grad[1] = -2 * y! + y! ** 3;
      return x! ** 2 - y! ** 2 + y! ** 4 / 4;
    });
    const patch = { ...adam(0.05), steps: 2000 };
    const { labels, of } = await diagnosed(saddle, [patch], { around: true });
    expect(labels).toEqual(['plateau:saddle']);
    const finding = of('plateau')!;
    expect(finding.severity).toBe('warning');
    expect(finding.coordinates).toEqual([1]);
    const { outcome, labels: after } = await diagnosed(saddle, [patch, finding.fixes[0]!.patch!], {
      around: true,
    });
    expect(outcome.final.loss).toBeCloseTo(-1, 6);
    expect(after).not.toContain('plateau:saddle');
    // The steps alone do not show it.
    expect((await diagnosed(saddle, [patch])).labels).toEqual([]);
  });
});
