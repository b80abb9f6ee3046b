import { ticks } from 'd3-array';
import { powerText, tickText } from '../numberText';
import type { Extent } from './envelope';

/** The range of an axis and its labelled ticks. All bounds and ticks are finite for any data. */
export interface Axis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/**
 * The axis of steps from `first` to `last`, with ticks at integers. For a single step, the axis is one step
 * wide.
 */
export function stepAxis(first: number, last: number, maxTicks: number): Axis {
  const min = first;
  const max = Math.max(last, first + 1);
  const values = roundTicks(min, max, maxTicks).filter(Number.isInteger);
  const labelled = values.map((value) => ({ value, label: stepLabel(value) }));
  // The first visible step gets a label if there is enough space before the next label.
  const [head, next = max] = values;
  if (head === undefined || head - min >= (next - head) * 0.7)
    labelled.unshift({ value: min, label: stepLabel(min) });
  return { min, max, ticks: labelled };
}

function stepLabel(step: number): string {
  if (step >= 1e6) return `${Number((step / 1e6).toPrecision(4))}M`;
  if (step >= 1e4) return `${Number((step / 1e3).toPrecision(5))}k`;
  return String(step);
}

/** A linear axis for the extent and the values in `include`, with a small margin. */
export function linearAxis(extent: Extent, include: readonly number[], maxTicks: number): Axis {
  let { least, largest } = extent;
  for (const value of include) {
    least = Number.isNaN(least) ? value : Math.min(least, value);
    largest = Number.isNaN(largest) ? value : Math.max(largest, value);
  }
  if (Number.isNaN(least)) return { min: 0, max: 1, ticks: [] };
  // A constant has a margin of a tenth of its magnitude on both sides.
  const room = largest > least ? (largest - least) * 0.06 : Math.max(Math.abs(least) * 0.1, 1e-12);
  const min = least >= 0 && least - room < 0 ? 0 : least - room;
  const max = largest <= 0 && largest + room > 0 && largest !== least ? 0 : largest + room;
  return { min, max, ticks: linearTicks(min, max, maxTicks) };
}

function linearTicks(min: number, max: number, maxTicks: number): Axis['ticks'] {
  const values = roundTicks(min, max, maxTicks);
  const spacing = values.length > 1 ? values[1]! - values[0]! : max - min;
  const widest = Math.max(...values.map(Math.abs), spacing);
  const digits = Math.min(15, Math.max(3, Math.ceil(Math.log10(widest / spacing)) + 1));
  return values.map((value) => ({ value, label: tickText(value, digits) }));
}

/** d3 throws on spans of subnormal numbers. */
const leastSpan = 1e-300;

/**
 * Multiples of 1, 2 or 5 times a power of ten from `min` to `max`: at most `most` + 1, if d3 offers so few.
 */
function roundTicks(min: number, max: number, most: number): number[] {
  let values: number[] = [];
  if (max - min < leastSpan) return values;
  // d3 treats the count as a hint and may return almost twice as many, whose labels would overlap.
  for (let count = Math.max(1, most); count >= 1; count--) {
    values = ticks(min, max, count);
    if (values.length <= most + 1) break;
  }
  // If the span is a few units in the last place, d3 returns duplicate values.
  return [...new Set(values)];
}

export interface LogAxis extends Axis {
  /** The position below the axis at which zeros and tiny values are drawn; NaN if there are none. */
  readonly zeroAt: number;
}

/**
 * The smallest ratio to 1 (or to the largest value, if that is less) of values on a log axis. Smaller values
 * count as zero.
 */
const decades = 1e-40;

/**
 * A log axis; null if there is no positive value or there is a negative one. Such data is drawn on a linear
 * axis, as is data of at most 1e-250, for which an axis has no space below.
 */
export function logAxis(extent: Extent, maxTicks: number): LogAxis | null {
  if (!(extent.leastPositive > 0) || extent.least < 0 || extent.largest < 1e-250) return null;
  const threshold = Math.max(Math.min(1, extent.largest) * decades, 1e-290);
  const tiny = extent.leastPositive < threshold;
  const zeros = extent.hasZero || tiny;
  let from = Math.log10(tiny ? threshold : extent.leastPositive);
  let to = Math.log10(extent.largest);
  if (to - from < 0.05) {
    from -= 0.5;
    to += 0.5;
  }
  const room = (to - from) * 0.06;
  const floor = zeros ? from - (to - from) * 0.12 : Number.NaN;
  const bottom = (zeros ? floor : from) - room;
  const ticks = logTicks(from - (zeros ? 0 : room), to + room, maxTicks);
  if (zeros) ticks.unshift({ value: 10 ** floor, label: tiny ? '≈ 0' : '0' });
  return { min: 10 ** bottom, max: 10 ** (to + room), ticks, zeroAt: 10 ** floor };
}

/**
 * Powers of ten at equal intervals. Below two decades also their multiples by 2 and 5, or by 3; within one
 * decade, linear ticks.
 */
function logTicks(from: number, to: number, maxTicks: number): { value: number; label: string }[] {
  const first = Math.ceil(from - 1e-9);
  const last = Math.floor(to + 1e-9);
  if (last - first >= 1) {
    const stride = Math.ceil((last - first + 1) / Math.max(2, maxTicks));
    const exponents = [];
    for (let exponent = Math.ceil(first / stride) * stride; exponent <= last; exponent += stride) {
      exponents.push(exponent);
    }
    // All labels have the same form: if one requires a power, all are powers.
    const powers = exponents.some((exponent) => exponent < -2 || exponent > 3);
    const label = (exponent: number) => (powers ? powerText(exponent) : tickText(10 ** exponent));
    if (exponents.length >= 2)
      return exponents.map((exponent) => ({ value: 10 ** exponent, label: label(exponent) }));
  }
  for (const factors of [
    [1, 2, 5],
    [1, 3],
    [1, 5],
  ]) {
    const ticks = [];
    for (let exponent = Math.floor(from); exponent <= last; exponent++) {
      for (const factor of factors) {
        const value = Number(`${factor}e${exponent}`);
        if (Math.log10(value) >= from && Math.log10(value) <= to)
          ticks.push({ value, label: tickText(value) });
      }
    }
    if (ticks.length >= 2 && ticks.length <= maxTicks + 1) return ticks;
  }
  const few = linearTicks(10 ** from, 10 ** to, maxTicks);
  return few.length >= 2 ? [...few] : [...linearTicks(10 ** from, 10 ** to, maxTicks * 2)];
}
