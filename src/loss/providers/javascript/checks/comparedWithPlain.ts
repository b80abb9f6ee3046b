import { Refusal } from '../../../../autodiff/refusal';
import { firstNonFinite } from '../../../../core/numerics/norms';
import { type Random, seededRandom } from '../../../../core/numerics/random';
import { SampledCalls } from '../../../../core/numerics/sampledCalls';
import { isPromise, type MaybePromise, type Objective, type OpenContext } from '../../../../core/objective';
import { isError } from '../../thrown';

/** The loss of the unchanged program; null if that program cannot be loaded beside the rewritten one. */
export interface PlainLoss {
  /** Always the same instance of the program. */
  get(): Promise<Objective['value'] | null>;
  /** Another instance, which has not been evaluated yet. */
  fresh(): Promise<Objective['value'] | null>;
  /** An error of the program in words. Reading them may run code of the user. */
  describe(error: unknown): string;
}

/** Separates the random choice of compared evaluations from the other random numbers of a run. */
const comparisonStream = 0x9a1d;
/** The largest share of evaluation time that comparisons may take after the first one. */
const largestShare = 0.1;
/** Non-finite results that are compared regardless of that share. */
const nonFiniteAtLeast = 20;

/**
 * An exact objective whose values are compared with those of the unchanged program, bit for bit: at the first
 * evaluation, at later ones chosen at random with growing distance, and where a value or gradient is not
 * finite. An error of the rewritten program is an error of the user only if the unchanged program fails too.
 *
 * A difference throws a Refusal. Its `cause` is the error, if only one of the programs failed. Before it is
 * thrown, both programs are evaluated a second time, and the unchanged one once in another instance. If two
 * evaluations of one program differ, the value depends on more than the parameters: a clock, a random number,
 * earlier evaluations, data that the module makes at random. Such a loss cannot be compared, and it is left to
 * the check for deterministic losses.
 *
 * Comparisons are on average less than a tenth of the evaluations. If the unchanged program is slow, the
 * distance to the next comparison is chosen so that comparisons take at most a tenth of the time.
 *
 * @param seed  seed of the run; determines which evaluations are compared
 */
export function comparedWithPlain(exact: Objective, plain: PlainLoss, seed: number): Objective {
  const compared = new Compared(exact, plain, seededRandom(seed, comparisonStream));
  return {
    dim: exact.dim,
    get gradientMode() {
      return exact.gradientMode;
    },
    value: (params, open) => compared.evaluate(params, null, open),
    valueAndGradient: (params, grad, open) => compared.evaluate(params, grad, open),
  };
}

type Outcome = { readonly value: number } | { readonly error: unknown };

class Compared {
  readonly #exact: Objective;
  readonly #plain: PlainLoss;
  readonly #compares: SampledCalls;
  #isOver = false;
  #nonFinite = 0;

  constructor(exact: Objective, plain: PlainLoss, random: Random) {
    this.#exact = exact;
    this.#plain = plain;
    this.#compares = new SampledCalls(random);
  }

  /** Makes no closures and reads no clock, unless it compares: small losses take less than a microsecond. */
  evaluate(params: Float64Array, grad: Float64Array | null, open: OpenContext): MaybePromise<number> {
    const isDue = !this.#isOver && this.#compares.isSelected();
    const startedAt = isDue ? performance.now() : null;
    let result: MaybePromise<number>;
    try {
      result = grad ? this.#exact.valueAndGradient(params, grad, open) : this.#exact.value(params, open);
    } catch (error) {
      return this.#failed(error, params, grad, open);
    }
    return isPromise(result)
      ? result.then(
          (value) => this.#settled(value, params, grad, open, startedAt),
          (error) => this.#failed(error, params, grad, open),
        )
      : this.#settled(result, params, grad, open, startedAt);
  }

