import type { ReportChart } from '../../src/protocol/panel';
import { envelopeOfBand, envelopeOfPairs } from './pairs';

/** A line of a report, ready to be drawn. */
export interface ReportChartLine {
  readonly name: string;
  readonly envelope: Float64Array;
  /** The spread, a bucket an x; null for none. */
  readonly band: Float64Array | null;
  /** Its index among all lines, which determines its style even if others are hidden. */
  readonly slot: number;
  /** How many lines the chart has. */
  readonly count: number;
}

export function linesOfReport({ lines }: ReportChart): ReportChartLine[] {
  return lines.map(({ name, points, band }, slot) => ({
    name,
    envelope: envelopeOfPairs(points),
    band: band === null ? null : envelopeOfBand(points, band),
    slot,
    count: lines.length,
  }));
}

/** Every x at which some line has a point, ascending and once. */
export function allX(lines: readonly { readonly points: Float64Array }[]): Float64Array {
  const xs = new Set<number>();
  for (const { points } of lines)
    for (let i = 0; i + 1 < points.length; i += 2) if (Number.isFinite(points[i]!)) xs.add(points[i]!);
  return Float64Array.from(xs).sort();
}

/** The index of the value that is nearest to `wanted` where distances are those of `place`; −1 if there are none. */
export function nearest(
  xs: { readonly length: number; readonly [i: number]: number },
  wanted: number,
  place: (x: number) => number = (x) => x,
): number {
  let [low, high] = [0, xs.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  if (low > 0 && Math.abs(place(xs[low - 1]!) - place(wanted)) <= Math.abs(place(xs[low]!) - place(wanted)))
    return low - 1;
  return xs.length === 0 ? -1 : low;
}
