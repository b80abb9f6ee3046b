import { type PassExports, passesOf, smallestShared } from './vectorMemory';

// Passes over vectors of one length, shape [dim]. Where all vectors are in one `VectorMemory`, passes.wat processes the pairs, and the
// loops here the rest. It performs the same operations in the same order, with bit-identical results: sums have one part for the even
// coordinates and one for the odd ones. Change both together.

/** The WebAssembly passes, if all vectors are in one memory. */
function sharedPasses(x: Float64Array, ...others: readonly Float64Array[]): PassExports | null {
  const { buffer } = x;
  for (const other of others) if (other.buffer !== buffer) return null;
  return passesOf(x);
}

/** The number of coordinates in whole pairs. */
function evenPart(x: Float64Array): number {
  return x.length - (x.length % 2);
}

/** Whether an entry is NaN or infinite. */
export function hasNonFinite(x: Float64Array): boolean {
  const passes = x.length < smallestShared ? null : sharedPasses(x);
  const done = passes ? evenPart(x) : 0;
  if (passes?.hasNonFinite(x.byteOffset, 8 * done)) return true;
  for (let i = done; i < x.length; i++) if (x[i]! - x[i]! !== 0) return true;
  return false;
}

/** The least and the largest entry; null if all are NaN. */
export function endsOf(x: Float64Array): [number, number] | null {
  const passes = x.length < smallestShared ? null : sharedPasses(x);
  const done = passes ? evenPart(x) : 0;
  let least = passes?.least(x.byteOffset, 8 * done) ?? Number.POSITIVE_INFINITY;
  let largest = passes?.largest(x.byteOffset, 8 * done) ?? Number.NEGATIVE_INFINITY;
  for (let i = done; i < x.length; i++) {
    const value = x[i]!;
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  return least <= largest ? [least, largest] : null;
}

/** The largest abs(x − y); NaN does not count. */
export function largestChange(x: Float64Array, y: Float64Array): number {
  const passes = x.length < smallestShared ? null : sharedPasses(x, y);
  const done = passes ? evenPart(x) : 0;
  let largest = passes?.largestChange(x.byteOffset, 8 * done, y.byteOffset) ?? 0;
  for (let i = done; i < x.length; i++) {
    const size = Math.abs(x[i]! - y[i]!);
    if (size > largest) largest = size;
  }
  return largest;
}

/** The least abs(x − y); infinite if all are NaN. */
export function leastChange(x: Float64Array, y: Float64Array): number {
  const passes = x.length < smallestShared ? null : sharedPasses(x, y);
  const done = passes ? evenPart(x) : 0;
  let least = passes?.leastChange(x.byteOffset, 8 * done, y.byteOffset) ?? Number.POSITIVE_INFINITY;
  for (let i = done; i < x.length; i++) {
    const size = Math.abs(x[i]! - y[i]!);
    if (size < least) least = size;
  }
  return least;
}

/** sum −= g · (x − y), which is the decrease of a loss with gradient g by a step from y to x, to first order. */
export function addDescent(sum: Float64Array, g: Float64Array, x: Float64Array, y: Float64Array): void {
  const passes = sum.length < smallestShared ? null : sharedPasses(sum, g, x, y);
  const done = passes ? evenPart(sum) : 0;
  passes?.addDescent(sum.byteOffset, 8 * done, g.byteOffset, x.byteOffset, y.byteOffset);
  for (let i = done; i < sum.length; i++) sum[i] = sum[i]! - g[i]! * (x[i]! - y[i]!);
}

/** The vectors of a step. */
interface MovedVectors {
  /** The gradient, and that of the step before. */
  readonly grad: Float64Array;
  readonly lastGrad: Float64Array;
  /** theta_t, theta_{t−1} and theta_{t−2}. */
  readonly params: Float64Array;
  readonly before: Float64Array;
  readonly previous: Float64Array;
}

/** Sums over the steps of a run by coordinate. */
export interface MoveSums {
  readonly path: Float64Array;
  readonly work: Float64Array;
  readonly turns: Float64Array;
}

/**
 * With g = grad, d = params − before and e = before − previous:
 *
 *   path += abs(d), work += abs(g) · abs(d), turns += 1 where d · e < 0
 *
 * @returns the sum of what was added to work, and Σ ½(g + lastGrad) · e
 */
export function addMoves(
  { grad, lastGrad, params, before, previous }: MovedVectors,
  { path, work, turns }: MoveSums,
): readonly [work: number, slope: number] {
  const passes =
    grad.length < smallestShared
      ? null
      : sharedPasses(grad, lastGrad, params, before, previous, path, work, turns);
  const pairs = evenPart(grad);
  const ofPasses = passes?.addMoves(
    grad.byteOffset,
    8 * pairs,
    lastGrad.byteOffset,
    params.byteOffset,
    before.byteOffset,
    previous.byteOffset,
    path.byteOffset,
    work.byteOffset,
    turns.byteOffset,
  );
  // Of the even coordinates, the odd ones and the last one, if it has no pair.
  let [evenWork, oddWork, lastWork] = [ofPasses?.[0] ?? 0, 0, 0];
  let [evenSlope, oddSlope, lastSlope] = [ofPasses?.[1] ?? 0, 0, 0];
  for (let i = passes ? pairs : 0; i < grad.length; i++) {
    const g = grad[i]!;
    const d = params[i]! - before[i]!;
    const e = before[i]! - previous[i]!;
    const distance = Math.abs(d);
    const worth = Math.abs(g) * distance;
    const part = 0.5 * (g + lastGrad[i]!) * e;
    path[i] = path[i]! + distance;
    work[i] = work[i]! + worth;
    turns[i] = turns[i]! + (d * e < 0 ? 1 : 0);
    if (i >= pairs) {
      lastWork = worth;
      lastSlope = part;
    } else if (i % 2 === 0) {
      evenWork += worth;
      evenSlope += part;
    } else {
      oddWork += worth;
      oddSlope += part;
    }
  }
  return [evenWork + oddWork + lastWork, evenSlope + oddSlope + lastSlope];
}

/** peak = max(peak, abs(x)); NaN does not count. */
export function raise(x: Float64Array, peak: Float64Array): void {
  const passes = x.length < smallestShared ? null : sharedPasses(x, peak);
  const done = passes ? evenPart(x) : 0;
  passes?.raise(x.byteOffset, 8 * done, peak.byteOffset);
  for (let i = done; i < x.length; i++) {
    const size = Math.abs(x[i]!);
    if (size > peak[i]!) peak[i] = size;
  }
}

/** low = min(low, x), high = max(high, x); NaN does not count. */
export function widen(x: Float64Array, low: Float64Array, high: Float64Array): void {
  const passes = x.length < smallestShared ? null : sharedPasses(x, low, high);
  const done = passes ? evenPart(x) : 0;
  passes?.widen(x.byteOffset, 8 * done, low.byteOffset, high.byteOffset);
  for (let i = done; i < x.length; i++) {
    const value = x[i]!;
    if (value < low[i]!) low[i] = value;
    if (value > high[i]!) high[i] = value;
  }
}

/** Σ (g + l2 x)² / max(scale · v, least), over the coordinates where g + l2 x is not 0. */
export function sumOfRatios(
  g: Float64Array,
  x: Float64Array,
  v: Float64Array,
  { l2, scale, least }: { readonly l2: number; readonly scale: number; readonly least: number },
): number {
  const passes = g.length < smallestShared ? null : sharedPasses(g, x, v);
  const pairs = evenPart(g);
  const ofPasses = passes?.sumOfRatios(g.byteOffset, 8 * pairs, x.byteOffset, v.byteOffset, l2, scale, least);
  let [even, odd, last] = [ofPasses ?? 0, 0, 0];
  for (let i = passes ? pairs : 0; i < g.length; i++) {
    const each = g[i]! + l2 * x[i]!;
    if (each === 0) continue;
    const ratio = (each * each) / Math.max(scale * v[i]!, least);
    if (i >= pairs) last = ratio;
    else if (i % 2 === 0) even += ratio;
    else odd += ratio;
  }
  return even + odd + last;
}

// The first index from `from` on with a property; −1 if there is none. WebAssembly finds the pair.

/** x = 0 */
export function findZero(x: Float64Array, from: number): number {
  const passes = x.length < smallestShared ? null : sharedPasses(x);
  return findIndex(x, from, passes?.findZero, (i) => x[i] === 0);
}

/** x > above */
export function findAbove(x: Float64Array, above: number, from: number): number {
  const passes = x.length < smallestShared ? null : sharedPasses(x);
  const search = passes && ((at: number, end: number) => passes.findAbove(at, end, above));
  return findIndex(x, from, search, (i) => x[i]! > above);
}

/** x < below */
export function findBelow(x: Float64Array, below: number, from: number): number {
  const passes = x.length < smallestShared ? null : sharedPasses(x);
  const search = passes && ((at: number, end: number) => passes.findBelow(at, end, below));
  return findIndex(x, from, search, (i) => x[i]! < below);
}

/** abs(x − y) > above */
export function findChangeAbove(x: Float64Array, y: Float64Array, above: number, from: number): number {
  const passes = x.length < smallestShared ? null : sharedPasses(x, y);
  const apart = y.byteOffset - x.byteOffset;
  const search = passes && ((at: number, end: number) => passes.findChangeAbove(at, end, at + apart, above));
  return findIndex(x, from, search, (i) => Math.abs(x[i]! - y[i]!) > above);
}

/** x² / y < below */
export function findRatioBelow(x: Float64Array, y: Float64Array, below: number, from: number): number {
  const passes = x.length < smallestShared ? null : sharedPasses(x, y);
  const apart = y.byteOffset - x.byteOffset;
  const search = passes && ((at: number, end: number) => passes.findRatioBelow(at, end, at + apart, below));
  return findIndex(x, from, search, (i) => (x[i]! * x[i]!) / y[i]! < below);
}

/** abs(x) < share · abs(y) */
export function findDrop(x: Float64Array, y: Float64Array, share: number, from: number): number {
  const passes = x.length < smallestShared ? null : sharedPasses(x, y);
  const apart = y.byteOffset - x.byteOffset;
  const search = passes && ((at: number, end: number) => passes.findDrop(at, end, at + apart, share));
  return findIndex(x, from, search, (i) => Math.abs(x[i]!) < share * Math.abs(y[i]!));
}

/** @param search  from an offset on; returns that of the first pair with such a coordinate, `end` if there is none */
function findIndex(
  x: Float64Array,
  from: number,
  search: ((at: number, end: number) => number) | null | undefined,
  isFound: (i: number) => boolean,
): number {
  let i = from;
  if (search) {
    if (i % 2 === 1 && i < x.length) {
      if (isFound(i)) return i;
      i++;
    }
    const pairs = evenPart(x);
    if (i < pairs) i = (search(x.byteOffset + 8 * i, x.byteOffset + 8 * pairs) - x.byteOffset) / 8;
  }
  for (; i < x.length; i++) if (isFound(i)) return i;
  return -1;
}
