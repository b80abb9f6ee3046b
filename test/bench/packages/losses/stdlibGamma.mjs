import beta from '@stdlib/math-base-special-beta';
import betaln from '@stdlib/math-base-special-betaln';
import digamma from '@stdlib/math-base-special-digamma';
import gamma from '@stdlib/math-base-special-gamma';
import gammainc from '@stdlib/math-base-special-gammainc';
import gammaln from '@stdlib/math-base-special-gammaln';

/** @loss @start [1.4, 2.3] */
export function loss([x, y]) {
  return gammaln(x) + gamma(y) * gammainc(x, 2) - beta(x, y) + betaln(y, 3) * digamma(x + y);
}
