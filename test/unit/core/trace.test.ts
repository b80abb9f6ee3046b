import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/numerics/random';
import {
  recordedCoordinates,
  recordLength,
  recordPlaces,
  type StepLayout,
} from '../../../src/core/trace/layout';
import { emptyExtent, MinMaxPyramid } from '../../../src/core/trace/pyramid';
import { Trace } from '../../../src/core/trace/trace';

const layout: StepLayout = { dim: 1, coordinates: [0], stateNames: [], extras: [] };

function plainExtent(values: readonly number[]) {
  const finite = values.filter(Number.isFinite);
  return {
    min: finite.length ? Math.min(...finite) : Number.NaN,
    max: finite.length ? Math.max(...finite) : Number.NaN,
    nonFinite: values.length - finite.length,
  };
}

function wild(random: () => number): number {
  const pick = random();
  if (pick < 0.02) return Number.NaN;
  if (pick < 0.04) return random() < 0.5 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return (random() - 0.5) * 10 ** Math.floor(random() * 20);
}

function traceOf(losses: readonly number[], budget?: number): Trace {
  const trace = new Trace(layout, [0], budget === undefined ? {} : { budget });
  const record = new Float64Array(recordLength(layout));
  losses.forEach((loss, i) => {
    record[recordPlaces.t] = i + 1;
    record[recordPlaces.loss] = loss;
    trace.append(record, 0);
  });
  return trace;
}

describe('the min-max pyramid', () => {
  it.each([1, 2, 3, 4, 5])('has the same extent of any range as a plain scan (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const pyramid = new MinMaxPyramid();
    const values: number[] = [];
    for (let round = 0; round < 40; round++) {
      for (let i = Math.floor(random() * 90); i >= 0; i--) {
        values.push(wild(random));
        pyramid.append(values.at(-1)!);
      }
      const from = Math.floor(random() * values.length);
      const to = from + Math.floor(random() * (values.length - from + 1));
      const out = emptyExtent();
      pyramid.extent(from, to, (i) => values[i]!, out);
      expect(out, `seed ${seed}, [${from}, ${to})`).toEqual(plainExtent(values.slice(from, to)));
    }
  });

  it('reads few values, for a range of any length', () => {
    const pyramid = new MinMaxPyramid();
    for (let i = 0; i < 1e5; i++) pyramid.append(i);
    let reads = 0;
    pyramid.extent(
      7,
      99_993,
      (i) => {
        reads++;
        return i;
      },
      emptyExtent(),
    );
    expect(reads).toBeLessThan(32);
  });
});

