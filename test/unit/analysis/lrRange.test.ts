import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/analysis/analysis';
import { lrRangeReport } from '../../../src/core/analysis/lrRange/lrRangeReport';
import { type LrRangeResult, lrRangeTest } from '../../../src/core/analysis/lrRange/lrRangeTest';
import { type SuggestionName, suggest } from '../../../src/core/analysis/lrRange/suggestions';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { withFiniteDifferences } from '../../../src/core/gradient/finiteDifference';
import { runPatch } from '../../support/run';
import {
  affine,
  bowl,
  logisticRegression,
  type Problem,
  problem,
  rosenbrock,
} from '../diagnosis/support/problems';

const free = { went: () => true };

async function test(
  { objective, start }: Problem,
  patch: RunConfigPatch = {},
  seeds = 1,
): Promise<LrRangeResult> {
  const { config, problems } = resolveConfig([patch]);
  expect(problems).toEqual([]);
  return lrRangeTest({ objective, start: Float64Array.from(start), config, seeds, control: free });
}

function lrOf({ rates }: LrRangeResult, name: SuggestionName): number {
  return rates.find((rate) => rate.name === name)!.lr!.median;
}

const sgd = { optimizer: { name: 'sgd' } };
const flat: Problem = problem([1], (_p, grad) => {
  grad[0] = 0;
  return 7;
});

describe('the range test on losses with a known stability limit', () => {
  it.each([5, 100, 3e4])('finds the lowest loss of gradient descent on ½·%f·x² at 2/λ', async (curvature) => {
    const result = await test(bowl([curvature], [1]), sgd);
    const [{ lrs, ended }] = result.sweeps as [LrRangeResult['sweeps'][number]];
    const limit = 2 / curvature;
    const least = lrOf(result, 'minimum/10') * 10;
    // The last learning rate below the limit: the factor abs(1 − lr·λ) is below 1 up to there, and above 1
    // afterwards.
    const growth = lrs[1]! / lrs[0]!;
    expect(least).toBeLessThan(limit);
    expect(least * growth).toBeGreaterThanOrEqual(limit * (1 - 1e-12));
    expect(ended).toBe('rise');
    expect(lrs.at(-1)!).toBeGreaterThan(limit);
    for (const { lr } of result.rates) expect(lr?.median ?? 0).toBeLessThan(limit);
    expect(result.recommended!.name).toBe('valley');
  });

  it.each([
    ['sgd', bowl([100, 1], [1, 1])],
    ['sgd', rosenbrock()],
    ['adam', rosenbrock()],
    ['rmsprop', rosenbrock()],
    ['adagrad', bowl([100, 1], [1, 1])],
  ])(
    'recommends for %s a learning rate at which a whole run is stable and makes progress',
    async (name, each) => {
      const result = await test(each, { optimizer: { name } });
      const lr = result.recommended!.lr!.median;
      const finalAt = async (rate: number) =>
        (await runPatch(each.objective, each.start, { optimizer: { name, lr: rate }, steps: 500 })).final
          .loss;
      expect(result.recommended!.name).toBe('valley');
      expect(await finalAt(lr)).toBeLessThan(await finalAt(lr / 30));
      expect(await finalAt(lr)).toBeLessThan((await finalAt(0)) / 4);
    },
  );

  it('does not depend on the scale of the loss', async () => {
    const small = await test(affine(rosenbrock(), 1e-9), sgd);
    const plain = await test(rosenbrock(), sgd);
    // Gradient descent on c·f needs lr/c, so the range is extended.
    expect(small.range.highest).toBeGreaterThan(10);
    // The grids differ: their points are a factor of 1.21 apart.
    for (const name of ['minimum/10', 'valley', 'steepest'] as const)
      expect(Math.abs(Math.log(lrOf(small, name) / 1e9 / lrOf(plain, name)))).toBeLessThan(Math.log(1.5));
  });

  it.each([
    [-500, 1],
    [0, 1],
    [-0.5, 1],
    [1000, 1e-3],
  ])('accepts a loss shifted by %f and scaled by %f, even if it is negative', async (shift, scale) => {
    const result = await test(affine(bowl([100], [1]), scale, shift), {
      optimizer: { name: 'sgd', lr: 0.01 / scale },
    });
    expect(result.sweeps[0]!.ended).toBe('rise');
    expect(lrOf(result, 'minimum/10') * 10 * scale).toBeLessThan(0.02);
    expect(lrOf(result, 'minimum/10') * 10 * scale).toBeGreaterThan(0.012);
  });

  it('extends three decades beyond a configured learning rate outside the usual range', async () => {
    expect((await test(bowl([1], [1]), { optimizer: { name: 'sgd', lr: 1e-9 } })).range.lowest).toBeCloseTo(
      1e-12,
      20,
    );
    expect((await test(bowl([1], [1]), { optimizer: { name: 'sgd', lr: 300 } })).range.highest).toBe(3e5);
    expect((await test(bowl([1], [1]), sgd)).range).toEqual({ lowest: 1e-7, highest: 10, steps: 100 });
  });

  it('widens the range when suitable learning rates are outside it', async () => {
    const stiff = await test(bowl([1e11], [1]), sgd);
    expect([stiff.range.lowest, stiff.range.highest, stiff.widened]).toEqual([
      1e-15,
      10,
      { below: 2, above: 0 },
    ]);
    expect(lrOf(stiff, 'valley')).toBeLessThan(2e-11);
    const far = await test(bowl([1], [1e4]), { optimizer: { name: 'adam' } });
    expect(far.range.highest).toBe(1e5);
    expect(lrOf(far, 'valley')).toBeGreaterThan(1);
  });
});

