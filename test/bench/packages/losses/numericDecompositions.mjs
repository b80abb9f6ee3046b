import * as numeric from 'numeric';

/** @loss @start [0.5, 1.5] */
export function loss([x, y]) {
  const a = [
    [2 + x, y],
    [y, 5 + x * y],
    [0.3, 0.1],
  ];
  const { LU } = numeric.LU(numeric.dot(numeric.transpose(a), a));
  return numeric.svd(a).S[0] + LU[1][1];
}
