import { isFarFromMinimum, type RunEnd } from '../../ending/runEnd';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import { earlyStoppingFix } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { option } from '../subjects';

/**
 * Early stopping ended the run although its watched loss was falling: the last watched loss is lower than the one before,
 * and a polish gains at least R/20. Nearly always `minDelta` is larger than the improvement per evaluation, or
 * `patience` is too short for the noise.
 */
export class StoppedWhileImprovingRule implements Rule {
  readonly #context: RuleContext;
  readonly #isWatched: boolean;
  #last = Number.NaN;
  #before = Number.NaN;
  #first = Number.NaN;

  static for(context: RuleContext): StoppedWhileImprovingRule | null {
    return context.config.earlyStopping === null ? null : new StoppedWhileImprovingRule(context);
  }

  private constructor(context: RuleContext) {
    this.#context = context;
    this.#isWatched = context.config.validation !== null || context.stepsPerEpoch > 1;
  }

  onStep({ loss, watched }: StepView): void {
    const value = this.#isWatched ? watched : loss;
    if (value === this.#last || !Number.isFinite(value)) return;
    if (Number.isNaN(this.#first)) this.#first = value;
    this.#before = this.#last;
    this.#last = value;
  }

  finish({ steps, stopped }: RunOutcome, end: RunEnd | null): void {
    if (stopped !== 'earlyStopping' || end === null || !isFarFromMinimum(end)) return;
    if (!(this.#last < this.#before && this.#last < this.#first)) return;
    const { board, config } = this.#context;
    const { patience, minDelta } = config.earlyStopping!;
    const fell = this.#before - this.#last;
    const isDelta = minDelta >= fell;
    board.post({
      code: 'stopped-while-improving',
      severity: 'warning',
      headline: `Early stopping ended the run at step ${steps}, while the loss was still falling.`,
      detail:
        `The watched loss fell from ${formatNumber(this.#before)} to ${formatNumber(this.#last)} at the last evaluation. ` +
        (isDelta
          ? `minDelta = ${formatNumber(minDelta)} is larger than that, so it did not count as an improvement.`
          : `patience = ${patience} was too short.`),
      advice: isDelta ? 'Decrease minDelta, or increase patience.' : 'Increase patience.',
      steps: [steps, steps],
      coordinates: [],
      subject: option('earlyStopping', isDelta ? 'minDelta' : 'patience'),
      evidence: { minDelta, patience, lastDecrease: fell },
      fixes: [earlyStoppingFix(Math.max(patience, 10)), earlyStoppingFix(Math.max(10 * patience, 100))],
    });
  }
}
