import { describe, expect, test } from 'vitest';
import { denseBuckets } from '../../../webview/charts/denseBuckets';

/** Buckets at the x values 0, 1, …, each from the first to the second value of a pair; values are pixels upwards. */
function dense(pairs: readonly (readonly [number, number])[], spacing = 1): number[] {
  const envelope = Float64Array.from(pairs.flatMap(([low, high], i) => [i, low, high, 0]));
  return [
    ...denseBuckets(
      envelope,
      0,
      envelope.length,
      (x) => x * spacing,
      (y) => -y,
    ),
  ];
}

const oscillating = Array.from({ length: 8 }, () => [0, 50] as const);

describe('buckets whose strokes would merge into an area', () => {
  test('are those of an oscillation that the pixels do not resolve', () => {
    expect(dense(oscillating)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  test('are not those of a steep line, which touch only at their ends', () => {
    expect(dense(Array.from({ length: 8 }, (_, i) => [i * 20, (i + 1) * 20] as const))).toEqual(
      new Array(8).fill(0),
    );
  });

  test('are not those of strokes that are apart', () => {
    expect(dense(oscillating, 5)).toEqual(new Array(8).fill(0));
  });

  test('end where the oscillation does, or at a gap', () => {
    const [flat, gap] = [
      [20, 20],
      [Number.NaN, Number.NaN],
    ] as const;
    expect(dense([flat, flat, ...oscillating.slice(0, 5), flat])).toEqual([0, 0, 1, 1, 1, 1, 1, 0]);
    expect(dense([...oscillating.slice(0, 4), gap, ...oscillating.slice(0, 2)])).toEqual([
      1, 1, 1, 1, 0, 0, 0,
    ]);
  });

  test('do not include a single spike', () => {
    expect(
      dense([
        [20, 21],
        [20, 21],
        [0, 90],
        [20, 21],
        [20, 21],
      ]),
    ).toEqual([0, 0, 0, 0, 0]);
    expect(dense([])).toEqual([]);
  });
});
