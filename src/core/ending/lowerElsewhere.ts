import { hessianAt, spectrumEnds } from '../curvature';
import { maxAbs, norm2 } from '../numerics/norms';
import { seededRandom } from '../numerics/random';
import type { BesideEnd, LowerElsewhere } from './heldBack';
import { between, type LastPoint, scaleAround } from './lastPoint';
import { polish } from './polish/polish';
import { directionOf, roundingOf } from './surroundings';
import { symmetricCoordinates } from './symmetry';
import type { Leap } from './vanishedGradient';

/** A loss is clearly lower if it is lower by this share of the decrease from the start to it. */
const clearly = 0.05;
/** Points of a step at which the loss is evaluated, with its end. */
const partsOfStep = 8;
/** The distances at which the loss is compared, relative to the size of the parameters or the path. */
const growing = [1e-3, 1e-2, 1e-1, 1];
/** Directions at each distance. */
const directions = 10;
/** Local searches at each distance from a stationary start. */
const searches = 3;
/** A local search that ends within this share of the distance has returned to the start. */
const returned = 0.1;
/** A decrease of this share of the rise to the point beside the start may be the rounding error of larger terms. */
const inexact = 1e-6;

/**
 * Whether the step after which the gradient vanished led past a lower loss. A local search from before it reaches a loss that
 * is clearly lower than the last one. Where the region is not flat, the loss must also not have descended along the step:
 * a gradient may vanish at a kink without any effect on the rest of the run.
 */
export async function lowerBeforeLeap(
  point: LastPoint,
  { t, from, to }: Leap,
  isFlat: boolean,
): Promise<LowerElsewhere | null> {
  if (!isFlat && (await descendsAlong(point, from, to))) return null;
  const found = await polish({ ...point, params: from, lastMove: maxAbs(between(from, to)) });
  return found && isClearlyLower(found.loss, point) ? { kind: 'before-leap', loss: found.loss, t } : null;
}

/** Whether the loss falls, or stays equal, all along a step. */
async function descendsAlong(point: LastPoint, from: Float64Array, to: Float64Array): Promise<boolean> {
  let last = await valueAt(point, from);
  for (let k = 1; k <= partsOfStep; k++) {
    const at = from.map((theta, i) => theta + (k / partsOfStep) * (to[i]! - theta));
    const loss = await valueAt(point, at);
    if (!(loss <= last + roundingOf(last))) return false;
    last = loss;
  }
  return true;
}

/** The first clearly lower loss at growing distances from a flat region, along coordinates, the last step and the path. */
export async function lowerBeyondFlat(point: LastPoint): Promise<LowerElsewhere | null> {
  const { params, start, lastStep } = point;
  const unit = scaleAround(point);
  const all = Array.from({ length: directions }, (_, k) => directionOf(k, params.length));
  for (const each of [lastStep, between(start, params)]) {
    const length = norm2(each);
    if (length > 0) all.push(each.map((x) => x / length));
  }
  for (const share of growing)
    for (const direction of all)
      for (const by of [share * unit, -share * unit]) {
        if (point.isOverTime()) return null;
        const loss = await valueAt(
          point,
          params.map((theta, i) => theta + by * direction[i]!),
        );
        if (isClearlyLower(loss, point)) return { kind: 'beyond-flat', loss, distance: Math.abs(by) };
      }
  return null;
}

/** With more coordinates, the flattest direction is not known exactly. */
const mostCoordinates = 24;
/** Distances examined along a valley: so many in each factor of ten. */
const perDecade = 8;
const decades = 3;

/**
 * The first clearly lower loss along the flattest direction at a point, if the loss is the same on both sides of it: a valley whose
 * floor is level here may fall farther along.
 */
export async function lowerAlongValley(point: LastPoint): Promise<LowerElsewhere | null> {
  const { params, loss } = point;
  const dim = params.length;
  if (dim < 2 || dim > mostCoordinates) return null;
  const unit = scaleAround(point);
  const along = await flattest(point);
  if (along === null) return null;
  const lossAt = (by: number) =>
    valueAt(
      point,
      params.map((theta, i) => theta + by * along[i]!),
    );
  const nearby = growing[0]! * unit;
  for (const by of [nearby, -nearby])
    if (!(Math.abs((await lossAt(by)) - loss) <= roundingOf(loss))) return null;
  for (let k = 1; k <= decades * perDecade; k++)
    for (const sign of [1, -1]) {
      if (point.isOverTime()) return null;
      const distance = nearby * 10 ** (k / perDecade);
      const there = await lossAt(sign * distance);
      if (isClearlyLower(there, point)) return { kind: 'beyond-flat', loss: there, distance };
    }
  return null;
}