  /** @param startedAt  null if no comparison is scheduled for this evaluation */
  #settled(
    value: number,
    params: Float64Array,
    grad: Float64Array | null,
    open: OpenContext,
    startedAt: number | null,
  ): MaybePromise<number> {
    if (this.#isOver || (startedAt === null && !this.#isSuspect(value, grad))) return value;
    const exactMs = startedAt === null ? null : performance.now() - startedAt;
    return this.#compared({ value }, params, grad, open, exactMs);
  }

  #failed(
    error: unknown,
    params: Float64Array,
    grad: Float64Array | null,
    open: OpenContext,
  ): Promise<number> {
    if (this.#isOver || isError(error, Refusal)) throw error;
    return this.#compared({ error }, params, grad, open, null);
  }

  #isSuspect(value: number, grad: Float64Array | null): boolean {
    if (Number.isFinite(value) && (grad === null || firstNonFinite(grad) < 0)) return false;
    return ++this.#nonFinite <= nonFiniteAtLeast + largestShare * this.#compares.count;
  }

  /** @param exactMs  the time of the exact evaluation, if the next comparison is to be scheduled */
  async #compared(
    rewritten: Outcome,
    params: Float64Array,
    grad: Float64Array | null,
    open: OpenContext,
    exactMs: number | null,
  ): Promise<number> {
    const plain = await this.#plain.get();
    if (!plain) return this.#end(rewritten);
    const startedAt = performance.now();
    const own = await outcomeOf(plain, params, open);
    if (exactMs !== null) this.#schedule((performance.now() - startedAt) / exactMs);
    if ('value' in own && 'value' in rewritten && Object.is(own.value, rewritten.value)) return own.value;
    // The error is the user's. That of the unchanged program is the one that the user knows.
    if ('error' in own && 'error' in rewritten) throw own.error;
    if (!(await this.#isReproducible(plain, own, params, open))) return this.#end(rewritten);
    // A clock may have changed between the two evaluations.
    if ('value' in rewritten && isSame(own, await this.#again(params, grad, open))) return rewritten.value;
    this.#isOver = true;
    throw this.#difference(rewritten, own, open().step);
  }

  async #isReproducible(
    plain: Objective['value'],
    own: Outcome,
    params: Float64Array,
    open: OpenContext,
  ): Promise<boolean> {
    if (!isSame(own, await outcomeOf(plain, params, open))) return false;
    const fresh = await this.#plain.fresh();
    return fresh === null || isSame(own, await outcomeOf(fresh, params, open));
  }

  #again(params: Float64Array, grad: Float64Array | null, open: OpenContext): Promise<Outcome> {
    const exact = this.#exact;
    const evaluate: Objective['value'] = grad
      ? (at, context) => exact.valueAndGradient(at, new Float64Array(grad.length), context)
      : (at, context) => exact.value(at, context);
    return outcomeOf(evaluate, params, open);
  }

  /** @param cost  the time of the unchanged program relative to that of the exact evaluation */
  #schedule(cost: number): void {
    const canAfford = this.#compares.count > 1 && Number.isFinite(cost);
    this.#compares.select(1, canAfford ? Math.ceil(cost / largestShare) : 1);
  }

  #difference(rewritten: Outcome, own: Outcome, step: number): Refusal {
    const words = (outcome: Outcome) =>
      'value' in outcome ? `returned ${outcome.value}` : `failed: ${this.#plain.describe(outcome.error)}`;
    const refusal = new Refusal(
      'not-the-same',
      `at step ${step} the program rewritten for exact gradients ${words(rewritten)}, ` +
        `but the program itself ${words(own)}`,
    );
    if ('error' in rewritten) refusal.cause = rewritten.error;
    else if ('error' in own) refusal.cause = own.error;
    return refusal;
  }

  #end(rewritten: Outcome): number {
    this.#isOver = true;
    if ('error' in rewritten) throw rewritten.error;
    return rewritten.value;
  }
}

async function outcomeOf(
  evaluate: Objective['value'],
  params: Float64Array,
  open: OpenContext,
): Promise<Outcome> {
  try {
    return { value: await evaluate(params, open) };
  } catch (error) {
    return { error };
  }
}

function isSame(a: Outcome, b: Outcome): boolean {
  if ('error' in a || 'error' in b) return 'error' in a && 'error' in b;
  return Object.is(a.value, b.value);
}
