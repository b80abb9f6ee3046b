import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport, Fix } from '../finding';
import { earlyStoppingFix, weightDecayFixes } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { RunningMedian } from '../terms/runningMedian';
import { anyOf } from '../words';

/**
 * Epochs since the best validation loss: at least this number, and at least this share of the planned epochs.
 */
const waitAtLeast = 5;
const waitShare = 0.05;
/** The number of changes of the validation loss in their median. */
const usualChanges = 15;
/** The rise that counts, as a share of the improvement of the validation loss; a smaller one counts if it is steady. */
const rise = 0.1;
const slightRise = 0.01;
/** A rise is steady if the validation loss rose in this share of the epochs since it was lowest, and these are at least so many. */
const steady = 0.9;
const steadyEpochs = 10;

/**
 * The validation loss V rises while the training loss falls. V is the median of its last three values, V* the
 * lowest single value so far, at epoch e*, and V_0 its first value:
 *
 *   V − V* > max(0.1 (V_0 − V*), 3 × the median change of V from epoch to epoch)
 *   ℓ < ℓ at e*
 *   or V − V* > 0.01 (V_0 − V*), where the validation loss rose in 90 % of the epochs since e*, at least 10: then an info
 *   max(5, a twentieth of the epochs) since e*, and 16 epochs in all (half of the epochs if there are fewer than 30)
 *
 * Without samples every step is an epoch. Known false positive: a validation loss that measures something
 * else than the training loss and rises for another reason. Known miss: a validation loss that only stops
 * falling.
 */
export class OverfittingRule implements Rule {
  readonly #context: RuleContext;
  readonly #wait: number;
  readonly #recent = new RunningMedian(3);
  readonly #changes: RunningMedian;
  #first = Number.NaN;
  #last = Number.NaN;
  #best = Number.POSITIVE_INFINITY;
  #bestT = 0;
  /** Epochs since the best one in which the validation loss rose. */
  #rises = 0;
  #trainingAtBest = Number.NaN;
  #posted: Posted | null = null;

  static for(context: RuleContext): OverfittingRule | null {
    return context.config.validation !== null ? new OverfittingRule(context) : null;
  }

  private constructor(context: RuleContext) {
    const { config, stepsPerEpoch } = context;
    this.#context = context;
    const epochs = Math.floor(config.steps / stepsPerEpoch);
    this.#changes = new RunningMedian(Math.max(waitAtLeast, Math.min(usualChanges, Math.floor(epochs / 2))));
    this.#wait = Math.max(waitAtLeast, (waitShare * config.steps) / stepsPerEpoch) * stepsPerEpoch;
  }

  onStep({ t, watched }: StepView): void {
    const { stepsPerEpoch, terms } = this.#context;
    if (!Number.isFinite(watched)) return;
    if (Number.isNaN(this.#first)) this.#first = watched;
    if (t % stepsPerEpoch !== 0) return;
    if (!Number.isNaN(this.#last)) this.#changes.push(Math.abs(watched - this.#last));
    if (watched > this.#last) this.#rises++;
    this.#last = watched;
    this.#recent.push(watched);
    if (watched < this.#best) {
      this.#best = watched;
      this.#bestT = t;
      this.#rises = 0;
      this.#trainingAtBest = terms.smooth;
      return;
    }
    // At this epoch there was no median of the first losses yet.
    if (Number.isNaN(this.#trainingAtBest)) this.#trainingAtBest = terms.smooth;
    if (t - this.#bestT < this.#wait || !this.#changes.isFull) return;
    const above = this.#recent.median() - this.#best;
    const decrease = this.#first - this.#best;
    const isAbove = above > Math.max(rise * decrease, 3 * this.#changes.median());
    const epochs = (t - this.#bestT) / stepsPerEpoch;
    const isSteady = epochs >= steadyEpochs && this.#rises >= steady * epochs;
    const isSlight = !isAbove && isSteady && above > slightRise * decrease;
    if (!(isAbove || isSlight) || !(terms.smooth < this.#trainingAtBest - terms.floor)) return;
    const severity = isAbove ? 'warning' : 'info';
    if (this.#posted === null) this.#posted = this.#context.board.post(this.#report(t, above, severity));
    else if (isAbove && this.#posted.report.severity === 'info')
      this.#posted.replace(this.#report(t, above, severity));
    else this.#posted.extendTo(t);
  }

  #report(t: number, above: number, severity: 'warning' | 'info'): FindingReport {
    const { config, terms, stepsPerEpoch, words } = this.#context;
    const isEpochs = config.samples !== null;
    return {
      code: 'overfitting',
      severity,
      headline: words.say`The model is overfitting${severity === 'info' ? ' slightly' : ''}: training loss falls, validation loss rises.`,
      detail:
        words.say`The validation loss was lowest, ${words.value(this.#best)}, after step ${this.#bestT}. ` +
        `After step ${t} the median of its last three values is ${words.value(this.#recent.median())}. ` +
        words.say`Meanwhile the training loss${terms.smoothing || ' (median of 3 steps)'} decreased from ${words.value(this.#trainingAtBest)} to ${words.value(terms.smooth)}.`,
      advice: anyOf(
        config.earlyStopping === null && 'stop early',
        'increase the weight decay',
        'use more training data',
      ),
      steps: [this.#bestT + 1, t],
      coordinates: [],
      subject: null,
      evidence: {
        bestValidation: this.#best,
        bestStep: this.#bestT,
        validation: this.#recent.median(),
        rise: above,
        ...(isEpochs ? { bestEpoch: Math.round(this.#bestT / stepsPerEpoch) } : {}),
        trainingThen: this.#trainingAtBest,
        training: terms.smooth,
      },
      fixes: this.#fixes(),
    };
  }

  #fixes(): Fix[] {
    const { config, stepsPerEpoch } = this.#context;
    const patience = Math.ceil(this.#wait / stepsPerEpoch);
    return [
      ...(config.earlyStopping === null ? [earlyStoppingFix(patience)] : []),
      ...weightDecayFixes(config),
    ];
  }
}
