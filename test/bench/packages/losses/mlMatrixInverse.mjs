import { inverse, Matrix } from 'ml-matrix';

/**
 * @loss
 * @start [3, 2]
 */
export function loss([x, y]) {
  return inverse(
    new Matrix([
      [x, 1],
      [0.5, y],
    ]),
  ).trace();
}
