import type { Objective, OpenContext } from '../objective';

/** The points at which the loss is evaluated, and the share of their distance between two of them. */
const samples = 8;
const apart = 1e-9;
/** From each distance to the next shorter one. */
const shorter = Math.SQRT1_2;
/** A decrease must be this many times as large as the noise. */
const clearly = 2;

/**
 * Whether a decrease of the loss toward a far point is more than rounding. Far from a run, terms of 1e15 may cancel: what is
 * left of such a loss is their rounding error, which grows with the distance. Farther away still, where small terms are lost
 * beside large ones, the loss is smooth again, but wrong. So the noise is compared with the decrease at all distances
 * up to the far point, each 0.7 times the one before.
 *
 * @param from      θ, where the decrease begins, shape [dim]; not modified
 * @param to        the far point, shape [dim]; not modified
 * @param nearest   the share of the distance up to which it is compared; 1: at the far point only
 * @returns false if the loss throws at one of the points
 */
export async function isMoreThanRounding(
  objective: Objective,
  from: Float64Array,
  to: Float64Array,
  nearest: number,
  open: OpenContext,
): Promise<boolean> {
  const valueAt = (share: number) =>
    objective.value(
      from.map((theta, i) => theta + share * (to[i]! - theta)),
      open,
    );
  try {
    const here = await valueAt(0);
    for (let share = 1; share >= nearest; share *= shorter) {
      const losses: number[] = [];
      // Toward the near point, because the numbers may overflow beyond the far one.
      for (let k = 0; k < samples; k++) losses.push(await valueAt(share * (1 - k * apart)));
      if (here - losses[0]! < clearly * noiseOf(losses)) return false;
    }
    return true;
  } catch {
    return false;
  }
}

/**
 * The size of jumps up and down between values at points close together: their second differences alternate in sign. Those
 * of a smooth loss do not, also where it is steep, as near a pole.
 */
function noiseOf(losses: readonly number[]): number {
  const seconds = losses.slice(2).map((loss, k) => losses[k]! - 2 * losses[k + 1]! + loss);
  const jumps = seconds.slice(1).map((next, k) => {
    const second = seconds[k]!;
    return second * next < 0 ? Math.min(Math.abs(second), Math.abs(next)) : 0;
  });
  return Math.max(...jumps);
}
