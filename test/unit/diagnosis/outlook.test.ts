import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { crossingAhead, type StabilityPoint } from '../../../src/core/diagnosis/outlook';
import { StabilityTrend } from '../../../src/core/diagnosis/stabilityTrend';
import { Measurements } from '../../../src/core/measurements';
import { seededRandom } from '../../../src/core/numerics/random';
import { layoutOf, recordLength, writeRecord } from '../../../src/core/trace/layout';
import { Quantities } from '../../../src/core/trace/quantities';
import { Trace } from '../../../src/core/trace/trace';
import { diagnosed } from './support/diagnosed';
import { bowl, normal, type Problem, rosenbrock } from './support/problems';

const limit = 38;
const every = 10;

/** Stability values at every tenth step, given as ln(value/limit). */
function samples(count: number, heightAt: (t: number) => number): StabilityPoint[] {
  return Array.from({ length: count }, (_, k) => ({
    t: k * every,
    value: limit * Math.exp(heightAt(k * every)),
    limit,
  }));
}

describe('the step at which a rising stability value will reach its limit', () => {
  it('extrapolates a steady rise', () => {
    // From −0.6 on, with 0.001 a step: the limit is reached at step 600.
    const rising = samples(41, (t) => -0.6 + 0.001 * t);
    expect(crossingAhead(rising)).toBe(600);
    expect(crossingAhead(rising.map((point) => ({ ...point, t: point.t + 5000 })))).toBe(5600);
  });

  it('is predicted at most half as far ahead as the samples reach back', () => {
    const rising = (count: number) => crossingAhead(samples(count, (t) => -0.6 + 0.001 * t));
    // 600 − t ≤ t/2 holds from t = 400 on.
    expect(rising(40)).toBeNull();
    expect(rising(41)).toBe(600);
  });

  it('is predicted from at least eight samples', () => {
    const rising = (count: number) => samples(count, (t) => -0.08 + 0.001 * t);
    expect(crossingAhead(rising(8))).toBe(80);
    expect(crossingAhead(rising(7))).toBeNull();
  });

  it('follows the recent samples when the rise slows down', () => {
    // The limit is reached at step 805. A straight line through all samples would reach it at step 637.
    const told = crossingAhead(samples(61, (t) => 0.1 - 0.5 * Math.exp(-t / 500)))!;
    expect(told).toBe(710);
  });

  it('is not predicted when the value is constant, decreases, is above the limit, or has turned', () => {
    expect(crossingAhead([])).toBeNull();
    expect(crossingAhead(samples(40, () => -0.1))).toBeNull();
    expect(crossingAhead(samples(40, (t) => -0.1 - 0.001 * t))).toBeNull();
    expect(crossingAhead(samples(40, (t) => -0.1 + 0.001 * t))).toBeNull();
    expect(crossingAhead(samples(40, (t) => -0.3 + 0.001 * Math.abs(t - 200)))).toBeNull();
    // v has caught up: the value is just below the limit, but it decreases.
    expect(
      crossingAhead(samples(40, (t) => (t < 380 ? -0.3 + 0.001 * t : 0.07 - 0.01 * (t - 380)))),
    ).toBeNull();
  });

  it('ignores samples without positive curvature', () => {
    const rising = samples(60, (t) => -0.6 + 0.001 * t).slice(0, 59);
    const withHoles = rising.map((point, k) => (k < 10 ? { ...point, value: -3 } : point));
    expect(crossingAhead(withHoles)).toBe(600);
    expect(crossingAhead(rising.map((point) => ({ ...point, value: -1 })))).toBeNull();
  });

  it('is never predicted for noise, and almost never for a random walk', () => {
    const random = seededRandom(7);
    const gauss = () => normal(random);
    let [told, walks, asked] = [0, 0, 0];
    for (let k = 0; k < 200; k++) {
      const noise = samples(64, () => -0.1 + 0.1 * gauss());
      let height = -0.7;
      const walk = samples(64, () => (height += 0.05 * gauss()));
      for (let count = 8; count <= 64; count += 4) {
        asked++;
        if (crossingAhead(noise.slice(0, count)) !== null) told++;
        if (crossingAhead(walk.slice(0, count)) !== null) walks++;
      }
    }
    expect(told).toBe(0);
    expect(walks / asked).toBeLessThan(0.01);
  });
});

