import betaLogpdf from '@stdlib/stats-base-dists-beta-logpdf';
import gammaLogpdf from '@stdlib/stats-base-dists-gamma-logpdf';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import poissonLogpmf from '@stdlib/stats-base-dists-poisson-logpmf';
import tLogpdf from '@stdlib/stats-base-dists-t-logpdf';

/** @loss @start [1.4, 2.3] */
export function loss([x, y]) {
  const terms = [
    gammaLogpdf(1.2, x, y),
    betaLogpdf(0.4, x, y),
    tLogpdf(x, y),
    poissonLogpmf(3, x),
    normalCdf(0.3, x, y),
    normalQuantile(0.3, x, y),
  ];
  return -terms.reduce((total, each) => total + each, 0);
}
