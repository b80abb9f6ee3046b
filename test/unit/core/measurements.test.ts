import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../src/core/batches';
import { resolveConfig } from '../../../src/core/config/resolve';
import { contextAt } from '../../../src/core/context';
import { Diagnosis } from '../../../src/core/diagnosis/diagnose';
import { Measurements } from '../../../src/core/measurements';
import { together } from '../../../src/core/observers';
import { type RunObserver, run } from '../../../src/core/runLoop';
import { extraPlace, layoutOf, recordLength, writeRecord } from '../../../src/core/trace/layout';
import { analyticObjective } from '../../support/losses';

describe('measurements', () => {
  it('are valid from their own step on, until the next one or until measuring ends', () => {
    const measurements = new Measurements();
    expect(measurements.at(1, 'stability')).toBeNaN();
    measurements.post({ t: 3, stability: 1.5, rebound: 7 });
    expect(measurements.at(2, 'stability')).toBeNaN();
    expect([3, 4, 900].map((t) => measurements.at(t, 'stability'))).toEqual([1.5, 1.5, 1.5]);
    measurements.post({ t: 901, stability: 2, rebound: 8 });
    expect(measurements.at(901, 'rebound')).toBe(8);
    measurements.endAt(950);
    expect(measurements.at(950, 'stability')).toBeNaN();
    expect(measurements.at(950, 'rebound')).toBe(8);
  });
});

/** The records of a diagnosed run, with the recorder before or after the diagnosis. */
async function records(lr: number, order: 'recorder first' | 'diagnosis first'): Promise<Float64Array> {
  const objective = analyticObjective('rosenbrock');
  const { config } = resolveConfig([{ optimizer: { name: 'sgd', lr }, steps: 400 }]);
  const batches = batchesOf(config.samples, config.batch, config.seed);
  const layout = layoutOf(config, objective.dim, Number.POSITIVE_INFINITY, true);
  const length = recordLength(layout);
  const data = new Float64Array(length * config.steps);
  const measurements = new Measurements();
  const diagnosis = new Diagnosis({
    config,
    dim: objective.dim,
    stepsPerEpoch: 1,
    measurements,
    probing: {
      objective,
      open: (t, part = batches.indicesOf(t)) => contextAt(config.seed, batches, t, part),
      indicesOf: batches.indicesOf,
    },
  });
  const recorder: RunObserver = {
    afterStep: (step) => writeRecord(layout, step, data, (step.t - 1) * length, measurements),
  };
  await run({
    objective,
    start: Float64Array.of(-1.2, 1),
    config,
    validation: null,
    control: { mayStep: () => true, lr: () => Number.NaN },
    observer: together(order === 'recorder first' ? [recorder, diagnosis] : [diagnosis, recorder]),
  });
  const stability = extraPlace(layout, 'stability');
  const samples = Array.from({ length: config.steps }, (_, row) => data[row * length + stability]!);
  expect(new Set(samples).size).toBeGreaterThan(2);
  return data;
}

describe('the record of a step', () => {
  // At lr 0.01 the run diverges, and the diagnosis stops measuring.
  it.each([0.001, 0.01])('does not depend on the order of the observers, at lr %d', async (lr) => {
    const [first, second] = [await records(lr, 'recorder first'), await records(lr, 'diagnosis first')];
    expect(first.some((value, i) => !Object.is(value, second[i]))).toBe(false);
  });
});

describe('combined observers', () => {
  it('receive a step one after the other, and its end after the last one has finished', async () => {
    const seen: string[] = [];
    const observer = (name: string, waits: boolean): RunObserver => ({
      onStep: () => {
        seen.push(`${name} begins`);
        return waits
          ? Promise.resolve().then(() => {
              seen.push(`${name} settles`);
            })
          : undefined;
      },
      afterStep: () => seen.push(`after ${name}`),
    });
    const { config } = resolveConfig([{ steps: 1 }]);
    await run({
      objective: analyticObjective('rosenbrock'),
      start: Float64Array.of(-1.2, 1),
      config,
      validation: null,
      control: { mayStep: () => true, lr: () => Number.NaN },
      observer: together([observer('a', true), observer('b', false)]),
    });
    expect(seen).toEqual(['a begins', 'a settles', 'b begins', 'after a', 'after b']);
  });
});
