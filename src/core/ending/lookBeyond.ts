import { norm2 } from '../numerics/norms';
import type { Objective, OpenContext } from '../objective';

/** The loss is evaluated at distances of 1, 10, … up to this one, relative to the path of the run. */
const farthest = 1e6;
/** Nearer distances, where the loss must not rise: a minimum or a pole lies between otherwise. */
const nearer = [1e-3, 1e-2, 0.1, 0.2, 0.5];
/** Where the run hardly moved: up to this distance, relative to the size of the parameters. */
const farFromParameters = 1e3;
/** Of a still shorter path, only rounding would be seen. */
const mostDecades = 15;
/** From each distance to the next, ten times as far, the decrease must grow by this factor. */
const growing = 2;
/** A loss that is not a number from this distance on overflows; before it, it has reached the edge of its domain. */
const leastOverflow = 10;
/** The number of bisections that find the distance at which the numbers overflow. */
const bisections = 12;

/** A distance, and the decrease of the loss there. */
interface Sight {
  readonly distance: number;
  readonly decrease: number;
}

/** The loss far beyond the last point of a run, where it decreases all the way there. */
export interface Beyond {
  /** Relative to the distance between the first and the last point of the run. */
  readonly distance: number;
  readonly loss: number;
  /** The evaluations of the descent that reached it; null if it lies on a straight line. */
  readonly evaluations: number | null;
  /** The step at which the numbers overflowed, and the last finite loss before it; absent if the run ended with finite numbers. */
  readonly overflow?: { readonly t: number; readonly lastLoss: number };
}

/**
 * Looks for a lower bound of the loss: evaluates it beyond the last point of a run, along a direction, at distances of up to a million
 * times that direction, and of at least a thousand times the parameters. Without a bound, the decrease grows from each distance to the
 * next. At a minimum it turns into a rise, also at nearer distances. At a horizontal asymptote it stops growing. If the numbers
 * overflow, the decrease must grow up to there: at a barrier, it turns into a rise.
 *
 * @param params     θ, shape [dim]
 * @param direction  shape [dim]; its length is the unit of the distances
 * @param atLeast    the least decrease at the largest distance that counts
 * @returns the largest distance and its loss; null if the decrease does not grow everywhere
 */
export async function lookBeyond(
  objective: Objective,
  params: Float64Array,
  direction: Float64Array,
  open: OpenContext,
  atLeast: number,
): Promise<Beyond | null> {
  const valueAt = (distance: number) =>
    objective.value(
      params.map((theta, i) => theta + distance * direction[i]!),
      open,
    );
  try {
    const here = await valueAt(0);
    const rounding = 64 * Number.EPSILON * Math.abs(here);
    for (const distance of nearer) if (!((await valueAt(distance)) <= here + rounding)) return null;
    let last: Sight = { distance: 0, decrease: 0 };
    for (const distance of distancesFor(params, direction)) {
      const decrease = here - (await valueAt(distance));
      if (!isNumber(decrease)) {
        const until = await lastBefore(distance, last, async (each) => here - (await valueAt(each)));
        return until && until.decrease > atLeast ? beyond(here, until) : null;
      }
      const next = { distance, decrease };
      if (!isSteeper(last, next)) return null;
      last = next;
      if (decrease === Number.POSITIVE_INFINITY) break;
    }
    return last.decrease > atLeast ? beyond(here, last) : null;
  } catch {
    return null;
  }
}

/** 1, 10, 100, … up to the farthest one. */
function distancesFor(params: Float64Array, direction: Float64Array): number[] {
  const reach = Math.max(farthest, (farFromParameters * norm2(params)) / norm2(direction));
  const decades = Math.min(mostDecades, Math.ceil(Math.log10(reach)));
  return Array.from({ length: decades + 1 }, (_, decade) => 10 ** decade);
}

/** The largest distance at which the loss is a number; null if the decrease does not grow up to there. */
async function lastBefore(
  overflow: number,
  from: Sight,
  decreaseAt: (distance: number) => Promise<number>,
): Promise<Sight | null> {
  if (from.distance < leastOverflow) return null;
  let [last, above] = [from, overflow];
  for (let k = 0; k < bisections; k++) {
    const distance = Math.sqrt(last.distance * above);
    const decrease = await decreaseAt(distance);
    if (!isNumber(decrease)) above = distance;
    else if (isSteeper(last, { distance, decrease })) last = { distance, decrease };
    else return null;
  }
  return last;
}

function isNumber(decrease: number): boolean {
  return !Number.isNaN(decrease) && decrease !== Number.NEGATIVE_INFINITY;
}

function isSteeper(before: Sight, after: Sight): boolean {
  if (before.distance === 0) return after.decrease > 0;
  const decades = Math.log10(after.distance / before.distance);
  return after.decrease >= growing ** decades * before.decrease;
}

function beyond(here: number, { distance, decrease }: Sight): Beyond {
  return { distance, loss: here - decrease, evaluations: null };
}
