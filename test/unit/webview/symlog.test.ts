import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extentOf } from '../../../webview/charts/envelope';
import { symlogAxis, symlogPlace, symlogThreshold, symlogValue } from '../../../webview/charts/symlog';

const ulp = Number.EPSILON;

function envelope(values: readonly number[]): Float64Array {
  return Float64Array.from(values.flatMap((value, i) => [i + 1, value, value, 0]));
}

function axisOf(values: readonly number[], ticks: number) {
  const lines = [envelope(values)];
  const threshold = symlogThreshold(lines, 1, values.length);
  return symlogAxis(extentOf(lines, 1, values.length), threshold, ticks);
}

describe('the position on a symmetric log axis', () => {
  test('can be inverted up to rounding, for all values that a chart draws', () => {
    const magnitude = fc.tuple(
      fc.integer({ min: -150, max: 150 }),
      fc.double({ min: 1, max: 10, noNaN: true }),
    );
    fc.assert(
      fc.property(
        magnitude,
        fc.integer({ min: -160, max: 149 }),
        fc.boolean(),
        ([exponent, digits], at, negative) => {
          const value = (negative ? -1 : 1) * digits * 10 ** exponent;
          const threshold = 10 ** at;
          const place = symlogPlace(value, threshold);
          // exp multiplies the rounding error of a position by abs(position).
          const error = Math.abs(symlogValue(place, threshold) - value) / Math.abs(value);
          expect(error).toBeLessThanOrEqual((Math.abs(place) + 3) * ulp);
        },
      ),
      { seed: 20260102, numRuns: 5000 },
    );
  });

  test('is exactly odd, 0 at 0, and ascending', () => {
    for (const value of [1e-300, 1e-12, 0.3, 1, 7, 1e12, 1e150]) {
      expect(symlogPlace(-value, 0.01)).toBe(-symlogPlace(value, 0.01));
      expect(symlogPlace(value * 1.001, 0.01)).toBeGreaterThan(symlogPlace(value, 0.01));
    }
    expect(symlogPlace(0, 0.01)).toBe(0);
    expect(symlogValue(0, 0.01)).toBe(0);
  });

  test('is v/threshold far below the threshold, and grows by ln 10 per decade far above it', () => {
    expect(symlogPlace(1e-20, 1)).toBeCloseTo(1e-20, 35);
    expect(symlogPlace(1e40, 1) - symlogPlace(1e39, 1)).toBeCloseTo(Math.LN10, 12);
    expect(symlogPlace(1, 1)).toBe(Math.LN2);
  });
});

describe('a symmetric log axis', () => {
  test('has zero and powers of ten of both signs in the same notation', () => {
    const axis = axisOf([-100, -10, -1, -0.1, 0.1, 1, 10, 100], 9)!;
    expect(axis.threshold).toBe(0.1);
    expect(axis.ticks.map(({ label }) => label)).toEqual(['-100', '-10', '-1', '0', '1', '10', '100']);
    expect(axis.min).toBeLessThan(-100);
    expect(axis.max).toBeCloseTo(-axis.min, 10);
  });

  test('writes all labels as powers if one requires it, and omits ticks without space', () => {
    const values = Array.from({ length: 9 }, (_, i) => -(10 ** -i));
    const axis = axisOf(values, 5)!;
    expect(axis.max).toBe(0);
    expect(axis.ticks.at(-1)).toEqual({ value: 0, label: '0' });
    expect(axis.ticks[0]).toEqual({ value: -1, label: '-1' });
    expect(axis.ticks.slice(1, -1).every(({ label }) => label.startsWith('-10⁻'))).toBe(true);
    expect(axis.ticks.length).toBeLessThanOrEqual(6);
  });

  test('is not dominated by a single value very close to 0', () => {
    const values = Array.from({ length: 100 }, (_, i) => Math.sin(i));
    values[50] = 1e-9;
    expect(symlogThreshold([envelope(values)], 1, 100)).toBeGreaterThanOrEqual(1e-3);
    expect(symlogThreshold([envelope(values)], 51, 51)).toBe(1e-10);
  });

  test('does not exist for zeros only', () => {
    expect(axisOf([0, 0], 4)).toBeNull();
    expect(axisOf([Number.NaN], 4)).toBeNull();
  });

  test('is finite, ascending, contains all values and has unique labels, for any values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e150, max: 1e150 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 2, max: 9 }),
        (values, ticks) => {
          const axis = axisOf(values, ticks);
          if (axis === null) return;
          expect(Number.isFinite(axis.min) && Number.isFinite(axis.max)).toBe(true);
          expect(axis.min).toBeLessThan(axis.max);
          expect(Math.min(...values)).toBeGreaterThanOrEqual(axis.min);
          expect(Math.max(...values)).toBeLessThanOrEqual(axis.max);
          const places = axis.ticks.map(({ value }) => value);
          expect([...places].sort((a, b) => a - b)).toEqual(places);
          expect(new Set(axis.ticks.map(({ label }) => label)).size).toBe(axis.ticks.length);
          for (const { label } of axis.ticks) expect(label).not.toMatch(/NaN|∞|Infinity/);
        },
      ),
      { seed: 20260103, numRuns: 3000 },
    );
  }, 30_000);
});
