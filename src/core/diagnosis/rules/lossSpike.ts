import { baseLr } from '../../config/readOptions';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport, Fix } from '../finding';
import { clipFix, cosineFix, lrFix, smallerBeta2Fixes, smallerMomentumFixes } from '../fixes';
import { lrInWords } from '../lrInWords';
import { momentumOf } from '../momentum';
import type { Rule, RuleContext } from '../rule';
import { lrOption } from '../subjects';
import { CarriedRise } from '../terms/carriedRise';
import { anyOf, roundToDigit } from '../words';

/** The peak of a jump is searched for in this number of steps. */
const followed = 100;

/**
 * The loss jumps in the middle of a run, by the condition of `SpikeWatch`. A jump above L0 within the first
 * steps is reported as `instability-at-start`, and after a loss that is not finite, the losses are its consequences. Later jumps of the same run are counted, not reported again.
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
  /** The number of spikes before the first one that is reported. */
  #earlier = 0;
  #first = 0;
  /** The peak of the largest jump so far. */
  #peak = Number.NEGATIVE_INFINITY;
  #peakT = 0;
  #before = Number.NaN;
  #normBefore = Number.NaN;
  #followUntil = 0;
  readonly #rise = new CarriedRise();
  /** Whether momentum carried the parameters up to the highest peak. */
  #isCarried = false;
  #t = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  onStep(step: StepView): void {
    const { t, gradNorm } = step;
    const { spikes, board, terms } = this.#context;
    // The losses of mini-batches do not rise step by step.
    if (terms.smoothedOver === 1) this.#rise.onStep(step);
    this.#t = t;
    const hasCause = board.has('instability-at-start') || board.has('non-finite-loss');
    if (spikes.begins) this.#followUntil = t + followed;
    if (this.#posted) this.#update(t);
    else if (spikes.begins && !hasCause) {
      this.#first = t;
      this.#earlier = spikes.spikes - 1;
      this.#before = spikes.middle;
      this.#normBefore = this.#usualNorm;
      this.#take();
      this.#posted = board.post(this.#report(t));
    }
    if (t > this.#followUntil && Number.isFinite(gradNorm))
      this.#usualNorm = Number.isNaN(this.#usualNorm) ? gradNorm : 0.98 * this.#usualNorm + 0.02 * gradNorm;
  }

  /** The steps of a divergence that returned are known to `SpikeWatch` only. */
  finish({ steps }: RunOutcome): void {
    this.#update(steps);
  }

  #update(t: number): void {
    const { spikes } = this.#context;
    if (spikes.spikes - this.#earlier === this.#count && !(spikes.peak > this.#peak)) return;
    this.#take();
    this.#posted?.replace(this.#report(t));
  }

  /** A rise that does not return is a divergence, not a spike. */
  onMuted(): void {
    if (this.#count === 1 && this.#peakT > this.#context.terms.lastNotAboveStart) this.#posted?.withdraw();
  }

  #take(): void {
    const { spikes } = this.#context;
    this.#count = spikes.spikes - this.#earlier;
    if (!(spikes.peak > this.#peak)) return;
    this.#peak = spikes.peak;
    this.#peakT = spikes.peakT;
    // Nothing is known of a rise that this rule has not seen.
    this.#isCarried = this.#peakT === this.#t && this.#rise.isCarried;
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
        this.#why(),
      advice: anyOf(
        this.#isCarried && smallerMomentumFixes(config).length > 0 && `decrease ${momentumOf(config).name}`,
        !this.#isCarried && smallerBeta2Fixes(config).length > 0 && 'decrease beta2',
        'decrease lr',
        config.schedule === null && 'decay it',
        !this.#isCarried && config.clip === null && 'clip the gradient norm',
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

  /** Where each step has a loss function of its own, a high loss may be that of its function. */
  #why(): string {
    const { config, isContextual, words } = this.#context;
    const lr = lrInWords(this.#context);
    if (this.#isCarried) {
      const { name, value } = momentumOf(config);
      return words.say` Momentum (${name} = ${formatNumber(value)}) carried the parameters past the minimum; ${lr}.`;
    }
    return isContextual && config.samples === null
      ? words.say` Either the steps were too long (${lr}), or the loss functions of these steps have higher values.`
      : ` The steps were likely too long for the local curvature: ${lr}.`;
  }

  #fixes(): Fix[] {
    const { config } = this.#context;
    const fixes = (this.#isCarried ? smallerMomentumFixes(config) : smallerBeta2Fixes(config)).slice(0, 1);
    fixes.push(lrFix(config, roundToDigit(baseLr(config) / 3)));
    if (config.schedule === null) fixes.push(cosineFix(config));
    if (!this.#isCarried && config.clip === null && this.#normBefore > 0)
      fixes.push(clipFix(3 * this.#normBefore));
    return fixes;
  }
}
