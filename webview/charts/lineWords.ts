import type { ReportChart } from '../../src/protocol/panel';
import { exactNumber, shortNumber } from '../numberText';
import { bucketSize } from './envelope';
import { nearest, type ReportChartLine } from './reportLines';

export interface LineReading {
  readonly name: string;
  /** The exact value of the nearest point, with its spread. The x of that point is added if it differs. */
  readonly value: string;
  readonly slot: number;
  readonly count: number;
}

/** The values of the lines at `x`. A line that does not reach `x` has no value. */
export function readAt(lines: readonly ReportChartLine[], x: number): LineReading[] {
  return lines.map(({ name, envelope, band, slot, count }) => {
    const xs = xsOf(envelope);
    const at = nearest(xs, x);
    const outside = at < 0 || x < xs[0]! || x > xs.at(-1)!;
    return { name, slot, count, value: outside ? 'no value' : pointText(envelope, band, at, x) };
  });
}

function pointText(envelope: Float64Array, band: Float64Array | null, at: number, x: number): string {
  const value = envelope[at * bucketSize + 1]!;
  const text = Number.isNaN(value) ? 'not finite' : exactNumber(value);
  const own = envelope[at * bucketSize]!;
  const elsewhere = own === x ? '' : ` at ${exactNumber(own)}`;
  const least = band?.[at * bucketSize + 1] ?? Number.NaN;
  if (Number.isNaN(least)) return text + elsewhere;
  return `${text} (${shortNumber(least)} to ${shortNumber(band![at * bucketSize + 2]!)})${elsewhere}`;
}

function xsOf(envelope: Float64Array): Float64Array {
  const xs = new Float64Array(envelope.length / bucketSize);
  for (let i = 0; i < xs.length; i++) xs[i] = envelope[i * bucketSize]!;
  return xs;
}

export interface LinesInWords {
  /** A short text that fits under the chart. */
  readonly short: string;
  /** The text with all lines and marks. */
  readonly full: string;
}

/**
 * The text of a chart for screen readers: the first, last and smallest value of each line, and the marks. In short: the marks,
 * or the lowest of all values.
 */
export function wordsOf(
  lines: readonly ReportChartLine[],
  { marks, x, y }: Pick<ReportChart, 'marks' | 'x' | 'y'>,
): LinesInWords {
  const facts = lines.map(factsOf);
  const places = marks.map((mark) => `${mark.name} ${shortNumber(mark.x)}`).join(' · ');
  const full = [...facts.map(({ text }) => text), ...(places === '' ? [] : [`Marks: ${places}`])].join('; ');
  if (places !== '') return { short: places, full };
  const [lowest] = facts.filter(({ least }) => Number.isFinite(least)).sort((a, b) => a.least - b.least);
  if (facts.length < 2 || lowest === undefined) return { short: full, full };
  const { name, least, leastAt } = lowest;
  return {
    short: `Lowest ${y.title}: ${name}, ${shortNumber(least)} at ${x.title} ${shortNumber(leastAt)}`,
    full,
  };
}

function factsOf({ name, envelope }: ReportChartLine): {
  readonly name: string;
  /** The smallest value and its x; NaN if no value is finite. */
  readonly least: number;
  readonly leastAt: number;
  readonly text: string;
} {
  let [start, end, least, leastAt, missing] = [Number.NaN, Number.NaN, Number.NaN, Number.NaN, 0];
  for (let i = 0; i < envelope.length; i += bucketSize) {
    const value = envelope[i + 1]!;
    if (Number.isNaN(value)) {
      missing++;
      continue;
    }
    if (Number.isNaN(start)) start = value;
    end = value;
    if (!(value >= least)) [least, leastAt] = [value, envelope[i]!];
  }
  if (Number.isNaN(start)) return { name, least, leastAt, text: `${name}: no finite values` };
  const gaps = missing > 0 ? ', not finite in places' : '';
  const lowest = `least ${shortNumber(least)} at ${shortNumber(leastAt)}`;
  const text = `${name}: from ${shortNumber(start)} to ${shortNumber(end)}, ${lowest}${gaps}`;
  return { name, least, leastAt, text };
}
