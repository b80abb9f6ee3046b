import logpdf from '@stdlib/stats-base-dists-normal-logpdf';

/**
 * @loss
 * @start [0.5, 1]
 */
export function loss([x, y]) {
  return -logpdf(1.2, x, y) - logpdf(-0.3, x, y);
}
