import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { crossingAhead, crossingBetween, type StabilityPoint } from '../../../src/core/diagnosis/outlook';
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

/** Samples of ln(value/limit) at every tenth step. */
function samples(count: number, heightAt: (t: number) => number): StabilityPoint[] {
  return Array.from({ length: count }, (_, k) => ({
    t: k * every,
    value: limit * Math.exp(heightAt(k * every)),
    limit,
  }));
}

describe('the step at which a rising stability will reach its limit', () => {
  it('is where a steady rise leads', () => {
    // 0.001 a step from −0.6 on: it gets there at 600.
    const rising = samples(41, (t) => -0.6 + 0.001 * t);
    expect(crossingAhead(rising)).toBe(600);
    expect(crossingAhead(rising.map((point) => ({ ...point, t: point.t + 5000 })))).toBe(5600);
  });

  it('is told only as far ahead as half of what is known', () => {
    const rising = (count: number) => crossingAhead(samples(count, (t) => -0.6 + 0.001 * t));
    // 600 − t ≤ t/2 from t = 400 on.
    expect(rising(40)).toBeNull();
    expect(rising(41)).toBe(600);
  });

  it('needs eight samples', () => {
    const rising = (count: number) => samples(count, (t) => -0.08 + 0.001 * t);
    expect(crossingAhead(rising(8))).toBe(80);
    expect(crossingAhead(rising(7))).toBeNull();
  });

  it('follows the newer part of a rise that becomes slower', () => {
    // It gets there at 805; a straight line through all of it would at 637.
    const told = crossingAhead(samples(61, (t) => 0.1 - 0.5 * Math.exp(-t / 500)))!;
    expect(told).toBe(710);
  });

  it('is not told of what stands, falls, is beyond, or turned round', () => {
    expect(crossingAhead([])).toBeNull();
    expect(crossingAhead(samples(40, () => -0.1))).toBeNull();
    expect(crossingAhead(samples(40, (t) => -0.1 - 0.001 * t))).toBeNull();
    expect(crossingAhead(samples(40, (t) => -0.1 + 0.001 * t))).toBeNull();
    expect(crossingAhead(samples(40, (t) => -0.3 + 0.001 * Math.abs(t - 200)))).toBeNull();
    // v has caught up: just below, but on the way down.
    expect(
      crossingAhead(samples(40, (t) => (t < 380 ? -0.3 + 0.001 * t : 0.07 - 0.01 * (t - 380)))),
    ).toBeNull();
  });

  it('is not told of samples without curvature, and leaves them out', () => {
    const rising = samples(60, (t) => -0.6 + 0.001 * t).slice(0, 59);
    const withHoles = rising.map((point, k) => (k < 10 ? { ...point, value: -3 } : point));
    expect(crossingAhead(withHoles)).toBe(600);
    expect(crossingAhead(rising.map((point) => ({ ...point, value: -1 })))).toBeNull();
  });

  it('is silent on noise, and almost always on a random walk', () => {
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

  it('between two samples is on the straight line through their logarithms', () => {
    const below = { t: 100, value: limit / 2, limit };
    expect(crossingBetween(below, { t: 140, value: limit * 2, limit })).toBe(120);
    expect(crossingBetween(below, { t: 140, value: limit, limit })).toBe(140);
    expect(crossingBetween(null, { t: 140, value: 50, limit })).toBe(140);
    expect(crossingBetween({ ...below, value: -1 }, { t: 140, value: 50, limit })).toBe(140);
  });
});

/** Runs with the gauge, and asks for the outlook after every step as a dashboard would. */
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

  it('Rosenbrock at lr 0.1 crosses at 2624, and that is foretold hundreds of steps ahead', async () => {
    const at = await outlooks(rosenbrock(), adam);
    for (const t of [2400, 2500, 2600]) {
      // “About”: within an eighth of the way that is left.
      const off = Math.ceil((2624 - t) / 8);
      expect(Math.abs(at[t]!.unstableAt - 2624), `at ${t}`).toBeLessThanOrEqual(off);
      // The jump that came was to 0.77.
      expect(at[t]!.rebound).toBeGreaterThan(0.77);
      expect(at[t]!.rebound).toBeLessThan(5);
    }
    // Nothing of it in the first half, where it rises as well.
    expect(at.slice(1, 1800).filter(({ unstableAt }) => !Number.isNaN(unstableAt))).toEqual([]);
    // Beyond: since when, until v has caught up.
    for (let t = 2640; t < 2735; t += 5) expect(at[t]!.unstableAt).toBe(2624);
    expect(at[2745]).toEqual({ unstableAt: Number.NaN, rebound: Number.NaN });
  });

  it('does not depend on how many steps are kept', async () => {
    const all = await outlooks(rosenbrock(), adam);
    // 2048 rows at least: the 3000 steps are thinned to every second.
    const some = await outlooks(rosenbrock(), adam, 1);
    for (const t of [2500, 2600, 2700])
      expect(Math.abs(some[t]!.unstableAt - all[t]!.unstableAt)).toBeLessThanOrEqual(6);
  });

  it('½x² crosses near 1578, which is foretold, and that it costs nothing', async () => {
    const patch = { optimizer: { name: 'adam', lr: 0.01, beta2: 0.99 }, steps: 2000 };
    const at = await outlooks(bowl([1], [1]), patch);
    for (const t of [1200, 1400, 1550]) {
      expect(Math.abs(at[t]!.unstableAt - 1578)).toBeLessThan(5);
      expect(at[t]!.rebound).toBeNaN();
    }
  });

  it('is silent on gradient descent that settles below its limit, and beyond it once it diverges', async () => {
    const sgd = (lr: number) => ({ optimizer: { name: 'sgd', lr }, steps: 2000 });
    const at = await outlooks(rosenbrock(), sgd(0.001));
    expect(at.slice(1).filter(({ unstableAt }) => !Number.isNaN(unstableAt))).toEqual([]);
    const diverging = await outlooks(bowl([100, 1], [1, 1]), { ...sgd(0.021), steps: 60 });
    expect(diverging[8]).toEqual({ unstableAt: 3, rebound: Number.POSITIVE_INFINITY });
    // From then on nobody samples, and nothing is held.
    expect(diverging[60]).toEqual({ unstableAt: Number.NaN, rebound: Number.NaN });
  });
});
