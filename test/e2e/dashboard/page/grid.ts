import type { Grid } from '../../../../src/protocol/panel';

/** A loss of two coordinates on a grid. */
export function gridFor(
  lossAt: (x: number, y: number) => number,
  x: readonly [number, number],
  y: readonly [number, number],
): Grid {
  const [columns, rows] = [72, 72];
  const values = new Float64Array(columns * rows);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const point = [
        x[0] + ((x[1] - x[0]) * i) / (columns - 1),
        y[0] + ((y[1] - y[0]) * j) / (rows - 1),
      ] as const;
      values[j * columns + i] = lossAt(...point);
    }
  }
  return { x, y, columns, rows, values };
}
