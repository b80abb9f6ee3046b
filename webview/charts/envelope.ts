/**
 * Functions that read `Series.envelope`: four numbers per bucket (first step, least, largest, number of
 * values that are not finite). They do not copy the points, because a chart draws directly from the array of
 * the host.
 */

/** Larger values are drawn at the edge and marked, because an axis over ±1e308 has no usable ticks. */
export const plotLimit = 1e150;

export const bucketSize = 4;

/** The facts about its lines that a chart needs for the layout of its axis. */
export interface Extent {
  /** Least and largest finite value, clamped to ±plotLimit; NaN if there is none. */
  readonly least: number;
  readonly largest: number;
  /** Least value above zero; NaN if there is none. */
  readonly leastPositive: number;
  readonly hasZero: boolean;
  readonly clamped: boolean;
}

/** The extent of the buckets that touch steps `first` to `last`. */
export function extentOf(envelopes: readonly Float64Array[], first: number, last: number): Extent {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let leastPositive = Number.POSITIVE_INFINITY;
  let hasZero = false;
  let clamped = false;
  for (const envelope of envelopes) {
    const end = envelope.length;
    for (let i = 0; i < end; i += bucketSize) {
      const next = i + bucketSize < end ? envelope[i + bucketSize]! : Number.POSITIVE_INFINITY;
      if (next <= first || envelope[i]! > last) continue;
      const low = envelope[i + 1]!;
      const high = envelope[i + 2]!;
      if (low < least) least = low;
      if (high > largest) largest = high;
      if (low > 0) {
        if (low < leastPositive) leastPositive = low;
      } else if (high > 0 && high < leastPositive) leastPositive = high;
      if (low === 0 || high === 0) hasZero = true;
    }
  }
  if (least < -plotLimit || largest > plotLimit) clamped = true;
  if (least > largest)
    return { least: Number.NaN, largest: Number.NaN, leastPositive: Number.NaN, hasZero, clamped: false };
  return {
    least: clamp(least),
    largest: clamp(largest),
    leastPositive:
      leastPositive === Number.POSITIVE_INFINITY ? Number.NaN : Math.min(leastPositive, plotLimit),
    hasZero,
    clamped,
  };
}

function clamp(value: number): number {
  return Math.max(-plotLimit, Math.min(plotLimit, value));
}

/** The ranges, as [first step, step after the last], in which some line has values that are not finite. */
export function nonFiniteStretches(envelopes: readonly Float64Array[], lastStep: number): [number, number][] {
  const stretches: [number, number][] = [];
  for (const envelope of envelopes) {
    for (let i = 0; i < envelope.length; i += bucketSize) {
      if (!(envelope[i + 3]! > 0)) continue;
      const from = envelope[i]!;
      const to = i + bucketSize < envelope.length ? envelope[i + bucketSize]! : Math.max(lastStep, from) + 1;
      stretches.push([from, to]);
    }
  }
  stretches.sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const stretch of stretches) {
    const last = merged.at(-1);
    if (last !== undefined && stretch[0] <= last[1]) last[1] = Math.max(last[1], stretch[1]);
    else merged.push([...stretch]);
  }
  return merged;
}

/** The largest value of the last bucket with a finite value; NaN if there is none. */
export function lastValue(envelope: Float64Array): number {
  let at = envelope.length - bucketSize;
  while (at > 0 && Number.isNaN(envelope[at + 2]!)) at -= bucketSize;
  return envelope[at + 2] ?? Number.NaN;
}

export interface BucketValue {
  readonly least: number;
  readonly largest: number;
  readonly nonFinite: boolean;
}

/** The bucket that contains `step`, or null before the first one. */
export function bucketAt(envelope: Float64Array, step: number): BucketValue | null {
  let low = 0;
  let high = envelope.length / bucketSize - 1;
  if (high < 0 || envelope[0]! > step) return null;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (envelope[middle * bucketSize]! <= step) low = middle;
    else high = middle - 1;
  }
  const at = low * bucketSize;
  return { least: envelope[at + 1]!, largest: envelope[at + 2]!, nonFinite: envelope[at + 3]! > 0 };
}
