import { baseLr } from '../../config/readOptions';
import type { StepView } from '../../update';
import type { Posted, Report } from '../board';
import type { Fix } from '../finding';
import { clipFix, cosineFix, lrFix, smallerBeta2Fixes } from '../fixes';
import type { Rule, RuleContext } from '../rule';
import { lrOption } from '../subjects';
import { inWords, roundToDigit } from '../words';

/** So many steps a jump is followed to its top. */
const followed = 100;

/**
 * The loss jumps up in the middle of a run, by the condition of `SpikeWatch`. A jump above L0 within the first steps is
 * `instability-at-start`, not this. Later jumps of the same run are counted, not posted again.
 *
 * Known false positives: a loss that is meant to jump, by its second argument. Known misses: rebounds that are small
 * against what was won since the start, which `edge-of-stability` may tell of.
 */
export class LossSpikeRule implements Rule {
  readonly #context: RuleContext;
  /** A running mean of ‖g‖, outside of jumps. */
  #usualNorm = Number.NaN;
  #posted: Posted | null = null;
  #count = 0;
  #first = 0;
  /** Of the largest jump so far. */
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

  #rise(t: number, loss: number): void {
    this.#peak = loss;
    this.#peakT = t;
  }

  #report(t: number): Report {
    const { config, terms } = this.#context;
    const more = this.#count > 1 ? ` It is the highest of ${this.#count} such jumps.` : '';
    return {
      code: 'loss-spike',
      severity: 'warning',
      message:
        `The loss jumped from ${inWords(this.#before)} to ${inWords(this.#peak)} at step ${this.#peakT}, after it had ` +
        `fallen from ${inWords(terms.start)}.${more} A step was too long for the slope that it met: lr is ` +
        `${inWords(baseLr(config))}.`,
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
