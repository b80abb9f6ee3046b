import { powerText, tickText } from '../numberText';
import type { Axis } from './axis';
import { bucketSize, type Extent } from './envelope';

/**
 * The position of a value on a log axis of both signs, odd and continuous through zero (Webber, Measurement
 * Science and Technology 24, 2013, 027001):
 *
 *   place = sign(v) ln(1 + |v| / threshold)
 *
 * Below the threshold it is almost linear; above it, a decade is ln 10 wide.
 */
export function symlogPlace(value: number, threshold: number): number {
  return Math.sign(value) * Math.log1p(Math.abs(value) / threshold);
}

/** The value at a position: the inverse of `symlogPlace`. */
export function symlogValue(place: number, threshold: number): number {
  return Math.sign(place) * threshold * Math.expm1(Math.abs(place));
}

export interface SymlogAxis extends Axis {
  readonly threshold: number;
}

/**
 * The smallest ratio of the threshold to the largest value, so that a single value near zero does not
 * determine the axis.
 */
const decades = 1e-12;
/** The largest share of the values in the almost linear part around zero. */
const nearZero = 0.05;

/**
 * The power of ten above which the values of the visible buckets are drawn logarithmically; NaN if all of
 * them are zero or there are none.
 *
 * @param first  the first visible step
 * @param last   the last visible step
 */
export function symlogThreshold(envelopes: readonly Float64Array[], first: number, last: number): number {
  const magnitudes: number[] = [];
  for (const envelope of envelopes) {
    for (let i = 0; i < envelope.length; i += bucketSize) {
      const next = envelope[i + bucketSize] ?? Number.POSITIVE_INFINITY;
      if (next <= first || envelope[i]! > last) continue;
      const magnitude = Math.max(Math.abs(envelope[i + 1]!), Math.abs(envelope[i + 2]!));
      if (magnitude > 0 && magnitude < Number.POSITIVE_INFINITY) magnitudes.push(magnitude);
    }
  }
  if (magnitudes.length === 0) return Number.NaN;
  const sorted = Float64Array.from(magnitudes).sort();
  const largest = sorted.at(-1)!;
  const small = sorted[Math.floor(nearZero * (sorted.length - 1))]!;
  const wanted = Math.max(Math.min(small, largest / 10), largest * decades, 1e-290);
  return powerOfTen(Math.floor(Math.log10(wanted)));
}

/** A symmetric log axis for zero and the extent; null if all values are zero. */
export function symlogAxis(extent: Extent, threshold: number, maxTicks: number): SymlogAxis | null {
  if (!(threshold > 0) || Number.isNaN(extent.least)) return null;
  const [from, to] = [Math.min(0, extent.least), Math.max(0, extent.largest)];
  if (from === to) return null;
  const [bottom, top] = [symlogPlace(from, threshold), symlogPlace(to, threshold)];
  const room = (top - bottom) * 0.06;
  return {
    min: symlogValue(from === 0 ? bottom : bottom - room, threshold),
    max: symlogValue(to === 0 ? top : top + room, threshold),
    ticks: symlogTicks(from, to, threshold, maxTicks),
    threshold,
  };
}

/**
 * Zero and ±10^k at a constant interval of k, from the largest power down to the threshold, near which labels
 * would overlap zero.
 */
function symlogTicks(from: number, to: number, threshold: number, maxTicks: number): Axis['ticks'] {
  const least = Math.round(Math.log10(threshold)) + 1;
  const [below, above] = [-from, to].map((size) => (size > 0 ? exponentOf(size) : least - 1));
  const most = Math.max(below!, above!);
  const count = Math.max(0, below! - least + 1) + Math.max(0, above! - least + 1);
  const stride = Math.max(1, Math.ceil(count / Math.max(2, maxTicks - 1)));
  const exponents: number[] = [];
  for (let exponent = most; exponent >= least; exponent -= stride) exponents.push(exponent);
  const powers = exponents.some((exponent) => exponent < -2 || exponent > 3);
  const label = (exponent: number) => (powers ? powerText(exponent) : tickText(powerOfTen(exponent)));
  return [
    ...exponents
      .filter((exponent) => exponent <= below!)
      .map((exponent) => ({ value: -powerOfTen(exponent), label: `-${label(exponent)}` })),
    { value: 0, label: '0' },
    ...exponents
      .filter((exponent) => exponent <= above!)
      .reverse()
      .map((exponent) => ({ value: powerOfTen(exponent), label: label(exponent) })),
  ];
}

/**
 * The exponent of the largest power of ten up to `size`. For 1000 it is 3, although Math.log10 may give
 * slightly less.
 */
function exponentOf(size: number): number {
  return Math.floor(Math.log10(size) + 1e-9);
}

/** Parsed from a literal, because 10 ** -5 is wrong in the last place. */
function powerOfTen(exponent: number): number {
  return Number(`1e${exponent}`);
}
