/** The recurrences raise arguments to this, so that the asymptotic series are exact to rounding. */
const large = 10;

/** B_2k, k = 1, 2, …; DLMF 24.2. */
const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510];

/** Σ_k B_2k f(2k), from the smallest term to the largest. */
function bernoulliSum(term: (order: number) => number): number {
  return bernoulli.reduceRight((sum, number, k) => sum + number * term(2 * (k + 1)), 0);
}

/**
 * ψ(x), the derivative of ln Γ. DLMF 5.5.2, 5.11.2, and the reflection 5.5.4 for x < 0:
 *
 *   ψ(x) = ψ(x + 1) − 1/x     ψ(x) ~ ln x − 1/(2x) − Σ B_2k / (2k x^2k)     ψ(1 − x) − ψ(x) = π cot πx
 *
 * @returns NaN at the poles 0, −1, −2, …
 */
export function digamma(x: number): number {
  if (x <= 0) return Number.isInteger(x) ? Number.NaN : digamma(1 - x) - Math.PI / tanOfPi(x);
  let sum = 0;
  let at = x;
  for (; at < large; at++) sum -= 1 / at;
  return sum + Math.log(at) - 0.5 / at - bernoulliSum((order) => 1 / (order * at ** order));
}

/**
 * ψ′(x). DLMF 5.15.1, 5.15.8, and 5.15.6 for x < 0:
 *
 *   ψ′(x) = ψ′(x + 1) + 1/x²     ψ′(x) ~ 1/x + 1/(2x²) + Σ B_2k / x^(2k+1)     ψ′(1 − x) + ψ′(x) = π² / sin² πx
 */
export function trigamma(x: number): number {
  if (x <= 0)
    return Number.isInteger(x) ? Number.POSITIVE_INFINITY : (Math.PI / sinOfPi(x)) ** 2 - trigamma(1 - x);
  let sum = 0;
  let at = x;
  for (; at < large; at++) sum += 1 / (at * at);
  return sum + 1 / at + 0.5 / (at * at) + bernoulliSum((order) => at ** -(order + 1));
}

/**
 * ψ″(x): the derivative of the recurrence, the series and the reflection of ψ′.
 *
 *   ψ″(x) = ψ″(x + 1) − 2/x³     ψ″(x) ~ −1/x² − 1/x³ − Σ (2k+1) B_2k / x^(2k+2)     ψ″(x) = ψ″(1 − x) − 2π³ cos πx / sin³ πx
 */
export function tetragamma(x: number): number {
  if (x <= 0)
    return Number.isInteger(x)
      ? Number.NaN
      : tetragamma(1 - x) - (2 * (Math.PI / sinOfPi(x)) ** 3 * sinOfPi(x)) / tanOfPi(x);
  let sum = 0;
  let at = x;
  for (; at < large; at++) sum -= 2 / at ** 3;
  return sum - 1 / at ** 2 - 1 / at ** 3 - bernoulliSum((order) => (order + 1) * at ** -(order + 2));
}

/**
 * ψ(a) − ψ(a + b) for a, b > 0, without the cancellation of the two terms where b is much smaller than a: both
 * recurrences and both series are subtracted term by term.
 */
export function digammaDifference(a: number, b: number): number {
  if (!(a > 0 && b > 0)) return digamma(a) - digamma(a + b);
  let sum = 0;
  let at = a;
  for (; at < large; at++) sum -= b / (at * (at + b));
  const log = Math.log1p(b / at);
  const series = bernoulliSum((order) => -Math.expm1(-order * log) / (order * at ** order));
  return sum - log - b / (2 * at * (at + b)) - series;
}

/** ln Γ(x) for x > 0. Stirling's series, DLMF 5.11.1, above the recurrence Γ(x + 1) = x Γ(x). */
export function logGamma(x: number): number {
  let product = 1;
  let at = x;
  for (; at < large; at++) product *= at;
  const series = bernoulliSum((order) => at ** (1 - order) / (order * (order - 1)));
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}

/** sin πx and tan πx of the exact remainder of x, since πx is rounded. */
export function sinOfPi(x: number): number {
  return Math.sin(Math.PI * (x - 2 * Math.round(x / 2)));
}

export function cosOfPi(x: number): number {
  return Math.cos(Math.PI * (x - 2 * Math.round(x / 2)));
}

function tanOfPi(x: number): number {
  return Math.tan(Math.PI * (x - Math.round(x)));
}
