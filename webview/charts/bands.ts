import { shortNumber, stepText } from '../numberText';
import { bucketSize } from './envelope';

/** The distribution of a quantity over all coordinates: see `Band` of the protocol. */
export interface ChartBand {
  readonly points: Float64Array;
  /** The number of coordinates. */
  readonly of: number;
}

/** The names of the seven values of a sample. */
export const bandNames = ['min', '5 %', '25 %', 'median', '75 %', '95 %', 'max'] as const;
export const perSample = 1 + bandNames.length;
export const medianPlace = bandNames.indexOf('median');

/** The areas of a chart by the places of their lower and upper edges, the widest first, and the dashes of their edges. */
export const bandAreas = [
  { low: 0, high: 6, dash: [1, 3] },
  { low: 1, high: 5, dash: [4, 3] },
  { low: 2, high: 4, dash: [] },
] as const;

export interface BandSample {
  readonly step: number;
  /** In the order of `bandNames`. */
  readonly values: Float64Array;
}

/** The last sample that is not after a step, else the first one; null if there is none. */
export function bandAt({ points }: ChartBand, step: number): BandSample | null {
  if (points.length < perSample) return null;
  let at = 0;
  while (at + perSample < points.length && points[at + perSample]! <= step) at += perSample;
  return { step: points[at]!, values: points.slice(at + 1, at + perSample) };
}

/** "all 4,899: median 3e-4 (5 to 95 %: 1e-5 to 2e-3; min 0, max 0.1)" */
export function bandWords(band: ChartBand, step: number): string {
  const sample = bandAt(band, step);
  if (!sample) return '';
  const [min, p5, , middle, , p95, max] = [...sample.values].map(shortNumber);
  return `all ${stepText(band.of)}: median ${middle} (5 to 95 %: ${p5} to ${p95}; min ${min}, max ${max})`;
}

/** The areas as buckets, for the layout of the value axis. */
export function bandEnvelopes({ points }: ChartBand): Float64Array[] {
  const count = points.length / perSample;
  return bandAreas.map(({ low, high }) => {
    const envelope = new Float64Array(count * bucketSize);
    for (let i = 0; i < count; i++) {
      const [least, largest] = [points[i * perSample + 1 + low]!, points[i * perSample + 1 + high]!];
      const hasArea = Number.isFinite(least) && Number.isFinite(largest);
      envelope.set(
        [points[i * perSample]!, hasArea ? least : Number.NaN, hasArea ? largest : Number.NaN, 0],
        i * bucketSize,
      );
    }
    return envelope;
  });
}