/** Runs with stability samples, and reads the outlook after every step, as the dashboard does. */
async function outlooks(problem: Problem, patch: RunConfigPatch, budget?: number) {
  const { config } = resolveConfig([patch]);
  const layout = layoutOf(config, problem.start.length, Number.POSITIVE_INFINITY, true);
  const trace = new Trace(layout, problem.start, budget === undefined ? {} : { budget });
  const trend = new StabilityTrend(trace, new Quantities(layout, config));
  const record = new Float64Array(recordLength(layout));
  const measurements = new Measurements();
  const at: { readonly unstableAt: number; readonly rebound: number }[] = [];
  await diagnosed(problem, [patch], {
    around: true,
    measurements,
    also: {
      afterStep(step) {
        writeRecord(layout, step, record, 0, measurements);
        trace.append(record, 0);
        at[step.t] = trend.outlook;
      },
    },
  });
  return at;
}

describe('the outlook of a run', () => {
  const adam = { optimizer: { name: 'adam', lr: 0.1 }, steps: 3000 } as const;

  it('Rosenbrock at lr 0.1 passes the limit at step 2624, and hundreds of steps before, this is predicted', async () => {
    const at = await outlooks(rosenbrock(), adam);
    for (const t of [2400, 2500, 2600]) {
      // “About” on screen means: within an eighth of the remaining steps.
      const off = Math.ceil((2624 - t) / 8);
      expect(Math.abs(at[t]!.unstableAt - 2624), `at ${t}`).toBeLessThanOrEqual(off);
      // The loss then jumped to 0.77.
      expect(at[t]!.rebound).toBeGreaterThan(0.77);
      expect(at[t]!.rebound).toBeLessThan(5);
    }
    // No prediction in the first half, although the value rises there as well.
    expect(at.slice(1, 1800).filter(({ unstableAt }) => !Number.isNaN(unstableAt))).toEqual([]);
    // Above the limit: the first sample there, until v has caught up.
    for (let t = 2640; t < 2735; t += 5) expect(at[t]!.unstableAt).toBe(2634);
    expect(at[2745]).toEqual({ unstableAt: Number.NaN, rebound: Number.NaN });
  });

  it('hardly changes when the trace keeps fewer steps', async () => {
    const all = await outlooks(rosenbrock(), adam);
    // The smallest trace has 2048 rows, so it keeps every second of the 3000 steps.
    const some = await outlooks(rosenbrock(), adam, 1);
    for (const t of [2500, 2600, 2700])
      expect(Math.abs(some[t]!.unstableAt - all[t]!.unstableAt)).toBeLessThanOrEqual(6);
  });

  it('½x² passes the limit near step 1578: this is predicted, and no rebound is expected', async () => {
    const patch = { optimizer: { name: 'adam', lr: 0.01, beta2: 0.99 }, steps: 2000 };
    const at = await outlooks(bowl([1], [1]), patch);
    for (const t of [1200, 1400, 1550]) {
      expect(Math.abs(at[t]!.unstableAt - 1578)).toBeLessThan(5);
      expect(at[t]!.rebound).toBeNaN();
    }
  });

  it('predicts nothing for gradient descent below its limit, or after it diverges', async () => {
    const sgd = (lr: number) => ({ optimizer: { name: 'sgd', lr }, steps: 2000 });
    const at = await outlooks(rosenbrock(), sgd(0.001));
    expect(at.slice(1).filter(({ unstableAt }) => !Number.isNaN(unstableAt))).toEqual([]);
    const diverging = await outlooks(bowl([100, 1], [1, 1]), { ...sgd(0.021), steps: 60 });
    expect(diverging[8]).toEqual({ unstableAt: 3, rebound: Number.POSITIVE_INFINITY });
    // Once the run diverges, no samples are taken and the outlook is empty.
    expect(diverging[60]).toEqual({ unstableAt: Number.NaN, rebound: Number.NaN });
  });
});
