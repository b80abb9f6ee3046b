import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../src/core/batches';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { Expectation, RunConfigPatch } from '../../../src/core/config/runConfig';
import {
  type ExpectationResult,
  ExpectationWatch,
  expectationWords,
  expectedAndActual,
} from '../../../src/core/expectation';
import type { Objective } from '../../../src/core/objective';
import {
  extraPlace,
  layoutOf,
  recordLength,
  recordPlaces,
  writeRecord,
} from '../../../src/core/trace/layout';
import { runPatch } from '../../support/run';

/** A loss on the path theta_t = t: sgd with lr 1 and a gradient of −1 moves by 1 in every step. */
function along(value: Objective['value']): Objective {
  return {
    dim: 1,
    gradientMode: 'provided',
    value,
    valueAndGradient(params, grad, open) {
      grad[0] = -1;
      return value(params, open);
    },
  };
}

/** L(theta_t) = 100 − t */
const stairs = along(([x]) => 100 - x!);

async function resultOf(
  objective: Objective,
  expectation: Expectation,
  patch: RunConfigPatch = {},
  validation: Objective['value'] | null = null,
): Promise<ExpectationResult> {
  const whole: RunConfigPatch = {
    optimizer: { name: 'sgd', lr: 1 },
    steps: 20,
    ...patch,
    ...(validation ? { validation: 'held' } : {}),
  };
  const { config } = resolveConfig([whole]);
  const layout = layoutOf(config, 1, 1e6);
  const { stepsPerEpoch } = batchesOf(config.samples, config.batch, config.seed);
  const watch = new ExpectationWatch(expectation, layout, stepsPerEpoch);
  const data = new Float64Array(recordLength(layout));
  const onStep = (step: Parameters<typeof writeRecord>[1]) => {
    writeRecord(layout, step, data, 0);
    watch.onRecord(data, 0);
  };
  return watch.result(await runPatch(objective, [0], whole, { onStep }, validation));
}

describe('an expectation of a loss over all samples that draws random numbers', () => {
  const patch = { optimizer: { name: 'sgd', lr: 1 }, steps: 80, samples: 4, batch: 2 };
  const { config } = resolveConfig([patch]);
  const layout = layoutOf(config, 1, 1e6);

  it('compares the mean after 20 epochs, each once', () => {
    const watch = new ExpectationWatch({ loss: 0.5, steps: null }, layout, 2);
    const data = new Float64Array(recordLength(layout));
    const place = extraPlace(layout, 'watched');
    for (let t = 1; t <= 80; t++) {
      data[recordPlaces.t] = t;
      // One lucky epoch, after step 20.
      data[place] = t === 20 || t === 21 ? 0 : 1;
      watch.onRecord(data, 0);
    }
    expect(watch.result(null)).toMatchObject({ met: true, reached: { loss: 0, t: 20 } });
    const mean = watch.result(null, true);
    expect(mean).toMatchObject({ met: false, meanOf: 20 });
    expect(mean.reached!.loss).toBeCloseTo(19 / 20, 12);
  });
});

describe('an expectation of a random loss', () => {
  const { config } = resolveConfig([{ optimizer: { name: 'sgd', lr: 1 }, steps: 60 }]);
  const layout = layoutOf(config, 1, 1e6);
  const resultFor = (losses: readonly number[], isRandom: boolean) => {
    const watch = new ExpectationWatch({ loss: 0.5, steps: null }, layout, 1);
    const data = new Float64Array(recordLength(layout));
    losses.forEach((loss, i) => {
      data[recordPlaces.t] = i + 1;
      data[recordPlaces.loss] = loss;
      watch.onRecord(data, 0);
    });
    return watch.result(null, isRandom);
  };

  it('is not met by one lucky draw', () => {
    const losses = Array.from({ length: 60 }, (_, t) => (t === 30 ? 0.01 : 1));
    expect(resultFor(losses, false)).toMatchObject({ met: true, metAt: 30 });
    expect(resultFor(losses, true)).toMatchObject({ met: false, meanOf: 20 });
  });

  it('is met by the mean of twenty losses', () => {
    const losses = Array.from({ length: 60 }, (_, t) => (t < 30 ? 2 : 1.1 * (t % 2)));
    expect(resultFor(losses, true)).toMatchObject({ met: false });
    expect(
      resultFor(
        losses.map((loss) => loss * 0.9),
        true,
      ),
    ).toMatchObject({ met: true, metAt: 49, meanOf: 20 });
  });

  it('is met by the mean of all losses of a shorter run', () => {
    expect(resultFor([0.9, 0.2, 0.3], true)).toMatchObject({ met: true, metAt: 2, meanOf: 3 });
  });
});

