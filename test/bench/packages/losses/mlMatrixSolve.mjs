import { Matrix, solve } from 'ml-matrix';

/**
 * @loss
 * @start [3, 2]
 */
export function loss([x, y]) {
  const a = new Matrix([
    [x, 1],
    [1, y],
  ]);
  const s = solve(a, Matrix.columnVector([1, 2]));
  return s.get(0, 0) ** 2 + s.get(1, 0);
}
