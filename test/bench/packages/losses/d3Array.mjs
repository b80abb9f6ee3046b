import { deviation, mean, sum } from 'd3-array';

/**
 * @loss
 * @start [1, 2]
 */
export function loss([x, y]) {
  return mean([x, y, 4]) ** 2 + deviation([x, y, 4]) + sum([x, y], (v) => v * v);
}
