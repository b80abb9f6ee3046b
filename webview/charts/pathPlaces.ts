import type { Grid } from '../../src/protocol/panel';

/** The index of the last point of a path that was reached by `step`; −1 before the first one. */
export function pointAtStep(pathSteps: Float64Array, step: number): number {
  let [low, high] = [-1, pathSteps.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pathSteps[middle]! <= step) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The index of the point of a path that is nearest to a place; −1 if none is within `reach`.
 *
 * @param path  x, y pairs
 * @param distance  the distance of a point from the place
 */
export function pointNear(
  path: Float64Array,
  distance: (x: number, y: number) => number,
  reach: number,
): number {
  let [nearest, least] = [-1, reach];
  for (let i = 0; i + 1 < path.length; i += 2) {
    const away = distance(path[i]!, path[i + 1]!);
    if (away < least) [nearest, least] = [i / 2, away];
  }
  return nearest;
}

/** The loss at the nearest point of a grid; NaN outside of it. */
export function lossNear({ x, y, columns, rows, values }: Grid, at: readonly [number, number]): number {
  const i = Math.round(((at[0] - x[0]) / (x[1] - x[0])) * (columns - 1));
  const j = Math.round(((at[1] - y[0]) / (y[1] - y[0])) * (rows - 1));
  if (!(i >= 0 && i < columns && j >= 0 && j < rows)) return Number.NaN;
  return values[j * columns + i]!;
}
