import { maxAbs } from '../core/numerics/norms';
import { type Random, seededRandom } from '../core/numerics/random';
import { SampledCalls } from '../core/numerics/sampledCalls';
import type { EvaluationContext, Objective, OpenContext } from '../core/objective';

/**
 * Generated code: gives the value and writes the gradient, of shape [dim]. null: the gradient depends on how ties of kinks are
 * decided, so this evaluation must be traced.
 */
export type GeneratedGradient = (
  params: Float64Array,
  grad: Float64Array,
  context: EvaluationContext,
) => number | null;

/**
 * Tolerance of the comparison, relative to the largest gradient component so far. Two exact methods round
 * differently. Near a minimum with a nonzero loss, the gradient is the rounding error of terms that cancel.
 */
const agreement = 1e-9;
/** Separates the random choice of compared evaluations from the other random numbers of a run. */
const comparisonStream = 0x7e57;
/** After ties at many evaluations in a row, the generated code is tried again once in this number of evaluations. */
const longestPause = 64;

/**
 * The generated gradient, checked against the traced gradient. The first evaluation covers only the branches
 * that it takes. So the two are also compared at later evaluations, chosen at random with growing distance.
 * After the first disagreement, or the first value whose type the generated code did not expect, only the
 * traced gradient is used. While they agree, the generated gradient is returned, so the result of a run does
 * not depend on which evaluations were compared.
 *
 * An evaluation with a tie is traced. After ties in a row, so are the following evaluations, 0, 1, 3, … up to 63 of them: a
 * loss that has ties at every evaluation is as fast as on the tape.
 *
 * @param generated  synchronous; if it throws, the traced gradient is computed instead
 * @param seed       seed of the run; determines which evaluations are compared
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
  readonly #compared: SampledCalls;
  #generated: GeneratedGradient | null;
  /** The largest absolute component of all compared gradients. */
  #largest = 0;
  /** The number of following evaluations that are traced because of ties. */
  #pause = 0;
  /** 2^ties in a row. */
  #nextPause = 1;

  constructor(traced: Objective, generated: GeneratedGradient, random: Random) {
    this.#traced = traced;
    this.#generated = generated;
    this.#compared = new SampledCalls(random);
  }

  valueAndGradient(
    params: Float64Array,
    grad: Float64Array,
    open: OpenContext,
  ): ReturnType<Objective['valueAndGradient']> {
    if (this.#pause > 0) {
      this.#pause--;
      return this.#traced.valueAndGradient(params, grad, open);
    }
    const value = this.#fast(params, grad, open);
    if (value === 'failed') return this.#slow(params, grad, open);
    if (value === 'tie') {
      this.#pause = this.#nextPause - 1;
      this.#nextPause = Math.min(2 * this.#nextPause, longestPause);
      return this.#traced.valueAndGradient(params, grad, open);
    }
    this.#nextPause = 1;
    if (!this.#compared.isSelected()) return value;
    this.#compared.select();
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

  /** The traced gradient. If the generated code threw and the traced one does not, it is not used any more. */
  #slow(
    params: Float64Array,
    grad: Float64Array,
    open: OpenContext,
  ): ReturnType<Objective['valueAndGradient']> {
    const settle = (slow: number) => {
      this.#generated = null;
      return slow;
    };
    const slow = this.#traced.valueAndGradient(params, grad, open);
    return typeof slow === 'number' ? settle(slow) : slow.then(settle);
  }

  /** 'failed' if there is no generated code, or if it threw. */
  #fast(params: Float64Array, grad: Float64Array, open: OpenContext): number | 'tie' | 'failed' {
    if (!this.#generated) return 'failed';
    try {
      return this.#generated(params, grad, open()) ?? 'tie';
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code === 'not-as-generated') this.#generated = null;
      // If the user's code threw, the traced evaluation throws the same error again, with the user's own line
      // in its stack.
      return 'failed';
    }
  }
}

/**
 * Whether both results agree: the values bit for bit, the gradients but for rounding. NaN agrees with NaN.
 *
 * @param largest  the largest component so far; each component of a non-finite gradient is compared with its
 *   own size
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
    Object.is(fast, slow) &&
    slowGrad.every((each, i) => isNear(fastGrad[i]!, each, hasSize ? largest : Math.abs(each)))
  );
}
