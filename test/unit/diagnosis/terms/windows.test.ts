import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianOf } from '../../../../src/core/diagnosis/terms/medianOf';
import { RunningMedian } from '../../../../src/core/diagnosis/terms/runningMedian';
import { SlidingMax } from '../../../../src/core/diagnosis/terms/slidingMax';
import { RunningMean } from '../../../../src/core/numerics/runningMean';

const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 40 });
/** Few different values, so that there are ties. */
const tied = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 40 });
const lengths = fc.integer({ min: 1, max: 13 });
const replay = { seed: 2, numRuns: 300 };

/** For each position: the last `length` values up to it, and the number of values so far. */
function windowsOf(stream: readonly number[], length: number): number[][] {
  return stream.map((_, i) => stream.slice(Math.max(0, i + 1 - length), i + 1));
}

function quartiles(window: readonly number[]): number {
  const sorted = [...window].sort((a, b) => a - b);
  const last = sorted.length - 1;
  return sorted[Math.ceil(0.75 * last)]! - sorted[Math.floor(0.25 * last)]!;
}

describe('the maximum of the last values', () => {
  it('is correct, also with ties', () => {
    expect(new SlidingMax(3).largest).toBe(Number.NEGATIVE_INFINITY);
    fc.assert(
      fc.property(lengths, fc.oneof(values, tied), (length, stream) => {
        const sliding = new SlidingMax(length);
        windowsOf(stream, length).forEach((window, i) => {
          sliding.push(stream[i]!);
          expect(sliding.largest).toBe(Math.max(...window));
        });
      }),
      replay,
    );
  });
});

describe('the mean of the last values', () => {
  it('is their sum divided by their number, apart from rounding', () => {
    fc.assert(
      fc.property(lengths, values, (length, stream) => {
        const running = new RunningMean(length);
        windowsOf(stream, length).forEach((window, i) => {
          running.push(stream[i]!);
          const size = window.reduce((sum, value) => sum + Math.abs(value), 0);
          const mean = window.reduce((sum, value) => sum + value, 0) / window.length;
          // Each addition and division rounds by half an ulp of at most `size`.
          const tolerance = (window.length + 1) * (Number.EPSILON * size + Number.MIN_VALUE);
          expect(Math.abs(running.middle() - mean)).toBeLessThanOrEqual(tolerance);
          expect(running.isFull).toBe(i + 1 >= length);
          expect(running.interquartileRange() === quartiles(window)).toBe(true);
        });
      }),
      replay,
    );
  });

  it('does not overflow when the sum would', () => {
    const running = new RunningMean(3);
    for (const value of [1e308, 1e308, 1e308]) running.push(value);
    expect(running.middle()).toBeCloseTo(1e308, -295);
  });
});

describe('the median of the last values', () => {
  it('is the median of the sorted values, however large they are', () => {
    const any = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });
    fc.assert(
      fc.property(lengths, any, (length, stream) => {
        const running = new RunningMedian(length);
        windowsOf(stream, length).forEach((window, i) => {
          running.push(stream[i]!);
          const sorted = [...window].sort((a, b) => a - b);
          const half = sorted.length >> 1;
          const wanted =
            sorted.length % 2 === 1 ? sorted[half]! : 0.5 * sorted[half - 1]! + 0.5 * sorted[half]!;
          // −0 and 0 compare equal: their order is not defined.
          expect(running.median() === wanted).toBe(true);
          expect(running.isFull).toBe(i + 1 >= length);
        });
      }),
      replay,
    );
  });

  it('gives the distance between the quartiles', () => {
    fc.assert(
      fc.property(lengths, fc.oneof(values, tied), (length, stream) => {
        const running = new RunningMedian(length);
        windowsOf(stream, length).forEach((window, i) => {
          running.push(stream[i]!);
          expect(running.interquartileRange() === quartiles(window)).toBe(true);
          expect(running.middle()).toBe(running.median());
        });
      }),
      replay,
    );
  });
});

describe('the median of sorted values', () => {
  it.each([
    [[7], 7],
    [[1, 5], 3],
    [[1, 5, 9], 5],
    [[1, 2, 4, 9], 3],
    [[1e308, 1.2e308], 1.1e308],
  ])('%j: %d', (sorted, wanted) => {
    expect(medianOf(Float64Array.from(sorted))).toBe(wanted);
  });
});
