import Decimal from 'decimal.js';

/**
 * @loss
 * @start [1, 2]
 */
export function loss([x, y]) {
  return new Decimal(x).times(y).toNumber();
}
