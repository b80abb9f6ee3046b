import { isFarFromMinimum, type RunEnd } from '../../ending/runEnd';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import { earlyStoppingFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { option } from '../subjects';

/** The watched loss was falling if it fell by this share of its decrease in `patience` evaluations. */
const pace = 1 / 20;

/**
 * Early stopping ended the run although its watched loss was falling. A polish gains at least R/20, and
 *
 *   the last watched loss is below the one before and below the first one (`minDelta` was too large), or
 *   in the `patience` evaluations up to its lowest value it fell by W/20, where W is its whole decrease (`patience` was too
 *   short)
 *
 * Known false positive: a validation loss that falls fast and then rises for good.
 */
export class StoppedWhileImprovingRule implements Rule {
  readonly #context: RuleContext;
  readonly #isWatched: boolean;
  #last = Number.NaN;
  #before = Number.NaN;
  #first = Number.NaN;
  /** The last `patience` watched losses; the oldest one at `#evaluations % patience`. */
  readonly #recent: Float64Array;
  #evaluations = 0;
  #least = Number.POSITIVE_INFINITY;
  /** The fall of the watched loss in the `patience` evaluations up to its lowest value. */
  #fallToLeast = 0;

  static for(context: RuleContext): StoppedWhileImprovingRule | null {
    return context.config.earlyStopping === null ? null : new StoppedWhileImprovingRule(context);
  }

  private constructor(context: RuleContext) {
    this.#context = context;
    this.#recent = new Float64Array(context.config.earlyStopping!.patience);
    this.#isWatched = context.config.validation !== null || context.stepsPerEpoch > 1;
  }

  onStep({ loss, watched }: StepView): void {
    const value = this.#isWatched ? watched : loss;
    if (value === this.#last || !Number.isFinite(value)) return;
    if (Number.isNaN(this.#first)) this.#first = value;
    this.#before = this.#last;
    this.#last = value;
    const at = this.#evaluations % this.#recent.length;
    const earlier = this.#evaluations < this.#recent.length ? this.#first : this.#recent[at]!;
    this.#recent[at] = value;
    this.#evaluations++;
    if (!(value < this.#least)) return;
    this.#least = value;
    this.#fallToLeast = earlier - value;
  }

  finish({ steps, stopped }: RunOutcome, end: RunEnd | null): void {
    if (stopped !== 'earlyStopping' || end === null || !isFarFromMinimum(end)) return;
    const isFalling = this.#last < this.#before && this.#last < this.#first;
    const decrease = this.#first - this.#least;
    const wasFalling = decrease > 0 && this.#fallToLeast >= pace * decrease;
    if (!isFalling && !wasFalling) return;
    const { board, config, words } = this.#context;
    const { patience, minDelta } = config.earlyStopping!;
    const fell = this.#before - this.#last;
    const isDelta = isFalling && minDelta >= fell;
    board.post({
      code: 'stopped-while-improving',
      severity: 'warning',
      headline: isFalling
        ? words.say`Early stopping ended the run at step ${steps}, while the loss was still falling.`
        : words.say`Early stopping ended the run at step ${steps}, after a short rise of a falling loss.`,
      detail:
        (isFalling
          ? words.say`The watched loss fell from ${words.apart(this.#before, this.#last)} to ${words.apart(this.#last, this.#before)} at the last evaluation. `
          : words.say`The watched loss fell from ${words.value(this.#first)} to ${words.value(this.#least)}, then rose to ${words.value(this.#last)}. `) +
        (isDelta
          ? `minDelta = ${formatNumber(minDelta)} is at least as large as this change, so it did not count as an improvement.`
          : `patience = ${patience} was too short.`),
      advice: isDelta ? 'Decrease minDelta, or increase patience.' : 'Increase patience.',
      steps: [steps, steps],
      coordinates: [],
      subject: option('earlyStopping', isDelta ? 'minDelta' : 'patience'),
      evidence: {
        minDelta,
        patience,
        ...(isFalling ? { lastDecrease: fell } : { fallToLeast: this.#fallToLeast }),
      },
      fixes: [earlyStoppingFix(Math.max(patience, 10)), earlyStoppingFix(Math.max(10 * patience, 100))],
    });
  }
}