describe('the trace of a run', () => {
  const loss = (data: Float64Array, offset: number) => data[offset + recordPlaces.loss]!;

  it('has an envelope that is updated as the trace grows', () => {
    const random = seededRandom(9);
    const losses = Array.from({ length: 5000 }, () => wild(random));
    const trace = traceOf(losses);
    const record = new Float64Array(recordLength(layout));
    for (const width of [1, 7, 600, 5001]) {
      const from = 1 + Math.floor(random() * 2000);
      const to = trace.steps - Math.floor(random() * 2000);
      const envelope = trace.envelope('loss', loss, from, to, width);
      const buckets = envelope.length / 4;
      expect(buckets).toBeLessThanOrEqual(width);
      for (let b = 0; b < buckets; b++) {
        const first = envelope[4 * b]!;
        const next = b + 1 < buckets ? envelope[4 * b + 4]! : to + 1;
        const wanted = plainExtent(losses.slice(first - 1, next - 1));
        expect([...envelope.subarray(4 * b + 1, 4 * b + 4)]).toEqual([
          wanted.min,
          wanted.max,
          wanted.nonFinite,
        ]);
      }
      expect(envelope[0]).toBe(from);
      losses.push(wild(random));
      record[recordPlaces.t] = losses.length;
      record[recordPlaces.loss] = losses.at(-1)!;
      trace.append(record, 0);
    }
  });

  it('adds a long run to an envelope in several calls', () => {
    const losses = Array.from({ length: 50_000 }, (_, i) => i);
    const trace = traceOf(losses);
    let calls = 0;
    let envelope: Float64Array;
    do {
      envelope = trace.envelope('loss', loss, 1, trace.steps, 100);
      calls++;
    } while (trace.isBehind('loss', loss));
    expect(calls).toBe(3);
    expect(envelope.at(-2)).toBe(49_999);
    expect(trace.envelope('loss', loss, 49_990, 50_000, 100)[1]).toBe(49_989);
  });

  it('stores the best loss so far with each row, and its step', () => {
    const trace = traceOf([Number.NaN, 5, 7, 2, Number.NaN, 3]);
    expect(Array.from({ length: 6 }, (_, row) => trace.at(row, recordLength(layout)))).toEqual([
      Number.NaN,
      5,
      5,
      2,
      2,
      2,
    ]);
    expect(trace.best).toEqual({ loss: 2, t: 3 });
  });

  it('keeps fewer rows above its budget, and reports the stride', () => {
    const losses = Array.from({ length: 20_000 }, (_, i) => i);
    const trace = traceOf(losses, 1);
    expect(trace.stride).toBe(16);
    expect(trace.steps).toBe(20_000);
    for (let row = 0; row < trace.rows; row++) expect(trace.read(row, loss)).toBe(trace.stepOf(row) - 1);
    expect(trace.rowOf(17)).toBe(1);
    expect(trace.rowOf(18)).toBe(-1);
    expect(trace.lastAt(recordPlaces.loss)).toBe(19_999);
    const envelope = trace.envelope('loss', loss, 1, 20_000, 10);
    expect(envelope[0]).toBe(1);
    expect(envelope[1]).toBe(0);
  });

  it.each([1e3, 1e5, 1e6])('reserves few bytes beyond its rows, with %i coordinates', (dim) => {
    const wide = { ...layout, dim, coordinates: Array.from({ length: dim }, (_, i) => i) };
    const trace = new Trace(wide, []);
    const record = new Float64Array(recordLength(wide));
    for (let t = 1; t <= 5; t++) {
      record[recordPlaces.t] = t;
      record.fill(t, recordPlaces.t + 1);
      trace.append(record, 0);
    }
    expect(trace.byteLength).toBeLessThan(5 * 8 * (record.length + 2) + 2 ** 23);
    for (let row = 0; row < 5; row++) expect(trace.at(row, record.length - 1)).toBe(row + 1);
  });

  it('keeps every other row of wide records when it is full', () => {
    const wide = { ...layout, dim: 1e6, coordinates: Array.from({ length: 1e6 }, (_, i) => i) };
    const trace = new Trace(wide, [], { budget: 4 * 8 * recordLength(wide) });
    const record = new Float64Array(recordLength(wide));
    for (let t = 1; t <= 9; t++) trace.append(record.fill(t), 0);
    expect([trace.rows, trace.stride]).toEqual([3, 4]);
    expect(Array.from({ length: 3 }, (_, row) => trace.at(row, 1e6))).toEqual([1, 5, 9]);
  });
});

describe('the recorded coordinates', () => {
  it.each([1, 5, 1000])('are bounded by the size of a record and of all %i steps', (steps) => {
    for (const dim of [2, 1e5, 1e7]) {
      const coordinates = recordedCoordinates(dim, 2, steps, 2 ** 27);
      expect(8 * 5 * coordinates.length).toBeLessThanOrEqual(
        Math.max(640, Math.min(2 ** 23, 2 ** 27 / steps)),
      );
      expect([coordinates[0], coordinates.at(-1)]).toEqual([0, dim - 1]);
    }
  });

  it('are all of them without a budget', () => {
    expect(recordedCoordinates(1e6, 2, 5, Number.POSITIVE_INFINITY)).toHaveLength(1e6);
  });
});
