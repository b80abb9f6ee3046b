import { isFarFromMinimum, isLeastFarFromMinimum, type RunEnd } from '../../ending/runEnd';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import { earlyStoppingFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { option } from '../subjects';

/** The watched loss was falling if it fell by this share of its decrease in `patience` evaluations. */
const pace = 1 / 20;

/**
 * Early stopping ended the run although its watched loss was falling. A polish gains at least R/20, and, where mini-batches scatter the watched losses, the mean of the last `patience` of them is below that of as many before by more than
 * their standard error, and the lowest is R/20 above what the polish reaches; and
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
  /** The last 2 `patience` watched losses; that of evaluation k at k mod their number. */
  readonly #recent: Float64Array;
  readonly #patience: number;
  #evaluations = 0;
  #least = Number.POSITIVE_INFINITY;
  /** The fall of the watched loss in the `patience` evaluations up to its lowest value. */
  #fallToLeast = 0;

  static for(context: RuleContext): StoppedWhileImprovingRule | null {
    return context.config.earlyStopping === null ? null : new StoppedWhileImprovingRule(context);
  }

  private constructor(context: RuleContext) {
    this.#context = context;
    this.#patience = context.config.earlyStopping!.patience;
    this.#recent = new Float64Array(2 * this.#patience);
    this.#isWatched = context.config.validation !== null || context.stepsPerEpoch > 1;
  }

  onStep({ loss, watched }: StepView): void {
    this.#take(this.#isWatched ? watched : loss);
  }

  #take(value: number): void {
    if (value === this.#last || !Number.isFinite(value)) return;
    if (Number.isNaN(this.#first)) this.#first = value;
    this.#before = this.#last;
    this.#last = value;
    const from = this.#evaluations - this.#patience;
    const earlier = from < 0 ? this.#first : this.#valueOf(from);
    this.#recent[this.#evaluations++ % this.#recent.length] = value;
    if (!(value < this.#least)) return;
    this.#least = value;
    this.#fallToLeast = earlier - value;
  }

  /** The watched loss of one of the last evaluations, which are counted from 0. */
  #valueOf(evaluation: number): number {
    return this.#recent[evaluation % this.#recent.length]!;
  }

  /**
   * Whether the last watched losses are lower than those before, by more than they scatter. The first one is that of the start. Two
   * losses do not show how they scatter, so they count as a trend.
   */
  #hasTrend(): boolean {
    const count = Math.min(this.#patience, Math.floor((this.#evaluations - 1) / 2));
    if (count === 0) return true;
    const half = (end: number) =>
      momentsOf(Array.from({ length: count }, (_, k) => this.#valueOf(end - 1 - k)));
    const [last, before] = [half(this.#evaluations), half(this.#evaluations - count)];
    return before.mean - last.mean > last.deviation / Math.sqrt(count);
  }

  finish({ steps, stopped, final }: RunOutcome, end: RunEnd | null): void {
    // The loss after the last step was watched, too, and ended the run.
    if (!this.#isWatched) this.#take(final.loss);
    if (stopped !== 'earlyStopping' || end === null || !isFarFromMinimum(end)) return;
    const isFalling = this.#last < this.#before && this.#last < this.#first;
    const decrease = this.#first - this.#least;
    const wasFalling = decrease > 0 && this.#fallToLeast >= pace * decrease;
    if (!isFalling && !wasFalling) return;
    // Losses that scatter around a level rise and fall by chance.
    if (this.#context.stepsPerEpoch > 1 && !(this.#hasTrend() && isLeastFarFromMinimum(end))) return;
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

function momentsOf(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}
