import type { ReportChart } from '../../src/protocol/panel';
import { envelopeOfBand, envelopeOfPairs } from './pairs';

/** A line of a report, ready to be drawn. */
export interface ReportChartLine {
  readonly name: string;
  readonly envelope: Float64Array;
  /** The spread, with one bucket per x; null for none. */
  readonly band: Float64Array | null;
  /** The index of its subject in the report, which determines its style even if other lines are hidden. */
  readonly slot: number;
  /** The number of lines in the chart. */
  readonly count: number;
}

/** The slots of all subjects of a report, in the order in which its charts show them. */
export function slotsOfReport(charts: readonly Pick<ReportChart, 'lines'>[]): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  for (const { lines } of charts)
    for (const line of lines) if (!slots.has(subjectOf(line))) slots.set(subjectOf(line), slots.size);
  return slots;
}

function subjectOf({ name, subject = name }: ReportChart['lines'][number]): string {
  return subject;
}

/** @param slots  the slots of the whole report */
export function linesOfReport(
  { lines }: Pick<ReportChart, 'lines'>,
  slots: ReadonlyMap<string, number>,
): ReportChartLine[] {
  return lines.map((line) => ({
    name: line.name,
    envelope: envelopeOfPairs(line.points),
    band: line.band === null ? null : envelopeOfBand(line.points, line.band),
    slot: slots.get(subjectOf(line)) ?? 0,
    count: lines.length,
  }));
}

/** Every x at which some line has a point, in ascending order without duplicates. */
export function allX(lines: readonly { readonly points: Float64Array }[]): Float64Array {
  const xs = new Set<number>();
  for (const { points } of lines)
    for (let i = 0; i + 1 < points.length; i += 2) if (Number.isFinite(points[i]!)) xs.add(points[i]!);
  return Float64Array.from(xs).sort();
}

/**
 * The index of the value nearest to `wanted`, with distances measured after `place`; −1 if there are no
 * values.
 */
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
