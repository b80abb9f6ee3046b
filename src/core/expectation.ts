import type { Expectation } from './config/runConfig';
import { lossesInMean } from './meanOfLosses';
import { formatApart, formatNumber } from './numerics/format';
import { RunningMean } from './numerics/runningMean';
import type { RunOutcome } from './runLoop';
import { extraPlace, recordPlaces, type StepLayout } from './trace/layout';

/** A loss of the run and its point theta_t; t = 0 is the start. */
export interface LossAt {
  readonly loss: number;
  readonly t: number;
}

/** The result of an expectation. */
export interface ExpectationResult {
  readonly met: boolean;
  /** The best loss within the expected steps; null if no loss was finite. */
  readonly reached: LossAt | null;
  /** The first point whose loss was low enough; null if there was none. */
  readonly metAt: number | null;
  /** The number of losses whose mean was compared; absent for single losses. */
  readonly meanOf?: number;
}

/**
 * Checks a run against its expectation. The expectation is met if
 *
 *   L(theta_t) < loss   for some t <= steps, including the start and the final point
 *
 * where L is the watched loss: without mini-batches the loss itself; with mini-batches the validation loss if
 * there is one, else the loss over all samples, both known at the end of each epoch. `steps` defaults to the
 * steps of the run. NaN never meets it. A run that maximizes expects L(theta_t) > loss.
 *
 * Where that loss is random, one lucky draw must not meet the expectation: L is then the mean of the last 20 losses, or of those after
 * the last 20 epochs, or of all of them in a shorter run.
 */
export class ExpectationWatch {
  readonly #expectation: Expectation;
  readonly #watched: number;
  readonly #stepsPerEpoch: number;
  readonly #single = new Reached();
  readonly #mean = new Reached();
  readonly #recent = new RunningMean(lossesInMean);
  #last = 0;
  /** The end of the last epoch whose watched loss was received; −1 before the first. */
  #epochAt = -1;

  /** @param stepsPerEpoch  1 without mini-batches */
  constructor(expectation: Expectation, layout: StepLayout, stepsPerEpoch: number) {
    this.#expectation = expectation;
    this.#watched = extraPlace(layout, 'watched');
    this.#stepsPerEpoch = stepsPerEpoch;
  }

  /** Receives the record in `data` at `offset`. Must be called with ascending t. */
  onRecord(data: Float64Array, offset: number): void {
    const t = data[offset + recordPlaces.t]!;
    if (this.#watched < 0) this.#onLoss(t - 1, data[offset + recordPlaces.loss]!);
    else {
      // Within an epoch the watched loss is that of the end of the previous epoch.
      const at = t - (t % this.#stepsPerEpoch);
      if (at === this.#epochAt) return;
      this.#epochAt = at;
      this.#onLoss(at, data[offset + this.#watched]!);
    }
  }

  /**
   * @param outcome   null if the run was ended from outside; the recorded steps then decide
   * @param isRandom  whether two evaluations of the watched loss at one point may differ
   */
  result(outcome: Pick<RunOutcome, 'steps' | 'final' | 'best'> | null, isRandom = false): ExpectationResult {
    if (isRandom) {
      if (outcome && this.#watched >= 0 && outcome.steps > this.#epochAt)
        this.#onLoss(outcome.steps, outcome.final.loss);
      if (!this.#recent.isFull && this.#recent.count > 0)
        this.#offer(this.#mean, this.#last, this.#recent.middle());
      return { ...this.#mean.result, meanOf: Math.max(1, this.#recent.count) };
    }
    if (outcome) {
      this.#offer(this.#single, outcome.best.t, outcome.best.loss);
      if (this.#watched < 0) this.#offer(this.#single, outcome.steps, outcome.final.loss);
    }
    return this.#single.result;
  }

  #onLoss(t: number, loss: number): void {
    this.#offer(this.#single, t, loss);
    if (Number.isNaN(loss)) return;
    this.#recent.push(loss);
    this.#last = t;
    if (this.#recent.isFull) this.#offer(this.#mean, t, this.#recent.middle());
  }

  #offer(to: Reached, t: number, loss: number): void {
    const { steps } = this.#expectation;
    if (Number.isNaN(loss) || (steps !== null && t > steps)) return;
    to.offer(this.#expectation, t, loss);
  }
}

/** The best loss so far, and the first that met the expectation. */
class Reached {
  #reached: LossAt | null = null;
  #metAt: number | null = null;

  get result(): ExpectationResult {
    return { met: this.#metAt !== null, reached: this.#reached, metAt: this.#metAt };
  }

  offer({ loss: limit, above }: Expectation, t: number, loss: number): void {
    const isBetter = (than: number) => (above ? loss > than : loss < than);
    if (this.#reached === null || isBetter(this.#reached.loss)) this.#reached = { loss, t };
    if (this.#metAt === null && isBetter(limit)) this.#metAt = t;
  }
}

/** What was expected, and the value that was reached; null if the loss was NaN at every step. */
interface ExpectationParts {
  /** "loss < 1e-8 within 5000 steps" */
  readonly expected: string;
  /** "3e-9 at step 1200" */
  readonly reached: string | null;
}

function partsOf(
  { loss, steps, above }: Expectation,
  { reached, meanOf = 1 }: ExpectationResult,
): ExpectationParts {
  const within = steps === null ? '' : ` within ${steps} steps`;
  const sign = above ? '>' : '<';
  const expected = (limit: string) => `${nameOf(above)} ${sign} ${limit}${within}`;
  if (!reached) return { expected: expected(formatNumber(loss)), reached: null };
  const mean = meanOf > 1 ? ` as the mean of ${meanOf} losses` : '';
  return {
    expected: expected(formatApart(loss, reached.loss)),
    reached: `${formatApart(reached.loss, loss)}${mean} at step ${reached.t}`,
  };
}

function nameOf(above: Expectation['above']): string {
  return above ? 'objective' : 'loss';
}

/** "expected loss < 1e-8 within 5000 steps: reached 3e-9 at step 1200 ✓" */
export function expectationWords(expectation: Expectation, result: ExpectationResult): string {
  const { expected, reached } = partsOf(expectation, result);
  const words =
    reached === null ? `the ${nameOf(expectation.above)} was NaN at every step` : `reached ${reached}`;
  return `expected ${expected}: ${words} ${result.met ? '✓' : '✗'}`;
}

/** The two sides of a difference: "loss < 1e-8 within 5000 steps", "loss = 0.1 at step 1200". */
export function expectedAndActual(
  expectation: Expectation,
  result: ExpectationResult,
): { readonly expected: string; readonly actual: string } {
  const { expected, reached } = partsOf(expectation, result);
  return { expected, actual: `${nameOf(expectation.above)} = ${reached ?? 'NaN at every step'}` };
}
