import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import type { Objective } from '../../../src/core/objective';
import { layoutOf, recordLength, writeRecord } from '../../../src/core/trace/layout';
import type { Quantity } from '../../../src/core/trace/names';
import { Quantities } from '../../../src/core/trace/quantities';
import { Trace } from '../../../src/core/trace/trace';
import { analyticLosses, analyticObjective } from '../../support/losses';
import { runPatch } from '../../support/run';

interface Traced {
  readonly quantities: Quantities;
  readonly trace: Trace;
  /** The values of a quantity of coordinate k at all steps. */
  read(quantity: Quantity, k?: number): number[];
}

async function traced(
  patch: RunConfigPatch,
  start: readonly number[] = [-1.2, 1],
  objective: Objective = analyticObjective('rosenbrock'),
): Promise<Traced> {
  const { config } = resolveConfig([patch]);
  const layout = layoutOf(config, start.length, Number.POSITIVE_INFINITY);
  const quantities = new Quantities(layout, config);
  const trace = new Trace(layout, start);
  const row = new Float64Array(recordLength(layout));
  await runPatch(objective, start, patch, {
    onStep(step) {
      writeRecord(layout, step, row, 0);
      trace.append(row, 0);
    },
  });
  return {
    quantities,
    trace,
    read: (quantity, k = 0) =>
      Array.from({ length: trace.rows }, (_, r) => trace.read(r, quantities.reader(quantity, k))),
  };
}

/** Equal up to a number of roundings of numbers of this size. */
function expectClose(actual: readonly number[], expected: readonly number[], ulps = 64): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    const wanted = expected[i]!;
    expect(Math.abs(value - wanted), `at ${i}: ${value} against ${wanted}`).toBeLessThanOrEqual(
      ulps * 2 ** -52 * Math.abs(wanted),
    );
  });
}

const beta1 = 0.9;
const beta2 = 0.999;
const eps = 1e-8;

/** Adam's moments as sums over the past gradients. */
function moments(grads: readonly number[]) {
  return grads.map((_, i) => {
    const past = grads.slice(0, i + 1);
    const t = i + 1;
    const m = past.reduce((sum, g, j) => sum + (1 - beta1) * beta1 ** (i - j) * g, 0);
    const v = past.reduce((sum, g, j) => sum + (1 - beta2) * beta2 ** (i - j) * g * g, 0);
    return { m, v, mHat: m / (1 - beta1 ** t), vHat: v / (1 - beta2 ** t) };
  });
}

describe('the quantities of a run of Adam', () => {
  const lr = 0.01;
  const patch = { optimizer: { name: 'adam', lr }, steps: 60 };

  it('agree with their formulas, computed from the gradients alone', async () => {
    const { read } = await traced(patch);
    const expected = moments(read('grad'));
    expectClose(
      read('mHat'),
      expected.map(({ mHat }) => mHat),
      4096,
    );
    expectClose(
      read('vHat'),
      expected.map(({ vHat }) => vHat),
      4096,
    );
    expectClose(
      read('snr'),
      expected.map(({ mHat, vHat }) => Math.abs(mHat) / Math.sqrt(vHat)),
      4096,
    );
    const p = expected.map(({ vHat }) => Math.sqrt(vHat) + eps);
    expectClose(read('preconditioner'), p, 4096);
    expectClose(
      read('effectiveLr'),
      p.map((each) => lr / each),
      4096,
    );
    expectClose(
      read('epsShare'),
      p.map((each) => eps / each),
      4096,
    );
    expectClose(
      read('fisher'),
      expected.map(({ vHat }) => vHat),
      4096,
    );
    const update = read('update');
    expectClose(read('absUpdate'), update.map(Math.abs), 0);
    const params = read('params');
    expectClose(
      read('updateRatio'),
      update.map((d, i) => Math.abs(d) / Math.abs(params[i]! - d)),
      4,
    );
    expectClose(
      read('uncorrectedUpdate'),
      expected.map(({ m, v }) => (lr * Math.abs(m)) / (Math.sqrt(v) + eps)),
      4096,
    );
  });

  it('updates without bias correction are 3.16 times as large at t = 1, and 6.57 times at t = 12', async () => {
    // With a constant gradient, both moments are sums of their weights, so the ratio depends on the betas
    // only.
    const slope: Objective = {
      dim: 1,
      gradientMode: 'provided',
      value: (params) => params[0]!,
      valueAndGradient(params, grad) {
        grad[0] = 1;
        return params[0]!;
      },
    };
    const { read } = await traced({ steps: 12 }, [0], slope);
    const ratio = read('uncorrectedUpdate').map((value, i) => value / read('absUpdate')[i]!);
    expect(ratio[0]).toBeCloseTo(3.16, 2);
    expect(ratio[11]).toBeCloseTo(6.57, 2);
  });

  it('norms and means include all coordinates', async () => {
    const { read } = await traced(patch);
    const both = (quantity: Quantity) => [read(quantity, 0), read(quantity, 1)] as const;
    const [dx, dy] = both('update');
    const [px, py] = both('preconditioner');
    const [gx, gy] = both('grad');
    const [vx, vy] = both('vHat');
    expectClose(
      read('updateNorm'),
      dx.map((d, i) => Math.hypot(d, dy[i]!)),
    );
    expectClose(
      read('updateNormP'),
      dx.map((d, i) => Math.sqrt(px[i]! * d * d + py[i]! * dy[i]! ** 2)),
    );
    expectClose(
      read('rms'),
      gx.map((g, i) => Math.sqrt((g * g) / vx[i]! / 2 + gy[i]! ** 2 / vy[i]! / 2)),
      64,
    );
  });

  it('RMS_t is 1 at the first step, where vHat = g²', async () => {
    expect((await traced(patch)).read('rms')[0]).toBeCloseTo(1, 12);
  });
});

