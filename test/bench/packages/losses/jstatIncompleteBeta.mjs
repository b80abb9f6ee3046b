import jstat from 'jstat';

/**
 * @loss
 * @start [1.5, 2]
 */
export function loss([x, y]) {
  return jstat.beta.cdf(0.3, x, y) + jstat.gammaln(x);
}
