import { maxAbs, norm2 } from '../numerics/norms';
import type { Objective, OpenContext } from '../objective';
import { followDescent } from './followDescent';
import { type Beyond, lookBeyond } from './lookBeyond';
import { type Polished, polish } from './polish/polish';
import { isMoreThanRounding } from './roundingNoise';
import { near } from './runEnd';
import { type Surroundings, surroundingsOf } from './surroundings';

/** The last point of a run, around which the loss may be evaluated. */
export interface LastPoint {
  readonly objective: Objective;
  /** Opens the context of an evaluation after the run, over all samples. */
  readonly open: OpenContext;
  /** theta_T, shape [dim]; not modified. */
  readonly params: Float64Array;
  /** theta_0, shape [dim]. */
  readonly start: Float64Array;
  readonly startLoss: number;
  readonly loss: number;
  /** theta_T − theta_{T−1}, shape [dim]. */
  readonly lastStep: Float64Array;
  /** The largest gradient norm of the run. */
  readonly largestGradient: number;
  /** The same without bursts that the loss does not confirm. */
  readonly confirmedGradient: number;
  /** The largest number of evaluations of a local search. */
  readonly evaluations: number;
  readonly isOverTime: () => boolean;
}

/** Around a point: at this share of its size, or of the path. */
const nearby = 1e-3;
/** A gradient of at most this share of the largest one has almost vanished. */
const vanished = 1e-3;

export function polishFrom({ lastStep, ...point }: LastPoint): Promise<Polished | null> {
  // Beside a burst, the gradient at a kink would look small.
  return polish({ ...point, largestGradient: point.confirmedGradient, lastMove: maxAbs(lastStep) });
}

/** The distance of a point from the last one, relative to the distance between the first and the last point of the run. */
export function relativeDistance(params: Float64Array, { params: last, start }: LastPoint): number {
  const distance = norm2(between(last, params));
  return distance === 0 ? 0 : distance / norm2(between(start, last));
}

/** The scale of distances: the size of the parameters or the length of the path, whichever is larger. */
export function scaleAround({ params, start }: LastPoint): number {
  return Math.max(maxAbs(params), norm2(between(start, params))) || 1;
}

/** The loss around the last point, at a distance that is small against both the parameters and the path of the run. */
export function lookAround(point: LastPoint): Promise<Surroundings | null> {
  const { objective, params, open } = point;
  return surroundingsOf(objective, params, nearby * scaleAround(point), open);
}

/**
 * Looks beyond the last point: as far as the whole path and more, along it and along the last step. What is seen is
 * refuted by a polish that reaches a lower loss, where the gradient has almost vanished and the loss rises beyond.
 */
export async function lookFarBeyond(point: LastPoint, polished: Polished | null): Promise<Beyond | null> {
  const { objective, open, params, start, startLoss, loss, lastStep, largestGradient } = point;
  if (!(loss < startLoss)) return null;
  const look = async (from: Float64Array, direction: Float64Array) => {
    const seen = await lookBeyond(objective, from, direction, open, startLoss - loss);
    if (!seen) return null;
    const to = from.map((theta, i) => theta + seen.distance * direction[i]!);
    return (await isMoreThanRounding(objective, from, to, 1 / seen.distance, open)) ? seen : null;
  };
  const path = between(start, params);
  const scale = norm2(path) / norm2(lastStep);
  const alongLastStep = lastStep.map((each) => scale * each);
  const seen = (await look(params, path)) ?? (await look(params, alongLastStep));
  if (!seen) return polished && followFurther(point, polished, norm2(path));
  const isLower = polished && polished.loss <= seen.loss;
  if (!isLower || polished.gradNorm > vanished * largestGradient) return seen;
  return (await look(polished.params, between(start, polished.params))) && seen;
}

/**
 * Where a polish was still descending when its evaluations were spent, and what is left matters: follows the descent.
 *
 * @param unit  the distance between the first and the last point of the run
 */
async function followFurther(point: LastPoint, polished: Polished, unit: number): Promise<Beyond | null> {
  const { objective, open, params, startLoss, loss, evaluations, isOverTime } = point;
  const worthwhile = near * (startLoss - polished.loss);
  if (polished.evaluations < evaluations || loss - polished.loss < worthwhile) return null;
  const followed = await followDescent({ objective, from: params, unit, open, isOverTime });
  if (!followed) return null;
  const { trail, end } = followed;
  const size = norm2(end.grad);
  const downhill = end.grad.map((each) => (-unit * each) / size);
  const isUnbounded =
    trail.fallsWithDistance ||
    trail.fallsWithGradient ||
    (trail.fallsInProportion && (await overflowsAt(objective, end.params, downhill, open))) ||
    (await lookBeyond(objective, end.params, downhill, open, 0)) !== null;
  const isSeen = isUnbounded && (await isMoreThanRounding(objective, params, end.params, 1, open));
  return isSeen ? { distance: trail.distance, loss: end.loss, evaluations: followed.evaluations } : null;
}

/** Whether the loss is not finite a step beyond a point. Where it throws, the point lies outside its domain. */
async function overflowsAt(
  objective: Objective,
  params: Float64Array,
  step: Float64Array,
  open: OpenContext,
): Promise<boolean> {
  const beyond = params.map((theta, i) => theta + step[i]!);
  try {
    return !Number.isFinite(await objective.value(beyond, open));
  } catch {
    return false;
  }
}

/** b − a */
export function between(a: Float64Array, b: Float64Array): Float64Array {
  return b.map((each, i) => each - a[i]!);
}