describe('the predicted and the actual change of the loss', () => {
  it('are equal if the model is exact: gradient descent on a bowl of curvature 1/lr', async () => {
    const bowl: Objective = {
      dim: 2,
      gradientMode: 'provided',
      value: (p) => 2 * (p[0]! ** 2 + p[1]! ** 2),
      valueAndGradient(p, grad) {
        for (let i = 0; i < 2; i++) grad[i] = 4 * p[i]!;
        return 2 * (p[0]! ** 2 + p[1]! ** 2);
      },
    };
    // The curvature is 4. With lr below 1/4, the curvature P/a = 1/lr of the model is larger, so the
    // predicted decrease is smaller.
    const exact = await traced({ optimizer: { name: 'sgd', lr: 0.25 }, steps: 2 }, [1, -2], bowl);
    expect(exact.read('predictedChange')[0]).toBe(-10);
    expect(exact.read('actualChange')[0]).toBe(-10);
    const careful = await traced({ optimizer: { name: 'sgd', lr: 0.1 }, steps: 4 }, [1, -2], bowl);
    careful
      .read('predictedChange')
      .slice(0, 3)
      .forEach((predicted, i) => {
        expect(predicted).toBeGreaterThan(careful.read('actualChange')[i]!);
      });
  });

  it('the predicted change is g·Δ + ½‖Δ‖²_P/a for Adam', async () => {
    const { read } = await traced({ optimizer: { name: 'adam', lr: 0.01 }, steps: 30 });
    const expected = read('update').map((dx, i) => {
      const d = [dx, read('update', 1)[i]!];
      const g = [read('grad')[i]!, read('grad', 1)[i]!];
      const rate = [read('effectiveLr')[i]!, read('effectiveLr', 1)[i]!];
      return d.reduce((sum, delta, k) => sum + g[k]! * delta + (0.5 * delta * delta) / rate[k]!, 0);
    });
    const scale = Math.max(...expected.map(Math.abs));
    read('predictedChange').forEach((value, i) => {
      // The update is a difference of parameters of size 1, with an error of 1e-16, and the gradients are up
      // to 200.
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-12 * scale);
    });
  });

  it('the actual change is the difference of consecutive losses, and unknown for the last step', async () => {
    const { read, trace } = await traced({ steps: 5 });
    const losses = read('loss');
    expect(read('actualChange')).toEqual([...losses.slice(1).map((l, i) => l - losses[i]!), Number.NaN]);
    const change = trace.envelope(
      'change',
      (await traced({ steps: 5 })).quantities.reader('actualChange', 0),
      1,
      5,
      10,
    );
    expect(change.length).toBe(4 * 4);
  });

  it('both include an L2 penalty', async () => {
    const weightDecay = 0.5;
    const { read } = await traced({ optimizer: { name: 'sgd', lr: 1e-4, weightDecay }, steps: 3 });
    const point = (i: number) => [0, 1].map((k) => (i < 0 ? [-1.2, 1][k]! : read('params', k)[i]!));
    const penalised = (p: number[]) =>
      analyticLosses.rosenbrock.value(p) + 0.5 * weightDecay * (p[0]! ** 2 + p[1]! ** 2);
    expect(read('actualChange')[0]).toBeCloseTo(penalised(point(0)) - penalised(point(-1)), 10);
    const g = [0, 1].map((k) => read('grad', k)[0]! + weightDecay * [-1.2, 1][k]!);
    const predicted = g.reduce((sum, each) => sum - 0.5 * 1e-4 * each * each, 0);
    expect(read('predictedChange')[0]! / predicted).toBeCloseTo(1, 12);
  });

  it('the predicted change is unknown when the gradient was clipped', async () => {
    const { read } = await traced({ clip: { norm: 1 }, steps: 2 });
    expect(read('predictedChange')).toEqual([Number.NaN, Number.NaN]);
  });

  it('the actual change is unknown with mini-batches', async () => {
    const { quantities } = await traced({ samples: 10, batch: 5, steps: 2 });
    expect(quantities.has('actualChange')).toBe(false);
    expect(quantities.has('predictedChange')).toBe(true);
  });
});

