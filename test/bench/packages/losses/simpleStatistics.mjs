import { linearRegression, standardDeviation } from 'simple-statistics';

/**
 * @loss
 * @start [1, 2]
 */
export function loss([x, y]) {
  const { m, b } = linearRegression([
    [0, x],
    [1, y],
    [2, 3],
  ]);
  return m * m + b + standardDeviation([x, y, 5]);
}
