import { expect, test } from 'vitest';
import { bucketAt, nonFiniteStretches } from '../../../webview/charts/envelope';
import { summarize } from '../../../webview/charts/summary';

const { NaN: nan } = Number;
const mixed = Float64Array.of(1, 5, 6, 0, 11, nan, nan, 10, 21, nan, nan, 10, 31, 2, 3, 4, 41, 1, 1, 0);

test('adjacent ranges that are not finite are merged, and end at the next bucket', () => {
  expect(nonFiniteStretches([mixed], 50)).toEqual([[11, 41]]);
  expect(nonFiniteStretches([Float64Array.of(1, 1, 1, 0, 2, nan, nan, 1)], 2)).toEqual([[2, 3]]);
  expect(nonFiniteStretches([Float64Array.of(1, 1, 1, 0)], 9)).toEqual([]);
});

test('a step is found in its bucket', () => {
  expect(bucketAt(mixed, 0)).toBeNull();
  expect(bucketAt(mixed, 1)).toEqual({ least: 5, largest: 6, nonFinite: false });
  expect(bucketAt(mixed, 10)).toEqual({ least: 5, largest: 6, nonFinite: false });
  expect(bucketAt(mixed, 35)).toEqual({ least: 2, largest: 3, nonFinite: true });
  expect(bucketAt(mixed, 999)).toEqual({ least: 1, largest: 1, nonFinite: false });
  expect(bucketAt(new Float64Array(), 1)).toBeNull();
});

test('a summary states the last value, the trend, the range, and where values are not finite', () => {
  const line = (...values: number[]) =>
    Float64Array.from(
      values.flatMap((v, i) => (Number.isFinite(v) ? [i + 1, v, v, 0] : [i + 1, nan, nan, 1])),
    );
  const facts = (...values: number[]) => summarize([{ name: 'x', envelope: line(...values) }], null);
  const full = (...values: number[]) => facts(...values).full;
  expect(full(8, 4, 2, 1)).toBe('last 1, falling; range 1 – 8');
  expect(full(1, 2, 4, 8)).toBe('last 8, rising; range 1 – 8');
  expect(full(5, 4, 1, 4.01)).toBe('last 4.01, steady; range 1 – 5');
  expect(full(2, 2)).toBe('constant 2');
  expect(full(1, 2, 9, nan)).toBe('last finite 9, rising; range 1 – 9; not finite from step 4');
  expect(full(1, nan, 9)).toBe('last 9, rising; range 1 – 9; not finite from step 2');
  expect(full(nan)).toBe('no finite values; not finite from step 1');
  expect(full()).toBe('no values yet');
  const wide = Float64Array.of(1, 8, 9, 0, 101, 2, 4, 0);
  expect(summarize([{ name: '', envelope: wide }], null).full).toBe('last ≈ 3, falling; range 2 – 9');
  expect(facts(8, 1).short).toBe(full(8, 1));
  const two = summarize(
    [
      { name: 'x', envelope: line(4, 1) },
      { name: 'y', envelope: line(2) },
    ],
    null,
  );
  expect(two.full).toBe('x: last 1, falling; range 1 – 4 · y: constant 2');
  expect(two.short).toBe('x 1, falling · y constant 2');
  const zoomed = (...values: number[]) =>
    summarize([{ name: '', envelope: line(...values) }], values.length).short;
  expect(zoomed(8, 4, 2, 1)).toBe('at step 4: 1, falling; range 1 – 8');
  expect(zoomed(1, 2, 9, nan)).toBe('last finite 9, rising; range 1 – 9; not finite from step 4');
});