describe('the watched loss with mini-batches', () => {
  // f is the mean over the mini-batch of ½(θ − i)²; the minimum over all four samples is at 1.5.
  const value: Objective['value'] = (params, open) => {
    const { indices } = open();
    return indices.reduce((sum, i) => sum + 0.5 * (params[0]! - i) ** 2, 0) / indices.length;
  };
  const objective: Objective = {
    dim: 1,
    gradientMode: 'provided',
    value,
    valueAndGradient(params, grad, open) {
      const { indices } = open();
      grad[0] = indices.reduce((sum, i) => sum + (params[0]! - i), 0) / indices.length;
      return value(params, open) as number;
    },
  };
  const full = (theta: number) => [0, 1, 2, 3].reduce((sum, i) => sum + 0.125 * (theta - i) ** 2, 0);
  const patch = { optimizer: { name: 'sgd', lr: 0.3 }, samples: 4, batch: 1, epochs: 6 };

  it('is the full-batch loss after each epoch, and determines the best loss', async () => {
    const { read, trace } = await traced(patch, [10], objective);
    const params = read('params');
    const expected = params.map((_, i) => full(i < 3 ? 10 : params[4 * Math.floor((i + 1) / 4) - 1]!));
    expect(read('watched')).toEqual(expected);
    expect(read('best')).toEqual(expected.map((_, i) => Math.min(...expected.slice(0, i + 1))));
    expect(trace.best.loss).toBe(Math.min(...expected));
    expect(full(params[trace.best.t - 1]!)).toBe(trace.best.loss);
  });

  it('does not exist when every step evaluates the full-batch loss', async () => {
    const { quantities } = await traced({ steps: 2 });
    expect(quantities.has('watched')).toBe(false);
  });
});

it('the Fisher estimate is batch times vHat: near the optimum, the variance of the gradients of the samples', async () => {
  // f is the mean over the mini-batch of ½(θ − x_i)² with x_i = ±1: F = var(x_i) = 1, and that of the batch
  // mean is 1/B.
  const objective: Objective = {
    dim: 1,
    gradientMode: 'provided',
    value: () => 0,
    valueAndGradient(params, grad, open) {
      const { indices } = open();
      grad[0] = indices.reduce((sum, i) => sum + (params[0]! - (i % 2 === 0 ? 1 : -1)), 0) / indices.length;
      return 0.5 * grad[0] ** 2;
    },
  };
  const patch = { optimizer: { name: 'adam', lr: 1e-5 }, samples: 1000, batch: 8, steps: 20_000 };
  const { read } = await traced(patch, [0], objective);
  // vHat averages 1000 squares with a relative spread of √2, so its error is about 1/√500; four times that is
  // allowed. Mini-batches of 8 of 1000 samples without replacement reduce the variance by 7/999.
  expect(Math.abs(read('fisher').at(-1)! - (1 - 7 / 999))).toBeLessThan(4 / Math.sqrt(500));
});