/** The direction of the smallest curvature; null if it cannot be computed. */
async function flattest({ objective, params, open }: LastPoint): Promise<Float64Array | null> {
  try {
    const { smallestVector } = await spectrumEnds(
      hessianAt(objective, params, open),
      params.length,
      seededRandom(0, 0),
      null,
      mostCoordinates,
    );
    return smallestVector.every(Number.isFinite) ? smallestVector : null;
  } catch {
    return null;
  }
}

/**
 * The lower loss that a local search reaches from a point beside a stationary start. At a minimum with curvature the searches
 * return to the start, and nothing farther away matters. Where they do not return, the curvature vanishes along some
 * direction, and derivatives of a higher order, seen only at a distance, decide whether the start is a minimum.
 */
export async function lowerBesideStart(point: LastPoint): Promise<LowerElsewhere | null> {
  const { params, loss } = point;
  const unit = scaleAround(point);
  for (const [j, share] of growing.entries()) {
    let hasReturned = true;
    for (let k = 0; k < searches; k++) {
      if (point.isOverTime()) return null;
      const direction = directionOf(randomFrom + j * searches + k, params.length);
      const distance = share * unit;
      const from = params.map((theta, i) => theta + distance * direction[i]!);
      const rise = (await valueAt(point, from)) - loss;
      const found = await polish({ ...point, params: from, lastMove: 0 });
      if (found === null) continue;
      // Where terms cancel, a loss near the minimum is as inexact as its terms.
      if (loss - found.loss > roundingOf(loss) + inexact * Math.max(rise, 0))
        return { kind: 'beside-start', loss: found.loss, distance };
      if (norm2(between(params, found.params)) > returned * distance) hasReturned = false;
    }
    if (hasReturned) return null;
  }
  return null;
}

/** Of coordinates that moved, only distances up to this one are compared: farther away, another minimum may be lower. */
const beside = 1e-2;

/**
 * The lower loss that a local search reaches from a point beside the last one, where all coordinates are displaced at once that a symmetry
 * or factors that are 0 may have held: a point that is stationary for such a reason need not be a minimum, and no gradient shows
 * it. At a minimum in these coordinates the searches return, and nothing farther away matters. Otherwise the distance grows, up to the size of the
 * parameters if some of these coordinates have never moved.
 *
 * @param atLeast  the least decrease of the loss that counts
 */
export async function lowerBesideEnd(
  point: LastPoint,
  atLeast: number,
): Promise<(BesideEnd & { readonly loss: number }) | null> {
  const { objective, params, start, loss, open } = point;
  const grad = new Float64Array(params.length);
  try {
    await objective.valueAndGradient(params, grad, open);
  } catch {
    return null;
  }
  const unit = scaleAround(point);
  const { unmoved, equal } = symmetricCoordinates(start, params, grad, unit);
  const displaced = [...unmoved, ...equal];
  if (displaced.length === 0) return null;
  const shares = growing.filter((share) => unmoved.length > 0 || share <= beside);
  for (const [j, share] of shares.entries()) {
    let hasReturned = true;
    for (let k = 0; k < searches; k++) {
      if (point.isOverTime()) return null;
      const direction = within(displaced, directionOf(randomFrom + j * searches + k, params.length));
      const distance = share * unit;
      const from = params.map((theta, i) => theta + distance * direction[i]!);
      const rise = (await valueAt(point, from)) - loss;
      const found = await polish({ ...point, params: from, lastMove: 0 });
      if (found === null) continue;
      if (loss - found.loss > atLeast + roundingOf(loss) + inexact * Math.max(rise, 0))
        return {
          kind: 'beside-end',
          loss: found.loss,
          distance,
          isNear: share <= beside,
          direction: unitVector(between(params, found.params)),
          start,
          unmoved,
          equal,
        };
      const away = displaced.map((i) => found.params[i]! - params[i]!);
      if (norm2(Float64Array.from(away)) > returned * distance) hasReturned = false;
    }
    if (hasReturned) return null;
  }
  return null;
}

/** The part of a direction along some coordinates, of length 1. */
function within(coordinates: readonly number[], direction: Float64Array): Float64Array {
  const part = new Float64Array(direction.length);
  for (const i of coordinates) part[i] = direction[i]!;
  return unitVector(part);
}

function unitVector(of: Float64Array): Float64Array {
  const length = norm2(of);
  return of.map((each) => each / length);
}

/** Directions from this number on are random. */
const randomFrom = 100;

function isClearlyLower(loss: number, { startLoss, loss: last }: LastPoint): boolean {
  return last - loss > clearly * (startLoss - loss) + roundingOf(last);
}

/** NaN if the loss throws. */
async function valueAt({ objective, open }: LastPoint, params: Float64Array): Promise<number> {
  try {
    return await objective.value(params, open);
  } catch {
    return Number.NaN;
  }
}
