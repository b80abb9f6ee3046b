import { easeBackOut, easeCubicInOut, easeElastic } from 'd3-ease';

/**
 * @loss
 * @start [0.3, 0.6]
 */
export function loss([x, y]) {
  return easeCubicInOut(x) + easeBackOut(y) + easeElastic(x);
}
