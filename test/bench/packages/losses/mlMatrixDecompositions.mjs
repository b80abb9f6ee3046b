import { LuDecomposition, Matrix, QrDecomposition, SVD } from 'ml-matrix';

/** @loss @start [0.5, 1.5] */
export function loss([x, y]) {
  const a = new Matrix([
    [2 + x, y],
    [0.3, 5 + x * y],
  ]);
  const solved = new QrDecomposition(a).solve(Matrix.columnVector([1, y]));
  return new SVD(a).diagonal[0] + Math.log(new LuDecomposition(a).determinant) + solved.get(0, 0) ** 2;
}
