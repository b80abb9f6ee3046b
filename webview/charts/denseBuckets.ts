import { bucketSize } from './envelope';

/** The largest distance of strokes, in pixels, at which they merge into an area. */
const mergedUpTo = 3.5;
/** The smallest overlap with the adjacent buckets, in pixels, that an area has. A steep line has less. */
const overlapFrom = 6;
/** Shorter runs of buckets are drawn as strokes: a few strokes hide nothing. */
const shortest = 4;

/**
 * Which buckets of the indices [from, to) would be drawn as a filled area, because their strokes are close together and each
 * one overlaps the next: the values oscillate faster than the pixels resolve.
 *
 * @returns one number a bucket: 1 in an area, else 0
 */
export function denseBuckets(
  envelope: Float64Array,
  from: number,
  to: number,
  placeX: (x: number) => number,
  placeY: (y: number) => number,
): Uint8Array {
  const count = Math.max(0, (to - from) / bucketSize);
  const dense = new Uint8Array(count);
  if (count < shortest) return dense;
  const spacing = (placeX(envelope[to - bucketSize]!) - placeX(envelope[from]!)) / (count - 1);
  if (!(spacing <= mergedUpTo)) return dense;
  /** The number of overlaps between consecutive buckets that end at the current one. */
  let run = 0;
  let [above, below] = [Number.NaN, Number.NaN];
  const mark = (end: number) => {
    if (run + 1 >= shortest) dense.fill(1, end - run, end + 1);
    run = 0;
  };
  for (let k = 0; k < count; k++) {
    const i = from + k * bucketSize;
    // Pixels grow downwards. An empty bucket is NaN, which overlaps nothing.
    const [top, bottom] = [placeY(envelope[i + 2]!), placeY(envelope[i + 1]!)];
    const empty = Number.isNaN(envelope[i + 1]!);
    const overlap = empty ? Number.NaN : Math.min(bottom, below) - Math.max(top, above);
    if (overlap >= overlapFrom) run++;
    else if (run > 0) mark(k - 1);
    [above, below] = empty ? [Number.NaN, Number.NaN] : [top, bottom];
  }
  if (run > 0) mark(count - 1);
  return dense;
}
