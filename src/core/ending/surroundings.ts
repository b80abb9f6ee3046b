import { norm2 } from '../numerics/norms';
import { seededRandom } from '../numerics/random';
import type { Objective, OpenContext } from '../objective';

/** How the loss around a point compares with the loss there. */
export type Surroundings = 'higher' | 'flat' | 'lower';

const directions = 16;
/** Differences up to this multiple of the rounding error of the loss count as none. */
const roundings = 64;

/**
 * Compares the loss at a point with the loss on both sides of it, along the coordinates and along random directions,
 * 16 together. `lower` if it is lower anywhere; `flat` if it is the same everywhere, as far as rounding can tell.
 *
 * @param params  shape [dim]; not modified
 * @param length  the distance from the point
 * @returns null if a loss is NaN or throws
 */
export async function surroundingsOf(
  objective: Objective,
  params: Float64Array,
  length: number,
  open: OpenContext,
): Promise<Surroundings | null> {
  try {
    const here = await objective.value(params, open);
    const rounding = roundingOf(here);
    let isHigher = false;
    for (let k = 0; k < directions; k++) {
      const direction = directionOf(k, params.length);
      for (const by of [length, -length]) {
        const there = await objective.value(
          params.map((theta, i) => theta + by * direction[i]!),
          open,
        );
        if (Number.isNaN(there)) return null;
        if (there < here - rounding) return 'lower';
        if (there > here + rounding) isHigher = true;
      }
    }
    return isHigher ? 'higher' : 'flat';
  } catch {
    return null;
  }
}

/** Differences of a loss up to this size count as none. */
export function roundingOf(loss: number): number {
  return roundings * Number.EPSILON * Math.abs(loss);
}

/** The first half along coordinates, as far as there are, the others random; of length 1. */
export function directionOf(k: number, dim: number): Float64Array {
  const direction = new Float64Array(dim);
  if (k < Math.min(dim, directions / 2)) {
    direction[k] = 1;
    return direction;
  }
  const random = seededRandom(0, k);
  for (let i = 0; i < dim; i++) direction[i] = random() - 0.5;
  const length = norm2(direction);
  return direction.map((each) => each / length);
}
