import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { batchesOf } from '../../../src/core/batches';
import { resolveConfig } from '../../../src/core/config/resolve';
import { contextAt } from '../../../src/core/context';
import { Diagnosis } from '../../../src/core/diagnosis/diagnose';
import { EndWatch } from '../../../src/core/ending/endWatch';
import { together } from '../../../src/core/observers';
import { run } from '../../../src/core/runLoop';
import { layoutOf, recordLength, writeRecord } from '../../../src/core/trace/layout';
import { Trace } from '../../../src/core/trace/trace';
import { rosenbrock } from '../diagnosis/support/problems';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes in use, in heap and buffers, after a collection. */
function used(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Whether so many steps after one of interest are a point at which the memory is measured. */
function measured(after: number): boolean {
  return after >= 0 && after <= 4000 && after % 1000 === 0;
}

/** Bytes that a run holds at two of its steps: what the worker observes, and the trace of the host. */
async function heldAt(first: number, last: number, traceBytes: number): Promise<[number, number]> {
  const { objective, start } = rosenbrock(-1.2, 1);
  const { config } = resolveConfig([{ optimizer: { name: 'adam', lr: 1e-3 }, steps: last + 5000 }]);
  const batches = batchesOf(config.samples, config.batch, config.seed);
  const open = (t: number, part = batches.indicesOf(t)) => contextAt(config.seed, batches, t, part);
  const diagnosis = new Diagnosis({
    config,
    dim: 2,
    stepsPerEpoch: 1,
    probing: { objective, open, indicesOf: batches.indicesOf },
  });
  const watch = new EndWatch({ config, batches, isContextual: false, objective });
  const layout = layoutOf(config, 2, 128 * 2 ** 20, false);
  const trace = new Trace(layout, start, { budget: traceBytes });
  const record = new Float64Array(recordLength(layout));
  const before = used();
  // What is not yet collected only adds to a measurement: the least of several counts.
  const held = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  await run({
    objective,
    start: Float64Array.from(start),
    config,
    validation: null,
    control: { mayStep: () => true, lr: () => Number.NaN },
    observer: together([
      diagnosis,
      watch,
      {
        afterStep(step) {
          writeRecord(layout, step, record, 0);
          trace.append(record, 0);
          const which = [first, last].findIndex((at) => measured(step.t - at));
          if (which >= 0) held[which] = Math.min(held[which]!, used() - before);
        },
      },
    ]),
  });
  expect(trace.stride).toBeGreaterThan(1);
  return [held[0]!, held[1]!];
}

it('the memory of a run does not grow with its steps, once its trace is full', async () => {
  const traceBytes = 4 * 2 ** 20;
  const [early, late] = await heldAt(60_000, 600_000, traceBytes);
  // A full trace drops every second record and fills up again. One number a step would be 4.3 MB.
  expect(late - early).toBeLessThan(traceBytes / 2 + 2 ** 20);
  expect(late).toBeLessThan(traceBytes + 16 * 2 ** 20);
}, 120_000);
