import { describe, expect, it } from 'vitest';
import { recordLength, type StepLayout } from '../../../src/core/trace/layout';
import { SmoothedSeries, smoothedSeries } from '../../../src/core/trace/smoothed';
import { Trace } from '../../../src/core/trace/trace';

const layout: StepLayout = { dim: 1, coordinates: [0], stateNames: [], extras: [] };
const loss = (data: Float64Array, offset: number) => data[offset + 1]!;

function traceOf(losses: readonly number[], stride = 1): Trace {
  const trace = new Trace(layout, [0], { stride });
  for (const [i, value] of losses.entries()) {
    const record = new Float64Array(recordLength(layout));
    [record[0], record[1]] = [i + 1, value];
    trace.append(record, 0);
  }
  return trace;
}

const averages = (envelope: Float64Array) =>
  Array.from({ length: envelope.length / 4 }, (_, b) => envelope[4 * b + 1]!);

describe('the moving average of a chart', () => {
  it("is Adam's bias-corrected first moment of the values", () => {
    const losses = Array.from({ length: 50 }, (_, i) => Math.sin(i) + 2);
    const result = averages(new SmoothedSeries(traceOf(losses), loss, 0.9).envelope(1, 50, 100));
    let m = 0;
    losses.forEach((value, i) => {
      m = 0.9 * m + 0.1 * value;
      expect(result[i]).toBeCloseTo(m / (1 - 0.9 ** (i + 1)), 12);
    });
  });

  it('of a constant is that constant from the first step on, and values that are not finite are left out', () => {
    const result = averages(
      new SmoothedSeries(traceOf([Number.NaN, 3, 3, Number.POSITIVE_INFINITY, 3]), loss, 0.99).envelope(
        1,
        5,
        9,
      ),
    );
    expect(result[0]).toBeNaN();
    for (const value of result.slice(1)) expect(value).toBeCloseTo(3, 12);
  });

  it('has the buckets of the envelope of the values, with the average at their ends', () => {
    const trace = traceOf(Array.from({ length: 100 }, (_, i) => i));
    const all = averages(new SmoothedSeries(trace, loss, 0.6).envelope(1, 100, 100));
    const some = new SmoothedSeries(trace, loss, 0.6).envelope(11, 100, 9);
    const raw = trace.envelope('loss', loss, 11, 100, 9);
    expect(some.length).toBe(raw.length);
    for (let b = 0; b < some.length / 4; b++) {
      expect(some[4 * b]).toBe(raw[4 * b]);
      expect(some[4 * b + 1]).toBe(all[Math.min(100, 10 + 10 * (b + 1)) - 1]);
    }
  });

  it('covers as many steps where only some are kept', () => {
    const ramp = Array.from({ length: 400 }, (_, i) => i);
    const whole = averages(new SmoothedSeries(traceOf(ramp), loss, 0.9).envelope(1, 400, 400));
    const sparse = averages(new SmoothedSeries(traceOf(ramp, 4), loss, 0.9).envelope(1, 400, 400));
    expect(sparse.at(-1)! / whole[396]!).toBeCloseTo(1, 1);
  });

  it('goes on with the trace, and begins again when the trace drops rows', () => {
    const trace = traceOf([1, 2]);
    const first = smoothedSeries(trace, 'loss', loss, 0.9);
    expect(smoothedSeries(trace, 'loss', loss, 0.9)).toBe(first);
    expect(smoothedSeries(trace, 'loss', loss, 0.6)).not.toBe(first);
    first.envelope(1, 2, 10);
    const record = new Float64Array(recordLength(layout));
    [record[0], record[1]] = [3, 9];
    trace.append(record, 0);
    expect(first.isBehind).toBe(true);
    expect(averages(first.envelope(1, 3, 10))).toHaveLength(3);
    expect(first.isBehind).toBe(false);
  });
});