describe('the range test on stochastic losses', () => {
  const batches: RunConfigPatch = { ...sgd, samples: 400, batch: 10, seed: 5 };
  const regression = logisticRegression(3, 400, 4);

  it('runs one sweep per seed and reports the spread', async () => {
    const result = await test(regression, batches, 5);
    expect(result.sweeps.map(({ seed }) => seed)).toEqual([5, 6, 7, 8, 9]);
    const { lr, count } = result.recommended!;
    expect(count).toBe(5);
    expect(lr!.least).toBeLessThan(lr!.most);
    const each = result.perSeed.map(({ valley }) => valley.lr!).sort((a, b) => a - b);
    expect(lr).toEqual({ median: each[2], least: each[0], most: each[4] });
    const { charts, summary } = lrRangeReport(result);
    const [{ points, band }] = charts[0]!.lines as [(typeof charts)[0]['lines'][0]];
    expect(band!.length).toBe(points.length);
    for (let i = 0; i < points.length; i += 2) {
      expect(band![i]!).toBeLessThanOrEqual(points[i + 1]!);
      expect(band![i + 1]!).toBeGreaterThanOrEqual(points[i + 1]!);
    }
    expect(summary).toContain('of 5 seeds');
    expect(summary).toContain('between');
  });

  it('lists the loss that the chart shows at each suggested rate', async () => {
    for (const result of [await test(regression, batches, 5), await test(bowl([1], [1]), sgd)]) {
      const { charts, tables } = lrRangeReport(result);
      const { points } = charts[0]!.lines[0]!;
      const column = tables[0]!.columns.findIndex(({ title }) => title === 'loss at this rate');
      const named = result.rates.filter(({ lr }) => lr !== null);
      expect(named.map(({ name }) => name)).toContain('minimum/10');
      for (const { name, lr } of named) {
        const cells = tables[0]!.rows.find((row) => row.cells[0] === name)!.cells;
        // The losses of the swept rates on both sides of the suggested one.
        const at = points.findIndex((each, i) => i % 2 === 0 && each >= lr!.median * (1 - 1e-12));
        const near = [points[at + 1]!, points[Math.max(0, at - 2) + 1]!];
        const shown = Number(cells[column]);
        expect(
          near.some((loss) => Math.abs(loss - shown) <= 5e-3 * Math.abs(loss)),
          `${name}: ${shown}, not ${near}`,
        ).toBe(true);
      }
    }
  });

  it('suggests a learning rate at which a run makes progress', async () => {
    const result = await test(regression, batches, 3);
    const lr = result.recommended!.lr!.median;
    const run = await runPatch(regression.objective, regression.start, {
      ...batches,
      optimizer: { name: 'sgd', lr },
      epochs: 10,
    });
    expect(run.final.loss).toBeLessThan(0.8 * Math.log(2));
  });

  it('smooths like fastai, with bias correction and including the start', async () => {
    const { sweeps } = await test(regression, batches, 1);
    const { startLoss, losses, smoothed } = sweeps[0]!;
    const all = [startLoss, ...losses];
    for (const t of [0, 1, 10, losses.length - 1]) {
      let [sum, weight] = [0, 0];
      for (let k = 0; k <= t + 1; k++) {
        sum += 0.98 ** (t + 1 - k) * all[k]!;
        weight += 0.98 ** (t + 1 - k);
      }
      expect(smoothed[t]! / (sum / weight)).toBeCloseTo(1, 12);
    }
  });

  it('detects that a loss uses random numbers', async () => {
    const noisy = problem([1], (p, grad, { random }) => {
      const noise = 0.01 * (random() - 0.5);
      grad[0] = 2 * p[0]! + noise;
      return p[0]! ** 2 + noise * p[0]!;
    });
    const result = await test(noisy, sgd, 3);
    expect(result.sweeps.map(({ seed }) => seed)).toEqual([0, 1, 2]);
    expect(lrRangeReport(result).notes.join(' ')).toContain('repeated with 3 seeds');
  });

  it('runs one sweep of a deterministic loss and says so', async () => {
    const result = await test(rosenbrock(), sgd, 5);
    expect(result.sweeps.length).toBe(1);
    expect(result.sweeps[0]!.smoothed).toEqual(result.sweeps[0]!.losses);
    const report = lrRangeReport(result);
    expect(report.notes.join(' ')).toContain('deterministic');
    expect(report.charts[0]!.lines[0]!.band).toBeNull();
    // If every batch contains all samples, the loss is deterministic too.
    expect((await test(regression, { ...sgd, samples: 400, batch: 400 }, 5)).sweeps.length).toBe(1);
  });

  it('does not count a decrease within the noise', async () => {
    const noise = problem([1], (_p, grad, { random }) => {
      grad[0] = 1e-9;
      return 5 + random();
    });
    const result = await test(noise, sgd, 3);
    expect(result.recommended).toBeNull();
    expect(lrRangeReport(result).summary).toMatch(/noise|never falls/);
  });
});

