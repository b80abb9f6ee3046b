import { baseLr } from '../../config/readOptions';
import { formatNumber } from '../../numerics/format';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport, Fix } from '../finding';
import { clipFix, cosineFix, lrFix, smallerBeta2Fixes } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { lrOption } from '../subjects';
import { anyOf, roundToDigit } from '../words';

/** The peak of a jump is searched for in this number of steps. */
const followed = 100;

/**
 * The loss jumps in the middle of a run, by the condition of `SpikeWatch`. A jump above L0 within the first
 * steps is reported as `instability-at-start`. Later jumps of the same run are counted, not reported again.
 *
 * Known false positives: a loss that is meant to jump because of its second argument. Known misses: jumps
 * that are small compared with the improvement since the start; `edge-of-stability` may report them.
 */
export class LossSpikeRule implements Rule {
  readonly #context: RuleContext;
  /** A running mean of ‖g‖ without the steps of jumps. */
  #usualNorm = Number.NaN;
  #posted: Posted | null = null;
  #count = 0;
  #first = 0;
  /** The peak of the largest jump so far. */
  #peak = Number.NEGATIVE_INFINITY;
  #peakT = 0;
  #before = Number.NaN;
  #normBefore = Number.NaN;
  #followUntil = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  onStep({ t, loss, gradNorm }: StepView): void {
    const { spikes, board } = this.#context;
    if (spikes.begins && !board.has('instability-at-start')) {
      this.#followUntil = t + followed;
      this.#count++;
      if (this.#posted === null) {
        this.#first = t;
        this.#before = spikes.middle;
        this.#normBefore = this.#usualNorm;
        this.#rise(t, loss);
        this.#posted = board.post(this.#report(t));
        return;
      }
    }
    if (t > this.#followUntil && Number.isFinite(gradNorm))
      this.#usualNorm = Number.isNaN(this.#usualNorm) ? gradNorm : 0.98 * this.#usualNorm + 0.02 * gradNorm;
    else if (this.#posted && loss > this.#peak) {
      this.#rise(t, loss);
      this.#posted.replace(this.#report(t));
    }
  }

  /** A rise that does not return is a divergence, not a spike. */
  onMuted(): void {
    if (this.#count === 1 && this.#peakT > this.#context.terms.lastNotAboveStart) this.#posted?.withdraw();
  }

  #rise(t: number, loss: number): void {
    this.#peak = loss;
    this.#peakT = t;
  }

  #report(t: number): FindingReport {
    const { config, terms, words } = this.#context;
    const [before, peak] = [words.value(this.#before), words.value(this.#peak)];
    const isOne = this.#count === 1;
    return {
      code: 'loss-spike',
      severity: 'warning',
      headline: isOne
        ? words.say`The loss spiked during the run.`
        : words.say`The loss spiked several times during the run.`,
      detail:
        (isOne
          ? words.say`The loss rose from a median of ${before} to ${peak} at step ${this.#peakT}. At the start it was ${words.value(terms.start)}.`
          : words.say`The highest of ${this.#count} spikes reached ${peak} at step ${this.#peakT}. Before the first spike the median of the loss was ${before}.`) +
        ` The steps were likely too long for the local curvature: lr = ${formatNumber(baseLr(config))}.`,
      advice: anyOf(
        smallerBeta2Fixes(config).length > 0 && 'decrease beta2',
        'decrease lr',
        config.schedule === null && 'decay it',
        config.clip === null && 'clip the gradient norm',
      ),
      steps: [this.#first, t],
      coordinates: [],
      subject: lrOption(config),
      evidence: {
        peakLoss: this.#peak,
        peakStep: this.#peakT,
        lossBefore: this.#before,
        rise: this.#peak - this.#before,
        improvement: terms.improvement,
        count: this.#count,
        lr: baseLr(config),
      },
      fixes: this.#fixes(),
    };
  }

  #fixes(): Fix[] {
    const { config } = this.#context;
    const fixes = smallerBeta2Fixes(config).slice(0, 1);
    fixes.push(lrFix(config, roundToDigit(baseLr(config) / 3)));
    if (config.schedule === null) fixes.push(cosineFix(config));
    if (config.clip === null && this.#normBefore > 0) fixes.push(clipFix(3 * this.#normBefore));
    return fixes;
  }
}
