import erf from '@stdlib/math-base-special-erf';

/**
 * @loss
 * @start [0.5, 1]
 */
export function loss([x, y]) {
  return erf(x) * y + erf(y) ** 2;
}
