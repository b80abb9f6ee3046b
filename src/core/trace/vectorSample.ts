/** Why a coordinate matters. */
export const rankNames = ['largestUpdate', 'contribution', 'epsDominated', 'lowestSnr', 'dead'] as const;
export type RankName = (typeof rankNames)[number];

/** The number of coordinates of each rank that are kept. */
export const rankedCoordinates = 5;

/**
 * The first coordinates of a rank, best first, and their values:
 *
 *   largestUpdate   largest abs(update) of this step
 *   contribution    largest sum of −g·update over all steps so far: the first-order decrease of the loss due to this coordinate
 *   epsDominated    largest share of eps in the divisor; coordinates without a gradient do not count
 *   lowestSnr       lowest abs(mHat)/sqrt(vHat); coordinates without a gradient do not count
 *   dead            the gradient was 0 at every step so far; the value is the parameter
 */
export interface Rank {
  readonly name: RankName;
  readonly coordinates: readonly number[];
  readonly values: readonly number[];
}

export interface Ranking {
  /** Those that the optimizer has, in the order of `rankNames`; none is empty. */
  readonly ranks: readonly Rank[];
  /** The number of coordinates whose gradient was 0 at every step so far. */
  readonly dead: number;
}

/** What is computed over all coordinates after step t, besides the bands of its record. */
export interface VectorSample {
  readonly t: number;
  /** null at most samples of a very long vector, where ranking takes as long as a step. */
  readonly ranking: Ranking | null;
  /** The median of abs(value) of each block of coordinates: shape [bands, blocks], in the order of `layout.bands`. */
  readonly blocks: Float64Array;
  /** The root mean square of each group of coordinates: shape [bands, groups], as `blocks`; absent without groups. */
  readonly groups?: Float64Array;
}

const mostBlocks = 64;

/** The largest number of groups of the heatmap of a run. */
export const mostGroups = 64;

/**
 * The root mean square of values with weights, in their unit: sqrt(Σ w x² / Σ w). Ignores NaN; NaN if there is no value.
 *
 * @param weights  shape [n]; null: each value counts once
 */
export function rootMeanSquare(values: Float64Array, weights: readonly number[] | null): number {
  let largest = Number.NaN;
  for (const value of values)
    if (!(Math.abs(value) <= largest) && !Number.isNaN(value)) largest = Math.abs(value);
  // Also of infinity, and if there is no value.
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return largest;
  let [sum, count] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue;
    const weight = weights?.[i] ?? 1;
    // Squares of the values themselves may leave the range of numbers.
    sum += weight * (values[i]! / largest) ** 2;
    count += weight;
  }
  return largest * Math.sqrt(sum / count);
}

/** The number of blocks of the heatmap of a run. */
export function blockCount(dim: number): number {
  return Math.min(mostBlocks, dim);
}

/** The first coordinate of each block, and `dim`. The blocks have equal lengths, up to rounding. */
export function blockStarts(dim: number, blocks: number): number[] {
  return Array.from({ length: blocks + 1 }, (_, b) => Math.ceil((b * dim) / blocks));
}
