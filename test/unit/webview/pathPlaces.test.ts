import { expect, test } from 'vitest';
import { lossNear, pointAtStep, pointNear } from '../../../webview/charts/pathPlaces';

test('the point at a step is the last one that was reached by then', () => {
  const steps = Float64Array.of(0, 4, 8, 9);
  expect([0, 3, 4, 8, 9, 100].map((step) => pointAtStep(steps, step))).toEqual([0, 0, 1, 2, 3, 3]);
  expect(pointAtStep(Float64Array.of(5, 6), 4)).toBe(-1);
  expect(pointAtStep(new Float64Array(0), 4)).toBe(-1);
});

test('the point near a place is the nearest one within reach', () => {
  const path = Float64Array.of(0, 0, 3, 4, Number.NaN, 1, 6, 8);
  const from = (x: number, y: number) => (a: number, b: number) => Math.hypot(a - x, b - y);
  expect(pointNear(path, from(3, 3), 2)).toBe(1);
  expect(pointNear(path, from(6, 7.5), 2)).toBe(3);
  expect(pointNear(path, from(100, 0), 2)).toBe(-1);
});

test('the loss near a place is that of the nearest point of the grid', () => {
  const grid = {
    x: [0, 2],
    y: [0, 1],
    columns: 3,
    rows: 2,
    values: Float64Array.of(1, 2, 3, 4, 5, 6),
  } as const;
  expect(lossNear(grid, [0.1, 0])).toBe(1);
  expect(lossNear(grid, [1.4, 0.9])).toBe(5);
  expect(lossNear(grid, [5, 0])).toBeNaN();
});
