import { maxAbs } from '../numerics/norms';
import type { Random } from '../numerics/random';
import type { Inquiry } from './inquiry';

/** The noise of a loss near a point: how far its values lie from those of a smooth function, because of rounding. */
export interface Noise {
  /** The standard deviation of the values. */
  readonly absolute: number;
  /** The same, relative to the size of the loss and of its changes over a distance of 1. */
  readonly relative: number;
}

/** The relative noise of a loss in double precision: the usual difference step fits. */
const doubleAtMost = 1e-12;
/** Spacings of the points, in units of the direction. The last one is about the grid of half precision. */
const spacings = [1e-8, 3e-7, 7e-6, 1e-4, 1e-3];
/** The scale of the usual difference step. Noise that is visible only at larger spacings does not disturb it. */
const usualSpacing = 7e-6;
/** A quick look takes 2 · 3 + 1 points, an estimate 2 · 6 + 1. */
const [quick, thorough] = [3, 6];
const orders = [4, 5, 6];
/** Estimates from several orders of differences, or from two spacings, agree if their quotient is at most this. */
const agreement = 4;

/**
 * Estimates the noise of a loss from differences of high order along a line. Of a smooth function they vanish, so only the
 * noise is left. Hamming, *Introduction to Applied Numerical Analysis*, and ECNoise: Moré & Wild, doi:10.1137/100786125
 *
 *   sigma_k = median |Σ w_j f(t_j)| / (0.6745 sqrt(Σ w_j²))        w_j = 1 / Π_{m ≠ j} (t_j − t_m),  k = 4, 5, 6
 *
 * over all k + 1 neighbours of 13 points t_j. sigma is the noise if the three agree up to a factor of 4. Departures from
 * ECNoise: The points are not equidistant, because a spacing near a multiple of the grid to which a loss rounds would hide the
 * rounding. The median replaces the mean of squares, so that a kink or a single jump between the points does not count as
 * noise. All spacings up to the usual difference step are examined, because a loss that rounds to a grid is constant or smooth
 * at spacings below the grid.
 *
 * @param direction  shape [dim]: the unit of the spacing for each coordinate
 * @param random     places the points
 * @returns null if the loss computes in double precision or is constant, as far as its values show
 */
export function* noiseAlong(
  params: Float64Array,
  direction: Float64Array,
  random: Random,
): Inquiry<Noise | null> {
  const first = yield* samplesAlong(params, direction, quick, usualSpacing, random);
  const atMost = rounded(params, direction);
  if (isSmooth(first, params.length, atMost)) return null;
  let largest = 0;
  let size = 0;
  for (const spacing of spacings) {
    const samples = yield* samplesAlong(params, direction, thorough, spacing, random);
    if (!samples.values.every(Number.isFinite)) break;
    size = sizeOf(samples, params.length);
    const found = noiseOf(samples);
    const isSettled = found > atMost * size && found < agreement * largest;
    largest = Math.max(largest, found);
    if (isSettled) break;
    if (spacing >= usualSpacing && largest <= atMost * size && !hasPlateaus(samples)) break;
  }
  return largest > atMost * size ? { absolute: largest, relative: largest / size } : null;
}

/** Whether no noise above that of double precision is visible at the scale of the usual step. Takes 7 evaluations. */
export function* isSmoothAlong(
  params: Float64Array,
  direction: Float64Array,
  random: Random,
): Inquiry<boolean> {
  const samples = yield* samplesAlong(params, direction, quick, usualSpacing, random);
  return (
    samples.values.every(Number.isFinite) && isSmooth(samples, params.length, rounded(params, direction))
  );
}

/**
 * Up to this relative noise, a loss computes in double precision: along a direction that is short against the parameters, the points
 * are rounded by more than the values.
 */
function rounded(params: Float64Array, direction: Float64Array): number {
  const grids = params.map((x, i) => (direction[i] === 0 ? 0 : (Number.EPSILON * x) / direction[i]!));
  return doubleAtMost + 4 * maxAbs(grids);
}

/** The loss at some distances along the direction, ascending. */
interface Samples {
  readonly distances: Float64Array;
  readonly values: Float64Array;
}

function* samplesAlong(
  params: Float64Array,
  direction: Float64Array,
  half: number,
  spacing: number,
  random: Random,
): Inquiry<Samples> {
  const point = new Float64Array(params.length);
  const distances = Float64Array.from(
    { length: 2 * half + 1 },
    (_, k) => spacing * (k - half + (k === half ? 0 : 0.6 * (random() - 0.5))),
  );
  const values = new Float64Array(distances.length);
  for (let k = 0; k < values.length; k++) {
    for (let i = 0; i < point.length; i++) point[i] = params[i]! + distances[k]! * direction[i]!;
    values[k] = yield point;
  }
  return { distances, values };
}

/** Whether the loss varies at the scale of the usual step, and no relative noise above `atMost` is visible. */
function isSmooth(samples: Samples, dim: number, atMost: number): boolean {
  if (!samples.values.every(Number.isFinite)) return true;
  return !hasPlateaus(samples) && maxAbs(differences(samples, 4)) <= atMost * sizeOf(samples, dim);
}

/** The standard deviation of the noise; 0 if differences of several orders do not agree, as those of a smooth function. */
function noiseOf(samples: Samples): number {
  const estimates = orders.map((order) => medianSize(differences(samples, order)));
  const largest = Math.max(...estimates);
  return largest <= agreement * Math.min(...estimates) ? largest : 0;
}

/** The size of the loss and of its changes over one unit of the direction, without what noise may have contributed. */
function sizeOf(samples: Samples, dim: number): number {
  const { distances, values } = samples;
  const last = values.length - 1;
  const middle = last / 2;
  const noise = 4 * Math.max(maxAbs(differences(samples, 2)), maxAbs(differences(samples, 4)));
  const withoutNoise = (change: number) => Math.max(0, Math.abs(change) - noise);
  const reach = distances[last]! - distances[0]!;
  const slope = withoutNoise(values[last]! - values[0]!) / reach;
  const [left, right] = [-distances[0]!, distances[last]!];
  const bend = (values[last]! * left + values[0]! * right) / reach - values[middle]!;
  const curvature = (2 * withoutNoise(bend)) / (left * right);
  return Math.max(Math.abs(values[middle]!), slope / Math.sqrt(dim), curvature / dim);
}

/** Whether many neighbouring values are equal. */
function hasPlateaus({ values }: Samples): boolean {
  let equal = 0;
  for (let k = 1; k < values.length; k++) if (values[k] === values[k - 1]) equal++;
  return equal > values.length / 4;
}

/** Divided differences, scaled so that independent values of variance 1 give a variance of 1. */
function differences({ distances, values }: Samples, order: number): Float64Array {
  return Float64Array.from({ length: values.length - order }, (_, from) => {
    let [sum, squares] = [0, 0];
    for (let j = from; j <= from + order; j++) {
      let weight = 1;
      for (let m = from; m <= from + order; m++)
        if (m !== j) weight *= (distances[from + 1]! - distances[from]!) / (distances[j]! - distances[m]!);
      sum += weight * values[j]!;
      squares += weight * weight;
    }
    return sum / Math.sqrt(squares);
  });
}

/** The standard deviation of a normal distribution whose absolute values have the same median. */
function medianSize(values: Float64Array): number {
  const sorted = values.map(Math.abs).sort();
  return sorted[sorted.length >> 1]! / 0.6745;
}
