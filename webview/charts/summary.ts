import { shortNumber, stepText } from '../numberText';
import { bucketSize } from './envelope';

export interface SummaryLine {
  readonly name: string;
  readonly envelope: Float64Array;
  /** Values that are not finite may be missing. */
  readonly mayBeBlank?: boolean;
}

export interface Summary {
  /** The complete text: last value, trend, range, and where values are not finite. */
  readonly full: string;
  /** A short text for a small chart: for several lines only the last value and the trend. */
  readonly short: string;
}

/**
 * The text of a chart for screen readers.
 *
 * @param end  the last step of the envelopes if the run goes on beyond it, because the chart is zoomed; else null
 */
export function summarize(lines: readonly SummaryLine[], end: number | null): Summary {
  const facts = lines.map((line) => ({ name: line.name, ...factsOf(line, end) }));
  const head = (name: string) => (facts.length > 1 && name !== '' ? `${name}: ` : '');
  const full = facts.map(({ name, now, rest }) => head(name) + now + rest).join(' · ');
  const brief = (now: string) => now.replace(/^last (?!finite)/, '');
  const short =
    facts.length > 1 ? facts.map(({ name, now }) => `${name} ${brief(now)}`.trim()).join(' · ') : full;
  return { full, short };
}

function factsOf(
  { envelope, mayBeBlank = false }: SummaryLine,
  endStep: number | null,
): {
  readonly now: string;
  readonly rest: string;
} {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let last = Number.NaN;
  let middle = Number.NaN;
  let firstBad = Number.NaN;
  // Half of the finite part, so that a run with an early overflow counts as rising.
  let end = envelope.length - bucketSize;
  while (end > 0 && Number.isNaN(envelope[end + 1]!)) end -= bucketSize;
  const half = Math.floor(end / bucketSize / 2) * bucketSize;
  for (let i = 0; i < envelope.length; i += bucketSize) {
    const low = envelope[i + 1]!;
    const high = envelope[i + 2]!;
    if (envelope[i + 3]! > 0 && Number.isNaN(firstBad)) firstBad = envelope[i]!;
    if (Number.isNaN(low)) continue;
    if (low < least) least = low;
    if (high > largest) largest = high;
    last = high;
    if (i <= half) middle = high;
  }
  const words = mayBeBlank ? '; no value at some steps' : `; not finite from step ${stepText(firstBad)}`;
  const bad = Number.isNaN(firstBad) ? '' : words;
  const nothing = envelope.length === 0 ? 'no values yet' : mayBeBlank ? 'no values' : 'no finite values';
  if (least > largest) return { now: nothing, rest: bad };
  if (least === largest) return { now: `constant ${shortNumber(least)}`, rest: bad };
  const [lastLow, lastHigh] = [envelope[end + 1]!, envelope[end + 2]!];
  // The last value in a bucket of several steps is unknown.
  const one = shortNumber(lastLow) === shortNumber(lastHigh);
  const value = one ? shortNumber(lastHigh) : `≈ ${shortNumber(lastLow / 2 + lastHigh / 2)}`;
  const reachesEnd = end + bucketSize >= envelope.length || mayBeBlank;
  const atEnd = endStep === null ? 'last' : `at step ${stepText(endStep)}:`;
  return {
    now: `${reachesEnd ? atEnd : 'last finite'} ${value}, ${trendOf(middle, last, largest - least)}`,
    rest: `; range ${shortNumber(least)} – ${shortNumber(largest)}${bad}`,
  };
}

/** The second half determines the trend, because the current direction of the run matters, not its start. */
function trendOf(middle: number, last: number, range: number): string {
  const ratio = middle > 0 && last > 0 ? last / middle : Number.NaN;
  if (ratio < 0.67 || last - middle < -0.1 * range) return 'falling';
  if (ratio > 1.5 || last - middle > 0.1 * range) return 'rising';
  return 'steady';
}
