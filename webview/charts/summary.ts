import { shortNumber, stepText } from '../numberText';
import { bucketSize } from './envelope';

export interface SummaryLine {
  readonly name: string;
  readonly envelope: Float64Array;
}

/** Least, largest, last value and trend of the drawn lines, in one sentence each: what a chart says without being seen. */
export function summarize(lines: readonly SummaryLine[]): string {
  const sentences = lines.map(({ name, envelope }) => {
    const facts = factsOf(envelope);
    const head = lines.length > 1 && name !== '' ? `${name}: ` : '';
    return head + facts;
  });
  return sentences.join('; ');
}

function factsOf(envelope: Float64Array): string {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let last = Number.NaN;
  let middle = Number.NaN;
  let firstBad = Number.NaN;
  // Half of what is finite: a run that overflowed early was rising all the same.
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
  const bad = Number.isNaN(firstBad) ? '' : `, not finite from step ${stepText(firstBad)}`;
  if (least > largest) return envelope.length === 0 ? 'no values yet' : `no finite values${bad}`;
  if (least === largest) return `constant ${shortNumber(least)}${bad}`;
  const trend = trendOf(middle, last, largest - least);
  return `${shortNumber(last)} ${trend}, ${shortNumber(least)} to ${shortNumber(largest)}${bad}`;
}

/** The second half decides: where the run is heading, not where it came from. */
function trendOf(middle: number, last: number, range: number): string {
  const ratio = middle > 0 && last > 0 ? last / middle : Number.NaN;
  if (ratio < 0.67 || last - middle < -0.1 * range) return 'falling';
  if (ratio > 1.5 || last - middle > 0.1 * range) return 'rising';
  return 'steady';
}
