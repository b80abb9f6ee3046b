import { bucketSize } from './envelope';

/** x, y pairs as buckets of one value each, so that they are drawn like other series. */
export function envelopeOfPairs(points: Float64Array): Float64Array {
  const count = Math.floor(points.length / 2);
  const envelope = new Float64Array(count * bucketSize);
  for (let i = 0; i < count; i++) {
    const value = points[2 * i + 1]!;
    writeBucket(envelope, i, points[2 * i]!, value, value);
  }
  return envelope;
}

/** The spread of x, y pairs as buckets from least to largest. Without a spread, the bucket is empty. */
export function envelopeOfBand(points: Float64Array, band: Float64Array): Float64Array {
  const count = Math.min(Math.floor(points.length / 2), Math.floor(band.length / 2));
  const envelope = new Float64Array(count * bucketSize);
  for (let i = 0; i < count; i++) writeBucket(envelope, i, points[2 * i]!, band[2 * i]!, band[2 * i + 1]!);
  return envelope;
}

function writeBucket(envelope: Float64Array, at: number, x: number, least: number, largest: number): void {
  const finite = Number.isFinite(least) && Number.isFinite(largest);
  envelope.set(
    [x, finite ? least : Number.NaN, finite ? largest : Number.NaN, finite ? 0 : 1],
    at * bucketSize,
  );
}