describe('the suggestions of fastai', () => {
  // 1 at first, then falling to 0 in steps of 1/30, constant for 10 learning rates, then rising as a
  // parabola.
  const losses = Float64Array.from({ length: 100 }, (_, i) => {
    if (i < 40) return 1;
    if (i < 70) return 1 - (i - 39) / 30;
    return i < 80 ? 0 : ((i - 79) / 10) ** 2;
  });
  const lrs = losses.map((_, i) => 10 ** (i / 10));
  const base = { seed: 0, lrs, losses, smoothed: losses, startLoss: 1, isStochastic: false, hasMoved: true };

  it('equal those of fastai/callback/schedule.py on a constructed curve', () => {
    const found = suggest({ ...base, ended: 'range', evaluations: 101 });
    // The results of the Python functions for lrs[10:-5] and losses[10:-5]. The threshold of slide is 0.005
    // of a fall of 1.
    expect(found.valley.lr).toBe(lrs[53]);
    expect(found['minimum/10'].lr).toBe(lrs[69]! / 10);
    // The slopes of the falling part differ by rounding only, so any of its learning rates may be the
    // steepest.
    expect(lrs.slice(39, 69)).toContain(found.steepest.lr);
    expect(found.slide.lr).toBe(lrs[54]);
  });
});

