import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linearAxis, logAxis, stepAxis } from '../../../webview/charts/axis';
import { extentOf, plotLimit } from '../../../webview/charts/envelope';

/** An envelope with one bucket per value. */
function envelope(values: readonly number[]): Float64Array {
  return Float64Array.from(
    values.flatMap((value, i) =>
      Number.isFinite(value) ? [i + 1, value, value, 0] : [i + 1, Number.NaN, Number.NaN, 1],
    ),
  );
}

function extent(values: readonly number[]) {
  return extentOf([envelope(values)], 1, values.length);
}

describe('an axis', () => {
  test('is finite, contains all values and has no NaN labels, for any values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double(), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 2, max: 8 }),
        (values, ticks) => {
          const seen = extent(values);
          for (const axis of [linearAxis(seen, [], ticks), logAxis(seen, ticks)]) {
            if (axis === null) continue;
            expect(Number.isFinite(axis.min) && Number.isFinite(axis.max)).toBe(true);
            expect(axis.min).toBeLessThan(axis.max);
            for (const { value, label } of axis.ticks) {
              expect(Number.isFinite(value)).toBe(true);
              expect(label).not.toMatch(/NaN|∞|Infinity/);
            }
            expect(new Set(axis.ticks.map((tick) => tick.label)).size).toBe(axis.ticks.length);
          }
          const { min, max } = linearAxis(seen, [], ticks);
          for (const value of values) {
            if (!Number.isFinite(value)) continue;
            const drawn = Math.max(-plotLimit, Math.min(plotLimit, value));
            expect(drawn).toBeGreaterThanOrEqual(min);
            expect(drawn).toBeLessThanOrEqual(max);
          }
        },
      ),
      { seed: 20260101, numRuns: 3000 },
    );
  }, 30_000);

  test('cannot be logarithmic for negative values, or without a positive one', () => {
    expect(logAxis(extent([1, -1]), 4)).toBeNull();
    expect(logAxis(extent([0, 0]), 4)).toBeNull();
    expect(logAxis(extent([Number.NaN]), 4)).toBeNull();
    expect(logAxis(extent([1, 2]), 4)).not.toBeNull();
  });

  test('shows zeros at the bottom of a log scale, with the label 0', () => {
    const axis = logAxis(extent([0, 0.01, 100]), 4)!;
    expect(axis.zeroAt).toBeLessThan(0.01);
    expect(axis.zeroAt).toBeGreaterThan(axis.min);
    expect(axis.ticks[0]).toEqual({ value: axis.zeroAt, label: '0' });
    expect(logAxis(extent([0.01, 100]), 4)!.zeroAt).toBeNaN();
  });

  test('does not extend a log scale to extremely small values', () => {
    const axis = logAxis(extent([1, 1e-300]), 4)!;
    expect(axis.min).toBeGreaterThan(1e-60);
    expect(axis.ticks[0]!.label).toBe('≈ 0');
  });

  test('uses one notation for all powers of an axis', () => {
    expect(logAxis(extent([1e-6, 1e4]), 4)!.ticks.map((tick) => tick.label)).toEqual([
      '10⁻⁶',
      '10⁻³',
      '1',
      '10³',
    ]);
    expect(logAxis(extent([0.02, 150]), 4)!.ticks.map((tick) => tick.label)).toEqual([
      '0.1',
      '1',
      '10',
      '100',
    ]);
  });

  test('includes the given values', () => {
    const axis = linearAxis(extent([0.2, 0.3]), [0, 1], 4);
    expect(axis.min).toBeLessThanOrEqual(0);
    expect(axis.max).toBeGreaterThanOrEqual(1);
  });

  test('of steps has integer ticks and starts with the first step', () => {
    expect(stepAxis(1, 17, 5).ticks.map((tick) => tick.value)).toEqual([1, 5, 10, 15]);
    expect(stepAxis(1, 200_000, 4).ticks.map((tick) => tick.label)).toEqual([
      '1',
      '50k',
      '100k',
      '150k',
      '200k',
    ]);
    const single = stepAxis(1, 1, 4);
    expect(single.max).toBeGreaterThan(single.min);
    for (const { value } of stepAxis(3, 5, 8).ticks) expect(Number.isInteger(value)).toBe(true);
  });
});

describe('the extent of an envelope', () => {
  test('covers the visible buckets only, including one that starts before the range', () => {
    const buckets = Float64Array.of(1, 0, 100, 0, 11, 2, 3, 0, 21, -5, 4, 0);
    expect(extentOf([buckets], 11, 20)).toMatchObject({ least: 2, largest: 3 });
    expect(extentOf([buckets], 15, 18)).toMatchObject({ least: 2, largest: 3 });
    expect(extentOf([buckets], 10, 20)).toMatchObject({ least: 0, largest: 100, hasZero: true });
    expect(extentOf([buckets], 21, 30)).toMatchObject({ least: -5, leastPositive: 4 });
  });

  test('is limited to a maximum, and reports this', () => {
    expect(extent([1, 1e300])).toMatchObject({ largest: plotLimit, clamped: true });
    expect(extent([1, 1e100]).clamped).toBe(false);
  });
});

test('a narrow log axis has at least two ticks', () => {
  for (const [low, high] of [
    [2.3e-4, 8.2e-4],
    [5.7, 24.2],
    [60, 233],
    [0.043, 0.05],
  ] as const) {
    expect(logAxis(extent([low, high]), 3)!.ticks.length).toBeGreaterThanOrEqual(2);
  }
});
