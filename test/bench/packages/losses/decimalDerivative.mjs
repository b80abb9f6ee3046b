import Decimal from 'decimal.js';

const logarithm = (x) => new Decimal(x).plus(1).ln().toNumber();
/** @derivative logarithm */
export const dLogarithm = (x) => 1 / (x + 1);

/** @loss @start [0.5, 1.5] */
export function loss([x, y]) {
  return logarithm(x * y) ** 2 + y;
}
