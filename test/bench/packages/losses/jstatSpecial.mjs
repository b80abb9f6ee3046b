import jstat from 'jstat';

const { jStat } = jstat;

/** @loss @start [1.4, 0.4] */
export function loss([x, y]) {
  return (
    jStat.gammaln(x) + jStat.erf(y) * jStat.betafn(x, 2) + jStat.lowRegGamma(2, x) + jStat.normal.inv(y, x, 2)
  );
}
