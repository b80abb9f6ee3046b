import { memoryDecay } from '../../config/readOptions';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Rule, RuleContext } from '../rule';
import { instabilityReport } from './instabilityReport';

/**
 * The loss jumps up in the first steps and comes back:
 *
 *   H = max(ℓ − L0) over t ≤ T0 = E + max(20, min(2/(1−b), N/5))
 *   once m ≤ L0, at t_r, judge once at max(T0, 2 t_r):   H > max(R/2, 6·noise, fl)
 *
 * A rise of a single step does not count: a loss that changes with the step makes such. Twice t_r, because the jump is compared with what the run has won since. A run that is
 * above its start at that time, or ends first, is judged when it is back, or at its end.
 * With mini-batches H counts from the ninth ℓ on, when it is a median of some losses, and must be above the noise by
 * that much, because L0 may have been a lucky batch.
 */
export class InstabilityAtStartRule implements Rule {
  readonly #context: RuleContext;
  /** T0. */
  readonly #horizon: number;
  /** From this step on ℓ is more than a few batches. */
  readonly #settled: number;
  /** H. */
  #height = 0;
  /** Where the excursion above L0 that holds H begins. */
  #from = 0;
  /** The last step above L0. */
  #to = 0;
  /** First step of the present excursion, 0 if there is none. */
  #above = 0;
  /** The largest rise of it. */
  #highest = 0;
  /** t_r, 0 before it. */
  #returned = 0;
  #isJudged = false;

  constructor(context: RuleContext) {
    const { config, terms } = context;
    this.#context = context;
    const memory = Math.min(2 / (1 - memoryDecay(config)), config.steps / 5);
    this.#settled = Math.min(terms.smoothedOver, 9);
    this.#horizon = terms.smoothedOver + Math.max(20, memory);
  }

  onStep({ t }: StepView): void {
    if (this.#isJudged) return;
    const { terms } = this.#context;
    const rise = terms.loss - terms.start;
    if (rise > 0) {
      if (this.#above === 0) {
        this.#above = t;
        this.#highest = 0;
      }
      if (t >= this.#settled && t <= this.#horizon) this.#highest = Math.max(this.#highest, rise);
      if (t > this.#above && this.#highest > this.#height) {
        this.#height = this.#highest;
        this.#from = this.#above;
      }
      this.#to = t;
    } else {
      this.#above = 0;
    }
    // While it is above its start again, whether that comes back remains to be seen.
    if (!(terms.smooth <= terms.start)) return;
    if (this.#returned === 0) this.#returned = t;
    if (t >= Math.max(this.#horizon, 2 * this.#returned)) this.#judge();
  }

  finish({ stopped }: RunOutcome): void {
    if (!this.#isJudged && this.#returned > 0 && stopped !== 'user') this.#judge();
  }

  #judge(): void {
    this.#isJudged = true;
    const { terms, board } = this.#context;
    const threshold = Math.max(terms.improvement / 2, 6 * terms.noise, terms.floor);
    if (!(this.#height > threshold) || board.has('instability-at-start')) return;
    const rise = { from: this.#from, to: this.#to, height: this.#height };
    board.post(instabilityReport(this.#context, rise, terms.smooth <= terms.start));
  }
}
