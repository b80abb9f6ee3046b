import jstat from 'jstat';

/**
 * @loss
 * @start [1, 2]
 */
export function loss([x, y]) {
  return -Math.log(jstat.normal.pdf(0.5, x, y)) - Math.log(jstat.gamma.pdf(1.5, y, 1));
}
