import { mean, sumBy, zipWith } from 'lodash-es';

/**
 * @loss
 * @start [1, 2]
 */
export function loss([x, y]) {
  return (
    sumBy(
      zipWith([x, y], [2, 3], (a, b) => a * b),
      (v) => v * v,
    ) + mean([x, y])
  );
}
