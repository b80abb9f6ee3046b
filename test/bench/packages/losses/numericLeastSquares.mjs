import numeric from 'numeric';

const design = [
  [1, 0.5],
  [1, 1.5],
  [1, 2],
  [1, 3.5],
];

/** @loss @start [0.5, 1] */
export function loss([x, y]) {
  const fitted = numeric.dot(design, [x, y]);
  const residuals = numeric.sub(fitted, [1, 2, 2.5, 4.5]);
  return numeric.norm2Squared(residuals) + numeric.sum(numeric.exp(numeric.mul(0.1, residuals)));
}
