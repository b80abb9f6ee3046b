import { baseLr, numberOption } from '../../config/readOptions';
import { wide } from '../../gradient/allowance';
import { sumOfRatios } from '../../kernels/passes';
import { formatNumber } from '../../numerics/format';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport } from '../finding';
import { lrFix, smallerBeta2Fixes } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { option } from '../subjects';
import { type SecondMoment, secondMomentsOf } from '../terms/secondMoment';
import { roundToDigit } from '../words';

/** The RMS_t from which v lags behind the gradients: Wortsman et al., figure 9. */
const lagging = 2.3;
/** RMS_t is computed every second step, of very many coordinates every fourth; it stays high for several steps. */
const usualEvery = 2;
const everyOfWide = 4;
/** The jump must follow within this number of steps. */
const horizon = 20;

/**
 * v lagged behind growing gradients, and the loss jumped (Wortsman et al., arXiv:2304.13013, section 3.4):
 *
 *   RMS_t = √mean(g² / max(vHat, eps²)) ≥ 2.3, and a jump of the loss (`SpikeWatch`) above that of step t, at most 20 steps later
 *   ‖g_t‖ > ‖g_s‖     for the earlier steps s over which v averages: 1/(1 − beta2) steps, or at least half of them
 *
 * RMS_t is 1 while gradients keep their size. Far above 1, v is still as small as before, so the steps are
 * too long. By the second condition, the gradients grow: if some samples or batches always have a gradient
 * many times as large as the others, v does not lag behind them.
 *
 * Jumps after a loss that is not finite are its consequences. Known false positives: with few coordinates (the threshold was determined
 * with millions), the noise of mini-batches alone may reach the threshold; the jump of the loss is required as well, which excludes most
 * of these cases.
 */
export class StaleSecondMomentRule implements Rule {
  readonly #context: RuleContext;
  readonly #seconds: readonly (SecondMoment | null)[];
  readonly #eps: number;
  /** The number of steps over which v averages. */
  readonly #memory: number;
  #posted: Posted | null = null;
  /** The number of spikes up to the reported one. */
  #spike = 0;
  /** The highest loss of the rise that has been reported. */
  #peak = Number.NaN;
  #lastT = Number.NEGATIVE_INFINITY;
  /** The largest norm of a gradient in this half of the memory of v, and in the last one. */
  #largest = 0;
  #largestBefore = 0;
  #lastRms = Number.NaN;
  /** The loss at that step. */
  #lossThen = Number.NaN;

  static for(context: RuleContext): StaleSecondMomentRule | null {
    const seconds = secondMomentsOf(context.config);
    return seconds.some((second) => second !== null) ? new StaleSecondMomentRule(context, seconds) : null;
  }

  private constructor(context: RuleContext, seconds: readonly (SecondMoment | null)[]) {
    const { config } = context;
    this.#context = context;
    this.#seconds = seconds;
    this.#eps = numberOption(config.optimizer, 'eps') ?? 0;
    this.#memory = 1 / (1 - (numberOption(config.optimizer, 'beta2') ?? 0));
  }

  onStep(step: StepView): void {
    const isLargest = step.gradNorm > Math.max(this.#largest, this.#largestBefore);
    this.#largest = Math.max(step.gradNorm, this.#largest);
    if (step.t % Math.ceil(this.#memory / 2) === 0) {
      this.#largestBefore = this.#largest;
      this.#largest = 0;
    }
    if (this.#posted) {
      this.#followRise();
      return;
    }
    const { begins } = this.#context.spikes;
    const every = this.#context.dim <= wide ? usualEvery : everyOfWide;
    if (step.t % every !== 0 && !begins) return;
    const rms = this.#rmsOf(step);
    if (isLargest && rms >= lagging && !(rms <= this.#lastRms && step.t - this.#lastT <= horizon)) {
      this.#lastT = step.t;
      this.#lastRms = rms;
      this.#lossThen = step.loss;
    }
    if (!begins || step.t - this.#lastT > horizon || this.#context.board.has('non-finite-loss')) return;
    // The batch of that step had the higher loss: nothing rose since.
    if (this.#lossThen > this.#context.spikes.peak) return;
    this.#spike = this.#context.spikes.spikes;
    this.#peak = this.#context.spikes.peak;
    this.#posted = this.#context.board.post(this.#report());
  }

  /** The step at which the spike begins is seldom its highest one. */
  #followRise(): void {
    const { spikes } = this.#context;
    if (spikes.spikes !== this.#spike || !(spikes.peak > this.#peak)) return;
    this.#peak = spikes.peak;
    this.#posted!.replace(this.#report());
  }

  #rmsOf(step: StepView): number {
    const { grad, before, state } = step;
    const second = this.#seconds[step.phase]!;
    if (second === null) return 0;
    const { l2 } = second;
    const scalars = { l2, scale: second.scale(step), least: this.#eps ** 2 };
    return Math.sqrt(sumOfRatios(grad, before, state[second.place]!, scalars) / grad.length);
  }

  #report(): FindingReport {
    const { config, spikes, words } = this.#context;
    const { peak, peakT } = spikes;
    const lr = baseLr(config);
    return {
      code: 'stale-second-moment',
      severity: 'warning',
      headline: words.say`The loss spiked because the second moment v lagged behind growing gradients.`,
      detail:
        `At step ${this.#lastT} the gradients were ${formatNumber(this.#lastRms)} times sqrt(vHat) (root mean square over the ` +
        words.say`coordinates). The loss then rose from a median of ${words.value(spikes.middle)} to ${words.value(peak)} at step ${peakT}. ` +
        'v averages over about ' +
        `${formatNumber(this.#memory)} steps, so it still reflected earlier, smaller gradients.`,
      advice: 'Decrease beta2, or decrease lr.',
      steps: [this.#lastT, peakT],
      coordinates: [],
      subject: option('optimizer', 'beta2'),
      evidence: { rms: this.#lastRms, rmsStep: this.#lastT, loss: peak, lossBefore: spikes.middle, lr },
      fixes: [
        ...smallerBeta2Fixes(config).slice(0, 2),
        lrFix(config, roundToDigit(lr / Math.max(2, this.#lastRms))),
      ],
    };
  }
}
