import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/**
 * @loss
 * @start [3, 2]
 */
export function loss([x, y]) {
  return new EigenvalueDecomposition(
    new Matrix([
      [x, 1],
      [1, y],
    ]),
  ).realEigenvalues.reduce((s, v) => s + v * v, 0);
}
