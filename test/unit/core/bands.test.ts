import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import type { Objective } from '../../../src/core/objective';
import { type BandName, bandLevels } from '../../../src/core/trace/bandNames';
import { BandRecorder } from '../../../src/core/trace/bandRecorder';
import { bandOffset, layoutOf, recordLength } from '../../../src/core/trace/layout';
import { quantilesOf } from '../../../src/core/trace/quantiles';
import type { StepView } from '../../../src/core/update';
import { runPatch } from '../../support/run';

/** ½ Σ λ_i θ_i², with λ_i = 1 + i mod 7. */
function bowl(dim: number): Objective {
  const evaluate: Objective['valueAndGradient'] = (p, grad) => {
    let loss = 0;
    for (let i = 0; i < dim; i++) {
      grad[i] = (1 + (i % 7)) * p[i]!;
      loss += 0.5 * grad[i]! * p[i]!;
    }
    return loss;
  };
  return {
    dim,
    gradientMode: 'provided',
    value: (p, open) => evaluate(p, new Float64Array(dim), open) as number,
    valueAndGradient: evaluate,
  };
}

/** The bands of each step, and what `read` gives for each coordinate. */
async function bandsOf(
  dim: number,
  patch: RunConfigPatch,
  read: (step: StepView, i: number) => Partial<Record<BandName, number>>,
) {
  const { config } = resolveConfig([patch]);
  const layout = layoutOf(config, dim, 2 ** 27);
  const recorder = new BandRecorder(layout, config);
  const start = Array.from({ length: dim }, (_, i) => 1.5 + Math.sin(i));
  const bands: { t: number; name: BandName; band: number[]; all: number[] }[] = [];
  await runPatch(bowl(dim), start, patch, {
    onStep(step) {
      const record = new Float64Array(recordLength(layout));
      const from = bandOffset(layout);
      recorder.write(step, record, from);
      const values = Array.from({ length: dim }, (_, i) => read(step, i));
      layout.bands!.forEach((name, b) => {
        const at = from + b * bandLevels.length;
        const band = [...record.subarray(at, at + bandLevels.length)];
        bands.push({ t: step.t, name, band, all: values.map((value) => value[name]!) });
      });
    },
  });
  return { layout, bands };
}

/** The levels by sorting. */
function sorted(values: readonly number[]): number[] {
  const order = [...values].sort((a, b) => a - b);
  return bandLevels.map((level) => {
    const place = level * (order.length - 1);
    const low = order[Math.floor(place)]!;
    return low + (place % 1) * (order[Math.ceil(place)]! - low);
  });
}

function adamValues(step: StepView, i: number): Record<BandName, number> {
  const [m, v] = step.state as [Float64Array, Float64Array];
  const mHat = m[i]! / (1 - 0.9 ** step.t);
  const vHat = v[i]! / (1 - 0.999 ** step.t);
  const root = Math.sqrt(vHat);
  return {
    params: step.params[i]!,
    grad: step.grad[i]!,
    absUpdate: Math.abs(step.params[i]! - step.before[i]!),
    effectiveLr: step.lr / (root + 1e-8),
    mHat,
    vHat,
    snr: Math.abs(mHat) / root,
    epsShare: 1e-8 / (root + 1e-8),
  };
}

const adam: RunConfigPatch = { optimizer: { name: 'adam', lr: 0.01 }, steps: 6, seed: 3 };

describe('quantiles', () => {
  it('ignore NaN, and keep infinities', () => {
    expect(quantilesOf(Float64Array.of(3, Number.NaN, 1, 2), [0, 0.25, 0.5, 1])).toEqual([1, 1.5, 2, 3]);
    const infinite = Float64Array.of(Number.POSITIVE_INFINITY, 1, Number.POSITIVE_INFINITY);
    expect(quantilesOf(infinite, [0, 0.75, 1])).toEqual([
      1,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
    expect(quantilesOf(Float64Array.of(Number.NaN), [0.5])).toEqual([Number.NaN]);
  });
});

describe('the bands of a run', () => {
  it('are the quantiles of all coordinates, by sorting', async () => {
    const { layout, bands } = await bandsOf(101, adam, adamValues);
    expect(layout.bands).toHaveLength(8);
    expect(bands).toHaveLength(6 * 8);
    for (const { t, name, band, all } of bands)
      for (const [k, each] of sorted(all).entries())
        expect(Math.abs(band[k]! - each), `${name} at step ${t}`).toBeLessThanOrEqual(1e-12 * Math.abs(each));
  });

  it('have sampled quantiles, and exact ends of what is recorded, with many coordinates', async () => {
    const { bands } = await bandsOf(50_000, { ...adam, steps: 2 }, adamValues);
    for (const { name, band, all } of bands) {
      const order = all.toSorted((a, b) => a - b);
      const ends = [order[0]!, order.at(-1)!];
      const isRaw = name === 'params' || name === 'grad' || name === 'absUpdate';
      if (isRaw) expect([band[0], band[6]], name).toEqual(ends);
      else expect(band[0]! >= ends[0]! - 1e-12 && band[6]! <= ends[1]! * (1 + 1e-12), name).toBe(true);
      const rank = order.findIndex((each) => each >= band[3]!) / order.length;
      if (name === 'params' || name === 'grad') expect(Math.abs(rank - 0.5), name).toBeLessThan(0.04);
    }
  });

  it('are sampled at a bounded number of steps, and at the last', async () => {
    const { bands } = await bandsOf(40, { ...adam, steps: 1000 }, adamValues);
    const steps = bands
      .filter(({ name, band }) => name === 'params' && !Number.isNaN(band[0]))
      .map(({ t }) => t);
    expect(steps.length).toBeLessThanOrEqual(257);
    expect([steps[0], steps[1], steps.at(-1)]).toEqual([1, 5, 1000]);
  });

  it('do not exist for few coordinates, and only of quantities that the optimizer has', () => {
    const { config } = resolveConfig([{ optimizer: { name: 'sgd', lr: 0.01 } }]);
    expect(layoutOf(config, 32, 2 ** 27).bands).toBeUndefined();
    expect(layoutOf(config, 33, 2 ** 27).bands).toEqual(['params', 'grad', 'absUpdate', 'effectiveLr']);
  });

  it('use the learning rate of each parameter group', async () => {
    const grouped = { ...adam, groups: [{ ranges: [[0, 9]], lr: 1 }] } satisfies RunConfigPatch;
    const { bands } = await bandsOf(40, grouped, (step, i) => {
      const values = adamValues(step, i);
      return i < 10 ? { ...values, effectiveLr: (values.effectiveLr * 1) / step.lr } : values;
    });
    for (const { name, band, all } of bands.filter((each) => each.name === 'effectiveLr'))
      for (const [k, each] of sorted(all).entries())
        expect(Math.abs(band[k]! - each), name).toBeLessThanOrEqual(1e-12 * Math.abs(each));
  });
});
