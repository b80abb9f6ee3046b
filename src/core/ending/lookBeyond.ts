import type { Objective, OpenContext } from '../objective';

/** The distances at which the loss is evaluated, relative to the path of the run. */
const distances = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];
/** From each distance to the next, ten times as far, the decrease must grow by this factor. */
const growing = 2;

/**
 * Looks for a lower bound of the loss: evaluates it beyond the last point of a run, along a direction, at distances
 * of up to a million times that direction. Without a bound, the decrease grows from each distance to the next; at a
 * minimum it turns into a rise, and at a horizontal asymptote it stops growing.
 *
 * @param params     θ, shape [dim]
 * @param direction  shape [dim]; its length is the unit of the distances
 * @returns the largest distance and its loss; null if the decrease does not grow everywhere
 */
export async function lookBeyond(
  objective: Objective,
  params: Float64Array,
  direction: Float64Array,
  open: OpenContext,
): Promise<{ readonly distance: number; readonly loss: number } | null> {
  const valueAt = (distance: number) =>
    objective.value(
      params.map((theta, i) => theta + distance * direction[i]!),
      open,
    );
  try {
    const here = await valueAt(0);
    let before = 0;
    let last = { distance: 0, loss: here };
    for (const distance of distances) {
      const loss = await valueAt(distance);
      const decrease = here - loss;
      if (!(decrease > 0 && decrease >= growing * before)) return null;
      if (loss === Number.NEGATIVE_INFINITY) return { distance, loss };
      before = decrease;
      last = { distance, loss };
    }
    return last;
  } catch {
    return null;
  }
}
