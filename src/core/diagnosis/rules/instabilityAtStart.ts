import { memoryDecay } from '../../config/readOptions';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Rule, RuleContext } from '../rule';
import { instabilityReport } from './instabilityReport';

/** Standard errors of a mean that chance seldom reaches. */
const clearly = 3;

/**
 * The loss jumps above its start in the first steps and returns:
 *
 *   H = max(ℓ − L0) over t ≤ T0 = E + max(20, min(2/(1−b), N/5))
 *   t_r = the first step with m ≤ L0; decided once, at max(T0, 2 t_r):   H > max(R/2, 6·noise, fl)
 *
 * A rise of a single step does not count, because it may come from a loss that changes with the step. The
 * decision waits until 2 t_r, because the jump is compared with the improvement of the run. If the loss is
 * above its start at that step, the decision is made when it has returned, or at the end of the run.
 *
 * Not reported where rounding dominates the gradient: another lr does not help.
 *
 * If the loss function changes between steps, H includes only means that are above L0 by three standard errors: a single
 * large loss among twenty is a draw, not a rise.
 *
 * With mini-batches H includes only ℓ from the ninth value, which is a median of several losses, and must be
 * larger than the noise by that factor, because the first batch may have a low loss by chance. A rise in which
 * an epoch ended does not count if the loss over all samples was never above its start.
 */
export class InstabilityAtStartRule implements Rule {
  readonly #context: RuleContext;
  /** T0, the last step at which the jump may occur. */
  readonly #horizon: number;
  /** From this step, ℓ is the median of enough batches. */
  readonly #settled: number;
  /** H, the largest rise above the start. */
  #height = 0;
  /** First and last step of the excursion above L0 that contains H. */
  #from = 0;
  #to = 0;
  /** The last step above L0. */
  #lastAbove = 0;
  /** Σ ½(g_t + g_{t+1})·Δ_t, the change of the loss since the start by its slope, and its value at H. */
  #bySlope = 0;
  #slopeAtHeight = 0;
  /** First step of the current excursion above L0; 0 if there is none. */
  #above = 0;
  /** The largest rise of the current excursion. */
  #highest = 0;
  /** t_r, the step at which the loss returned; 0 before that step. */
  #returned = 0;
  #isJudged = false;
  /** The loss over all samples at the start; NaN before the first step. */
  #startOfAll = Number.NaN;
  /** Whether that loss was above its start after an epoch. */
  #wasAllAbove = false;

  constructor(context: RuleContext) {
    const { config, terms } = context;
    this.#context = context;
    const memory = Math.min(2 / (1 - memoryDecay(config)), config.steps / 5);
    this.#settled = Math.min(terms.smoothedOver, 9);
    this.#horizon = terms.smoothedOver + Math.max(20, memory);
  }

  onStep(step: StepView): void {
    if (this.#isJudged) return;
    const { t, watched } = step;
    this.#bySlope += this.#context.moves.stepSlope;
    if (Number.isNaN(this.#startOfAll)) this.#startOfAll = watched;
    if (watched > this.#startOfAll) this.#wasAllAbove = true;
    const { terms } = this.#context;
    const rise = terms.loss - terms.start;
    if (rise > 0) {
      if (this.#above === 0) {
        this.#above = t;
        this.#highest = 0;
      }
      const counts = t >= this.#settled && t <= this.#horizon && rise > this.#highest;
      if (counts && rise > clearly * terms.uncertainty) this.#highest = rise;
      if (t > this.#above && this.#highest > this.#height) {
        this.#height = this.#highest;
        this.#from = this.#above;
        this.#slopeAtHeight = this.#bySlope;
      }
      if (this.#from === this.#above) this.#to = t;
      this.#lastAbove = t;
    } else {
      this.#above = 0;
    }
    // If the loss is above its start again, the decision waits until it returns.
    if (!(terms.smooth <= terms.start)) return;
    if (this.#returned === 0) this.#returned = t;
    if (t >= Math.max(this.#horizon, 2 * this.#returned)) this.#judge();
  }

  /** Whether an epoch ended in the rise, but none above the start: then the batches had high losses by chance. */
  #isOfBatchesOnly(): boolean {
    const { config, stepsPerEpoch } = this.#context;
    const isKnown = config.validation === null && Number.isFinite(this.#startOfAll);
    if (stepsPerEpoch === 1 || !isKnown || this.#wasAllAbove) return false;
    return Math.floor(this.#lastAbove / stepsPerEpoch) > Math.floor((this.#from - 1) / stepsPerEpoch);
  }

  finish({ stopped, final }: RunOutcome): void {
    // A loss that was above its start when it became NaN did not return: its break is what happened.
    if (this.#above > 0 && !Number.isFinite(final.loss)) return;
    if (!this.#isJudged && this.#returned > 0 && stopped !== 'user') this.#judge();
  }

  #judge(): void {
    this.#isJudged = true;
    const { terms, board } = this.#context;
    const threshold = Math.max(terms.improvement / 2, 6 * terms.noise, terms.floor);
    if (!(this.#height > threshold) || this.#isOfBatchesOnly() || board.has('instability-at-start')) return;
    // Steps along rounding errors say nothing about lr.
    if (board.has('precision-loss', 'cancellation')) return;
    const cameBack = terms.smooth <= terms.start;
    const rise = {
      from: this.#from,
      to: cameBack ? this.#to : this.#lastAbove,
      height: this.#height,
      slopeShare: this.#slopeAtHeight / this.#height,
    };
    board.post(instabilityReport(this.#context, rise, cameBack));
  }
}
