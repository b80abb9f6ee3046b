import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/**
 * @loss
 * @start [3, 2]
 */
export function loss([x, y]) {
  const c = new CholeskyDecomposition(
    new Matrix([
      [x + 2, 1],
      [1, y + 1],
    ]),
  );
  return c.lowerTriangularMatrix.get(1, 1) ** 2 + c.lowerTriangularMatrix.get(1, 0);
}
