import type { CoordinateLayout } from '../../src/core/coordinates/coordinateLayout';
import type { NameOf } from '../../src/core/coordinates/coordinateNames';
import type { HeatmapView } from '../../src/protocol/panel';

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Values by row and step, as they are drawn. */
export interface HeatGrid {
  /** Of the columns, ascending. */
  readonly steps: Float64Array;
  /** values[row * steps.length + column]; NaN without a value. */
  readonly values: Float64Array;
  /** Of the rows. */
  readonly names: readonly string[];
  /** Whether every row is labelled, as far as there is room; else four of them. */
  readonly labelsAll: boolean;
  readonly scale: CellScale;
}

/** The values at both ends of the brightness. On a logarithmic scale, 0 is darker than the least value. */
export interface CellScale {
  readonly least: number;
  readonly largest: number;
  /** Absent: logarithmic. */
  readonly linear?: boolean;
}

/** The scale of shares. */
export const shareScale: CellScale = { least: 0, largest: 1, linear: true };

/** The least value above zero and the largest one; NaN if there is none. */
export function extentOfCells(values: Float64Array): CellScale {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!(value > 0) || value === Number.POSITIVE_INFINITY) continue;
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  return largest > 0 ? { least, largest } : { least: Number.NaN, largest: Number.NaN };
}

/** The place of a value on a scale, in [0, 1]; 0 for zero, NaN for NaN. */
export function shareOf(value: number, { least, largest, linear = false }: CellScale): number {
  if (Number.isNaN(value)) return Number.NaN;
  if (linear) return Math.max(0, Math.min(1, (value - least) / (largest - least)));
  if (value === Number.POSITIVE_INFINITY) return 1;
  if (!(value > 0) || Number.isNaN(least)) return 0;
  // The least value differs from zero.
  return largest === least ? 1 : 0.08 + 0.92 * (Math.log(value / least) / Math.log(largest / least));
}

/** The column whose step is nearest. */
export function columnNear({ steps }: Pick<HeatGrid, 'steps'>, step: number): number {
  let nearest = 0;
  for (let i = 1; i < steps.length; i++)
    if (Math.abs(steps[i]! - step) <= Math.abs(steps[nearest]! - step)) nearest = i;
  return nearest;
}

/** "w1[0] to w1[15]", or the name of a single coordinate. */
export function blockName({ starts }: Pick<HeatmapView, 'starts'>, row: number, nameOf: NameOf): string {
  const [first, last] = [starts[row]!, starts[row + 1]! - 1];
  return first === last ? nameOf(first) : `${nameOf(first)} to ${nameOf(last)}`;
}

/** The name of each row: of its group, or of its block of coordinates. */
export function rowNames(map: Pick<HeatmapView, 'starts' | 'level'>, layout: CoordinateLayout): string[] {
  const groups = map.level > 0 ? layout.level(map.level) : null;
  return Array.from(
    { length: map.starts.length - 1 },
    (_, row) => groups?.[row]?.name ?? blockName(map, row, (coordinate) => layout.nameOf(coordinate)),
  );
}

const moves: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-8, 0],
  PageDown: [8, 0],
  Home: [0, -1000],
  End: [0, 1000],
};

/** The cell after a key; null if the key moves nothing. */
export function movedCell(
  { row, column }: Cell,
  key: string,
  { steps, names }: Pick<HeatGrid, 'steps' | 'names'>,
): Cell | null {
  const move = moves[key];
  if (!move) return null;
  const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  return {
    row: within(row + move[0], names.length),
    column: within(column + move[1], steps.length),
  };
}