describe('the range test without a suggestion', () => {
  it.each<[string, Problem, RegExp]>([
    ['is constant', flat, /never falls/],
    [
      'only rises',
      problem([0], (p, grad) => {
        grad[0] = -1;
        return Math.abs(p[0]!) + 1;
      }),
      /rises before it has fallen|never falls/,
    ],
    ['is NaN', problem([1], () => Number.NaN), /start is not finite/],
    ['is infinite', problem([1], () => Number.POSITIVE_INFINITY), /start is not finite/],
  ])('gives the reason, for a loss that %s', async (_name, each, reason) => {
    const result = await test(each, sgd);
    expect(result.recommended).toBeNull();
    for (const rate of result.rates) expect(rate.reason).toMatch(reason);
    const report = lrRangeReport(result);
    expect(report.summary).toMatch(reason);
    expect(report.tables[0]!.rows.map(({ verdict, patch }) => [verdict, patch])).toEqual(
      new Array(4).fill(['not applicable', null]),
    );
  });

  it('stops when the loss or its gradient is not finite', async () => {
    const domain = problem([1], (p, grad) => {
      grad[0] = 1 / p[0]! + 10;
      return Math.log(p[0]!) + 10 * p[0]!;
    });
    const result = await test(domain, sgd);
    const [{ ended, lrs, losses }] = result.sweeps as [LrRangeResult['sweeps'][number]];
    expect(ended).toBe('nonFinite');
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(lrs.length).toBe(losses.length);
    expect(result.recommended!.lr!.median).toBeLessThan(lrs.at(-1)!);
    const gradient = problem([1], (p, grad) => {
      grad[0] = p[0]! > 0.5 ? 2 * p[0]! : Number.NaN;
      return p[0]! ** 2;
    });
    expect((await test(gradient, sgd)).sweeps[0]!.ended).toBe('nonFinite');
  });

  it('passes on an error of the loss', async () => {
    const thrown = new Error('no data');
    let calls = 0;
    const throwing = problem([1], (p, grad) => {
      if (++calls > 3) throw thrown;
      grad[0] = 2 * p[0]!;
      return p[0]! ** 2;
    });
    await expect(test(throwing, sgd)).rejects.toBe(thrown);
  });
});

describe('the report of the range test', () => {
  it('offers each learning rate as a patch, of the schedule if the schedule sets it', async () => {
    const plain = lrRangeReport(await test(rosenbrock(), { optimizer: { name: 'sgd' } }));
    for (const { cells, patch } of plain.tables[0]!.rows)
      expect(patch).toEqual({ optimizer: { lr: Number(cells[1]) } });
    const cycle = lrRangeReport(
      await test(rosenbrock(), { ...sgd, optimizer: { name: 'adam' }, schedule: { name: 'oneCycle' } }),
    );
    expect(cycle.tables[0]!.rows[0]!.patch).toEqual({
      schedule: { maxLr: Number(cycle.tables[0]!.rows[0]!.cells[1]) },
    });
    expect(cycle.notes.join(' ')).toContain('its peak');
  });

  it('marks the suggestions and the configured learning rate on the chart', async () => {
    const result = await test(rosenbrock(), { optimizer: { name: 'adam', lr: 0.05 } });
    const { charts } = lrRangeReport(result);
    expect(charts[0]!.x.log).toBe(true);
    expect(charts[0]!.marks).toContainEqual({ name: 'current', x: 0.05 });
    expect(charts[0]!.marks).toContainEqual({ name: 'valley', x: lrOf(result, 'valley') });
    expect(charts[0]!.lines[0]!.points.length).toBe(2 * result.sweeps[0]!.lrs.length);
  });

  it('counts its evaluations correctly', async () => {
    let calls = 0;
    const value = (p: Float64Array) => {
      calls++;
      return p[0]! ** 2 + p[1]! ** 2;
    };
    const objective = withFiniteDifferences(2, value);
    const result = await test({ objective, start: [1, 1] }, sgd);
    // At the evaluations 1, 4, 16 and so on, differences take two more calls for each coordinate.
    const looks = 1 + Math.floor(Math.log2(result.evaluations) / 2);
    expect(calls).toBe(result.evaluations * result.callsEach + 2 * 2 * looks);
    expect(lrRangeReport(result).notes[0]).toContain(`${result.evaluations} evaluations`);
  });

  it('keeps clipping and ignores the schedule', async () => {
    const clipped = await test(bowl([100], [1]), { ...sgd, clip: { norm: 1e-3 } });
    // With clipping, steps are at most lr·1e-3, so the loss does not diverge before lr is in the thousands.
    expect(lrOf(clipped, 'minimum/10')).toBeGreaterThan(1);
    const scheduled = await test(rosenbrock(), { ...sgd, schedule: { name: 'cosine', tMax: 10 } });
    expect(scheduled.sweeps).toEqual((await test(rosenbrock(), sgd)).sweeps);
  });

  it('can be cancelled', async () => {
    let asked = 0;
    const control = { went: () => ++asked < 20 };
    const { config } = resolveConfig([sgd]);
    const { objective, start } = rosenbrock();
    const request = { objective, start: Float64Array.from(start), config, seeds: 1, control };
    await expect(lrRangeTest(request)).rejects.toBeInstanceOf(Cancelled);
    expect(asked).toBe(20);
  });
});
