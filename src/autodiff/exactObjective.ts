import { maxAbs } from '../core/numerics/norms';
import { type Random, seededRandom } from '../core/numerics/random';
import type { EvaluationContext, Objective, OpenContext } from '../core/objective';

/** Generated code: gives the value and writes the gradient, both of shape [dim]. */
export type GeneratedGradient = (
  params: Float64Array,
  grad: Float64Array,
  context: EvaluationContext,
) => number;

/**
 * Two exact ways to one gradient round differently, by so much of the largest component so far: near a minimum where the
 * loss is not 0, what is left of a gradient is the rounding of terms that cancel.
 */
const agreement = 1e-9;
/** Keeps the steps that are compared apart from the other random numbers of a run. */
const comparisonStream = 0x7e57;

/**
 * The generated gradient, with the traced one beside it: at the first evaluation, and at ever rarer random ones later, both
 * are made and compared, since the first evaluation sees one branch only. From the first disagreement on, and from the
 * first value that is not what the generated code was told, the traced gradient is the one. Where they agree the generated
 * one is given, so that what a run computes does not depend on which of its evaluations were compared.
 *
 * @param generated  synchronous; where it throws, the traced gradient is made instead
 * @param seed       of the run: decides which evaluations are compared
 */
export function exactObjective(
  traced: Objective,
  generated: GeneratedGradient | null,
  seed: number,
): Objective {
  if (!generated) return traced;
  const tiers = new Tiers(traced, generated, seededRandom(seed, comparisonStream));
  return {
    ...traced,
    valueAndGradient: (params, grad, open) => tiers.valueAndGradient(params, grad, open),
  };
}

class Tiers {
  readonly #traced: Objective;
  readonly #random: Random;
  #generated: GeneratedGradient | null;
  #calls = 0;
  #next = 1;
  /** The largest component of the gradients that were compared. */
  #largest = 0;

  constructor(traced: Objective, generated: GeneratedGradient, random: Random) {
    this.#traced = traced;
    this.#generated = generated;
    this.#random = random;
  }

  valueAndGradient(
    params: Float64Array,
    grad: Float64Array,
    open: OpenContext,
  ): ReturnType<Objective['valueAndGradient']> {
    const value = this.#fast(params, grad, open);
    if (value === null) return this.#traced.valueAndGradient(params, grad, open);
    if (++this.#calls !== this.#next) return value;
    this.#next += 1 + Math.floor(this.#random() * (this.#calls + 20));
    const fast = grad.slice();
    const settle = (slow: number) => {
      const size = maxAbs(grad);
      if (Number.isFinite(size)) this.#largest = Math.max(this.#largest, size);
      if (!agree(slow, value, grad, fast, this.#largest)) {
        this.#generated = null;
        return slow;
      }
      grad.set(fast);
      return value;
    };
    const slow = this.#traced.valueAndGradient(params, grad, open);
    return typeof slow === 'number' ? settle(slow) : slow.then(settle);
  }

  /** null where there is no generated code, or not for these values. */
  #fast(params: Float64Array, grad: Float64Array, open: OpenContext): number | null {
    if (!this.#generated) return null;
    try {
      return this.#generated(params, grad, open());
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code === 'not-as-generated') this.#generated = null;
      // What the user's code throws, the traced evaluation throws again, from the line where it stands.
      return null;
    }
  }
}

/**
 * NaN agrees with NaN: both say that there is no number.
 *
 * @param largest  component so far; gradients that are not finite are compared one by one
 */
function agree(
  slow: number,
  fast: number,
  slowGrad: Float64Array,
  fastGrad: Float64Array,
  largest: number,
): boolean {
  const isNear = (a: number, b: number, scale: number) =>
    Object.is(a, b) || Math.abs(a - b) <= agreement * scale;
  const hasSize = Number.isFinite(maxAbs(slowGrad));
  return (
    isNear(fast, slow, Math.abs(slow)) &&
    slowGrad.every((each, i) => isNear(fastGrad[i]!, each, hasSize ? largest : Math.abs(each)))
  );
}
