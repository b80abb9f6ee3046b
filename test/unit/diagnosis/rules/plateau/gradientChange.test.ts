import { describe, expect, it } from 'vitest';
import {
  type GradientChange,
  GradientHalves,
  GradientRange,
} from '../../../../../src/core/diagnosis/rules/plateau/gradientChange';

/** Reuses one vector for all steps, as a run does. */
const fed = (change: GradientChange, gradients: readonly (readonly number[])[]) => {
  const grad = new Float64Array(gradients[0]!.length);
  for (const each of gradients) {
    grad.set(each);
    change.onStep(grad);
  }
  return change;
};

describe('change of a gradient without noise', () => {
  it('is its range divided by its last value', () => {
    const change = fed(new GradientRange(), [
      [4, -1, 1],
      [3, -2, 5],
      [2, -4, 2],
    ]);
    expect([0, 1, 2].map((i) => change.size(i))).toEqual([2, 4, 2]);
    expect([0, 1, 2].map((i) => change.relative(i))).toEqual([1, 0.75, 2]);
  });

  it('starts each window with the last gradient of the previous one', () => {
    const range = new GradientRange();
    range.reset();
    const grad = Float64Array.of(10);
    for (const g of [10, 4]) {
      grad[0] = g;
      range.onStep(grad);
    }
    range.reset();
    grad[0] = 2;
    range.onStep(grad);
    // From 4 to 2.
    expect(range.relative(0)).toBe(1);
  });

  it('is infinite if the last gradient is 0, and NaN if all are', () => {
    expect(fed(new GradientRange(), [[1], [0]]).relative(0)).toBe(Number.POSITIVE_INFINITY);
    expect(fed(new GradientRange(), [[0], [0]]).relative(0)).toBeNaN();
  });
});

describe('change of mini-batch gradients', () => {
  it('is that of the line through the mean gradients of both halves, relative to its end', () => {
    // g = 10 − k has the means 8.5 and 4.5: the line falls by 8 over the window and ends at 2.5.
    const ramp = Array.from({ length: 8 }, (_, k) => [10 - k, k - 10]);
    const change = fed(new GradientHalves(2, 8), ramp);
    for (const i of [0, 1]) {
      expect(change.size(i)).toBeCloseTo(4.5 - 2, 12);
      expect(change.relative(i)).toBeCloseTo(8 / 2.5, 12);
    }
  });

  it('starts each window from nothing', () => {
    const halves = new GradientHalves(1, 4);
    fed(halves, [[100], [90], [80], [70]]);
    halves.reset();
    fed(halves, [[1], [1], [2], [2]]);
    expect(halves.size(0)).toBeCloseTo(2.5, 12);
    expect(halves.relative(0)).toBeCloseTo(2 / 2.5, 12);
  });
});