describe('an expectation', () => {
  it.each<[expectation: Expectation, result: ExpectationResult]>([
    // A loss equal to the limit is not below it.
    [
      { loss: 90, steps: null },
      { met: true, reached: { loss: 80, t: 20 }, metAt: 11 },
    ],
    [
      { loss: 90, steps: 11 },
      { met: true, reached: { loss: 89, t: 11 }, metAt: 11 },
    ],
    [
      { loss: 90, steps: 10 },
      { met: false, reached: { loss: 90, t: 10 }, metAt: null },
    ],
    // The final point has no record of its own.
    [
      { loss: 80.5, steps: 20 },
      { met: true, reached: { loss: 80, t: 20 }, metAt: 20 },
    ],
    [
      { loss: 80.5, steps: 19 },
      { met: false, reached: { loss: 81, t: 19 }, metAt: null },
    ],
    [
      { loss: 80.5, steps: 5000 },
      { met: true, reached: { loss: 80, t: 20 }, metAt: 20 },
    ],
    // The start counts.
    [
      { loss: 101, steps: 1 },
      { met: true, reached: { loss: 99, t: 1 }, metAt: 0 },
    ],
    [
      { loss: 1, steps: null },
      { met: false, reached: { loss: 80, t: 20 }, metAt: null },
    ],
  ])('%j gives %j', async (expectation, result) => {
    expect(await resultOf(stairs, expectation)).toEqual(result);
  });

  it('refers to the best loss, not to the last', async () => {
    const valley = along(([x]) => Math.abs(x! - 5));
    expect(await resultOf(valley, { loss: 0.5, steps: null })).toEqual({
      met: true,
      reached: { loss: 0, t: 5 },
      metAt: 5,
    });
  });

  it('is not met by NaN, and the result says if no loss was finite', async () => {
    const result = await resultOf(
      along(() => Number.NaN),
      { loss: 1, steps: null },
    );
    expect(result).toEqual({ met: false, reached: null, metAt: null });
    expect(expectationWords({ loss: 1, steps: null }, result)).toBe(
      'expected loss < 1: the loss was NaN at every step ✗',
    );
  });

  it('refers to the full-batch loss at the ends of epochs, with mini-batches', async () => {
    // The loss of a mini-batch is 50 less than that of all samples.
    const batched = along(([x], open) => 100 - x! - (open().indices.length < 8 ? 50 : 0));
    const patch = { samples: 8, batch: 2, steps: 10 };
    expect(await resultOf(batched, { loss: 97, steps: null }, patch)).toEqual({
      met: true,
      reached: { loss: 90, t: 10 },
      metAt: 4,
    });
    expect(await resultOf(batched, { loss: 97, steps: 3 }, patch)).toEqual({
      met: false,
      reached: { loss: 100, t: 0 },
      metAt: null,
    });
    expect(await resultOf(batched, { loss: 97, steps: 9 }, patch)).toMatchObject({
      reached: { loss: 92, t: 8 },
    });
  });

  it('refers to the validation loss, if there is one', async () => {
    const held: Objective['value'] = ([x]) => (x! - 3) ** 2;
    expect(await resultOf(stairs, { loss: 0.5, steps: 10 }, {}, held)).toEqual({
      met: true,
      reached: { loss: 0, t: 3 },
      metAt: 3,
    });
  });
});

it('is shown with enough digits to distinguish the two numbers', () => {
  const words = (loss: number, steps: number | null, reached: number, met: boolean) =>
    expectationWords({ loss, steps }, { met, reached: { loss: reached, t: 1200 }, metAt: met ? 9 : null });
  expect(words(1e-8, 5000, 3e-9, true)).toBe(
    'expected loss < 1e-8 within 5000 steps: reached 3e-9 at step 1200 ✓',
  );
  expect(words(1e-8, null, 0.25, false)).toBe('expected loss < 1e-8: reached 0.25 at step 1200 ✗');
  expect(words(0.5, null, 0.50001, false)).toBe('expected loss < 0.5: reached 0.50001 at step 1200 ✗');
  expect(words(0.5, null, 0.5000000001, false)).toBe(
    'expected loss < 0.5: reached 0.5000000001 at step 1200 ✗',
  );
  expect(words(0.5, null, 0.5, false)).toBe('expected loss < 0.5: reached 0.5 at step 1200 ✗');
});

it('is shown as the two sides of a difference', () => {
  const reached = { loss: 0.50001, t: 12 };
  expect(expectedAndActual({ loss: 0.5, steps: 20 }, { met: false, reached, metAt: null })).toEqual({
    expected: 'loss < 0.5 within 20 steps',
    actual: 'loss = 0.50001 at step 12',
  });
  expect(
    expectedAndActual(
      { loss: 0.9, steps: null, above: true },
      { met: false, reached, metAt: null, meanOf: 20 },
    ),
  ).toEqual({
    expected: 'objective > 0.9',
    actual: 'objective = 0.5 as the mean of 20 losses at step 12',
  });
  expect(expectedAndActual({ loss: 1, steps: null }, { met: false, reached: null, metAt: null })).toEqual({
    expected: 'loss < 1',
    actual: 'loss = NaN at every step',
  });
});
