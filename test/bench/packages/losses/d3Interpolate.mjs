import { interpolateBasis, interpolateNumber } from 'd3-interpolate';

/**
 * @loss
 * @start [0.3, 2]
 */
export function loss([x, y]) {
  return interpolateNumber(x, y)(0.3) ** 2 + interpolateBasis([x, y, 1, 3])(0.4);
}
