import { describe, expect, it } from 'vitest';
import { CoordinateLayout } from '../../../src/core/coordinates/coordinateLayout';
import {
  blockName,
  columnNear,
  extentOfCells,
  movedCell,
  rowNames,
  shareOf,
  shareScale,
} from '../../../webview/charts/heatmapCells';

const map = {
  level: 0,
  steps: Float64Array.of(1, 5, 9),
  starts: Float64Array.of(0, 1, 4),
  values: Float64Array.of(0, 1e-4, 1, Number.NaN, 1e-2, Number.POSITIVE_INFINITY),
};

describe('the cells of a heatmap', () => {
  it('have a logarithmic scale on which zero differs from the least value', () => {
    const extent = extentOfCells(map.values);
    expect(extent).toEqual({ least: 1e-4, largest: 1 });
    const shares = [...map.values].map((value) => shareOf(value, extent));
    expect(shares.slice(0, 3)).toEqual([0, 0.08, 1]);
    expect(shares[3]).toBeNaN();
    expect(shares[4]).toBeCloseTo(0.54, 12);
    expect(shares[5]).toBe(1);
    expect(extentOfCells(Float64Array.of(0, Number.NaN))).toEqual({ least: Number.NaN, largest: Number.NaN });
  });

  it('have a linear scale of shares', () => {
    expect([0, 0.25, 1].map((value) => shareOf(value, shareScale))).toEqual([0, 0.25, 1]);
    expect(shareOf(Number.NaN, shareScale)).toBeNaN();
  });

  it('are named by their coordinates, and found by a step', () => {
    const nameOf = (i: number) => ['b', 'w[0]', 'w[1]', 'w[2]'][i]!;
    const layout = new CoordinateLayout(['b', 'w[0..2]'], null, 4);
    expect(rowNames(map, layout)).toEqual(['b', 'w[0] to w[2]']);
    expect(rowNames({ ...map, level: 1 }, layout)).toEqual(['b', 'w']);
    expect([blockName(map, 0, nameOf), blockName(map, 1, nameOf)]).toEqual(['b', 'w[0] to w[2]']);
    expect([0, 2, 3, 6, 50].map((step) => columnNear(map, step))).toEqual([0, 0, 1, 1, 2]);
  });

  it('are reached by keys, up to the edges', () => {
    const from = { row: 0, column: 1 };
    const grid = { ...map, names: ['a', 'b'] };
    expect(movedCell(from, 'ArrowDown', grid)).toEqual({ row: 1, column: 1 });
    expect(movedCell(from, 'ArrowUp', grid)).toEqual(from);
    expect(movedCell(from, 'End', grid)).toEqual({ row: 0, column: 2 });
    expect(movedCell(from, 'PageDown', grid)).toEqual({ row: 1, column: 1 });
    expect(movedCell(from, 'a', grid)).toBeNull();
  });
});
