import { add, exp, multiply, sqrt } from 'mathjs';

/**
 * @loss
 * @start [1, 2]
 */
export function loss([x, y]) {
  return add(multiply(x, y), exp(multiply(-0.5, x)), sqrt(y));
}
