import { describe, expect, test } from 'vitest';
import {
  boxAround,
  divergenceByLoss,
  movedBox,
  outgrown,
  zoomedBox,
} from '../../../webview/charts/contourBox';
import { contourLevels } from '../../../webview/charts/contourLevels';

describe('the box of a contour', () => {
  test('contains the path with a margin', () => {
    const box = boxAround(Float64Array.of(-1.2, 1, 0, 0, 1, 1))!;
    expect(box.x[0]).toBeLessThan(-1.4);
    expect(box.x[1]).toBeGreaterThan(1.2);
    expect(box.y[0]).toBeLessThan(-0.1);
  });

  test('omits the end of a path that diverges', () => {
    const box = boxAround(Float64Array.of(-2, 2, 14, 6, 4e4, 1e3, 1e14, 1e9, Number.NaN, Number.NaN))!;
    expect(box.x[1]).toBeLessThan(100);
    expect(box.x[0]).toBeLessThanOrEqual(-2);
  });

  test('of a run that diverges ends where its loss stays above 100 times that of the start', () => {
    const points = Array.from({ length: 200 }, (_, i) => [(-2) ** i, 0.97 ** i]);
    const losses = Float64Array.from(points, ([x, y]) => 0.5 * (100 * x! ** 2 + y! ** 2));
    const shown = divergenceByLoss(losses, false);
    // 50.5, 200, 800, 3200 and one more.
    expect(shown).toBe(5);
    const box = boxAround(Float64Array.from(points.flat()), shown)!;
    expect(box.x[1]).toBeGreaterThan(16);
    expect(box.x[1]).toBeLessThan(30);
  });

  test('is the whole path if the loss comes back, is not known, or begins at zero', () => {
    expect(divergenceByLoss(Float64Array.of(1, 5000, 900, 3, Number.NaN), false)).toBe(5);
    expect(divergenceByLoss(Float64Array.of(Number.NaN, Number.NaN), false)).toBe(2);
    expect(divergenceByLoss(Float64Array.of(0, 1, 2), false)).toBe(3);
    expect(divergenceByLoss(Float64Array.of(-1, -50, 90, 97), false)).toBe(4);
    expect(divergenceByLoss(Float64Array.of(-1, -50, 98, 1e9, 1e12), false)).toBe(4);
    expect(divergenceByLoss(Float64Array.of(1, 0, -97, -1e9, -1e10), true)).toBe(4);
    expect(divergenceByLoss(Float64Array.of(1, 2, Number.POSITIVE_INFINITY, Number.NaN), false)).toBe(3);
  });

  test('contains most of a path that has a single jump', () => {
    const path = Array.from({ length: 100 }, (_, i) => [Math.cos(i), Math.sin(i)]).flat();
    path[20] = 1e6;
    const box = boxAround(Float64Array.from(path))!;
    expect(box.x[1] - box.x[0]).toBeLessThan(30);
  });

  test('of a single point has a positive area', () => {
    const box = boxAround(Float64Array.of(3, 0))!;
    expect(box.x[1]).toBeGreaterThan(box.x[0]);
    expect(box.y[1]).toBeGreaterThan(box.y[0]);
    expect(boxAround(new Float64Array())).toBeNull();
    expect(boxAround(Float64Array.of(Number.NaN, 1))).toBeNull();
  });

  test('is kept until the path leaves it or is much smaller', () => {
    const shown = { x: [0, 10], y: [0, 10] } as const;
    expect(outgrown(shown, shown)).toBe(false);
    expect(outgrown(shown, { x: [0.5, 10.2], y: [0, 10] })).toBe(false);
    expect(outgrown(shown, { x: [0, 13], y: [0, 10] })).toBe(true);
    expect(outgrown(shown, { x: [0, 10], y: [4, 6] })).toBe(true);
  });

  test('zooms about a point, and moves by shares of its size', () => {
    const box = { x: [0, 10], y: [0, 20] } as const;
    expect(zoomedBox(box, 0.5, [0, 1])).toEqual({ x: [0, 5], y: [10, 20] });
    expect(movedBox(box, [0.1, -0.5])).toEqual({ x: [1, 11], y: [-10, 10] });
  });
});

describe('the levels of a contour', () => {
  test('increase, are within the values, and are denser at low values', () => {
    const values = Float64Array.from({ length: 400 }, (_, i) => (i / 400) ** 4 * 1000 + 3);
    const levels = contourLevels(values, 12);
    expect(levels).toHaveLength(12);
    for (let i = 1; i < levels.length; i++) expect(levels[i]!).toBeGreaterThan(levels[i - 1]!);
    expect(levels[0]!).toBeGreaterThan(3);
    expect(levels[11]!).toBeLessThan(1003);
    expect(levels[5]!).toBeLessThan(200);
  });

  test('are finite for values near the largest double', () => {
    const levels = contourLevels(
      Float64Array.of(-1.7e308, 0, 1.7e308, Number.NaN, Number.POSITIVE_INFINITY),
      5,
    );
    for (const level of levels) expect(Number.isFinite(level)).toBe(true);
  });

  test('are empty if all values are equal or none is finite', () => {
    expect(contourLevels(Float64Array.of(1, 1), 5)).toEqual([]);
    expect(contourLevels(Float64Array.of(Number.NaN), 5)).toEqual([]);
  });
});
