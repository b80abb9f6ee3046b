import { seededRandom } from '../../numerics/random';
import type { StepView } from '../../update';
import type { Probing } from './probe';

/** A displacement by a share of 1 is by the size of the parameters, or by 1 if that is smaller. */
const near = 0.01;
const farther = [0.1, 1, 3];
/** The second one is opposite to the first, because a max or a limit may lie on one side only. */
const draws = [1, -1];

/** How the loss uses coordinates without a gradient, at random displacements of all coordinates. */
export type Use =
  /** Some of them have a gradient at displacements by this share. */
  | { readonly kind: 'inactive'; readonly share: number }
  /** The loss changes with them at such displacements, but they have no gradient there either. */
  | { readonly kind: 'cut'; readonly share: number }
  /** No use was seen, at displacements of up to this share. */
  | { readonly kind: 'none'; readonly share: number };

/**
 * The coordinates whose gradient also stays 0 at a small random displacement of all coordinates. A symmetry, or factors that are 0, make
 * a gradient 0 on a surface only: beside it, the gradient is not 0.
 */
export async function flatBesideAll(
  { objective, open }: Probing,
  step: StepView,
  indices: readonly number[],
): Promise<readonly number[]> {
  const grad = new Float64Array(step.before.length);
  let flat = indices;
  for (const draw of draws) {
    await objective.valueAndGradient(displacedBy(draw * near, step.before), grad, open(step.t));
    flat = flat.filter((i) => grad[i] === 0);
  }
  return flat;
}

/**
 * Looks farther away for a use of coordinates without a gradient.
 *
 * @param rounding  a smaller change of the loss may be due to rounding
 */
export async function useOf(
  { objective, open }: Probing,
  step: StepView,
  indices: readonly number[],
  rounding: number,
): Promise<Use> {
  const grad = new Float64Array(step.before.length);
  for (const share of farther)
    for (const draw of draws) {
      const point = displacedBy(draw * share, step.before);
      const loss = await objective.valueAndGradient(point, grad, open(step.t));
      if (indices.some((i) => grad[i] !== 0 && Number.isFinite(grad[i]))) return { kind: 'inactive', share };
      for (const i of indices) point[i] = step.before[i]!;
      const without = await objective.value(point, open(step.t));
      // Rounding grows with the loss.
      const floor = rounding * Math.max(1, Math.abs(loss / (step.loss || 1)));
      if (Math.abs(loss - without) > floor && Number.isFinite(loss - without)) return { kind: 'cut', share };
    }
  return { kind: 'none', share: farther.at(-1)! };
}

/** Each coordinate by between half of this share and all of it, up or down at random, of its size or of 1 if that is larger. */
function displacedBy(share: number, params: Float64Array): Float64Array {
  const random = seededRandom(0, Math.round(1 / Math.abs(share)));
  return params.map((theta) => {
    const part = random() - 0.5;
    return theta + share * (part + 0.5 * Math.sign(part)) * Math.max(1, Math.abs(theta));
  });
}
