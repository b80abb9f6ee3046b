import { det, inv, matrix, multiply } from 'mathjs';

/**
 * @loss
 * @start [3, 2]
 */
export function loss([x, y]) {
  const m = matrix([
    [x, 1],
    [1, y],
  ]);
  return det(multiply(m, m)) + inv(m).get([0, 0]);
}
