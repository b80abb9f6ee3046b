import { baseLr, isAdaptive } from '../../config/readOptions';
import { decreaseOf, type RunEnd } from '../../ending/runEnd';
import { formatNumber } from '../../numerics/format';
import { phasesOf } from '../../phases';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport, Fix } from '../finding';
import { clipFix, lrFix, mayClip, smallerLrFixes } from '../fixes';
import { lrInWords } from '../lrInWords';
import type { StabilitySample } from '../probes/stabilityGauge';
import { type MutingRule, nextUpdateAfter, type RuleContext } from '../rule';
import { lrOption } from '../subjects';
import { windowIn } from '../terms/shortRun';
import { anyOf, floorToDigit, roundToDigit } from '../words';
import { instabilityReport } from './instabilityReport';

/**
 * The smoothed loss m counts as far above its start if it exceeds the start by more than this multiple of S.
 */
const farAbove = 10;
/** Below this share of the stability limit, a longer step cannot be the cause of a growing loss. */
const farBelow = 0.2;
/** In a run of few steps, at least so many. */
const leastOnEnd = 10;
/** A single loss this many times S above the start is no approach to the border of a domain. */
const enormous = 1e6;
/** In a flat region, the gradient is below this share of its largest value. */
const flat = 0.01;
/** Where the loss falls again after a jump, that is a divergence only if it rose by more than this share of its start. */
const farOfStart = 1;
/** Consecutive steps in which the condition must hold. */
const inARow = 3;
/** Consecutive steps far above the start that count as divergence even if the loss does not grow any more. */
const usualOnEnd = 100;

/**
 * The loss grows without bound. One of these conditions:
 *
 *   m − L0 > 10 S and m is a new maximum, in 3 consecutive steps
 *   m − L0 > 10 S for 100 consecutive steps, or a quarter of the steps of a run of fewer than 200
 *   leap: a long step led to a flat region. At the end, the loss is above L0 by d, and does not decrease or d > |L0|. It never
 *         decreased by d/10, or the largest loss was above L0 + 10 S; as many steps again would not bring it back to L0, and the gradient is below a
 *         hundredth of its largest value
 *   overflow: the loss, the gradient or a parameter is not finite, and the last finite ℓ was above L0 + 10 S. Where the loss is NaN, its
 *         operand may have left a domain at moderate numbers, after one high loss beside a pole: then m − L0 > 10 S, or ℓ − L0 > 1e6 S
 *
 * The first two do not count while weight decay moves the parameters up the slope of the loss (see `DecayDrift`).
 *
 * S includes the first change of the loss, so that one long step after which the loss returns (Adam with a
 * large lr) is not reported.
 *
 * As long as the run diverges, the other rules are muted. If m returns to L0, it was not a divergence, and
 * the finding is replaced by `instability-at-start`.
 *
 * Known false positive: a loss function that itself grows with the step. Known miss: growth so slow that the
 * run ends before it reaches 10 S.
 */
export class DivergenceRule implements MutingRule {
  readonly #context: RuleContext;
  readonly #onEnd: number;
  #greatest = Number.NEGATIVE_INFINITY;
  #streak = 0;
  #farFor = 0;
  #from = 0;
  #peak = Number.NEGATIVE_INFINITY;
  #overflow = 0;
  /** What was not finite then, in words. */
  #overflowed = '';
  /** The last step above the start. */
  #lastAbove = 0;
  /** Whether a long step led to a flat region. */
  #isLeap = false;
  #firstNorm = Number.NaN;
  /** The largest loss of a step. */
  #largest = Number.NEGATIVE_INFINITY;
  #largestAt = 0;
  #posted: Posted | null = null;
  #updateAt = 0;
  /** The first sample, if it is above its limit: later ones may be those of a loss that has already grown. */
  #atFirst: StabilitySample | null | undefined;

  constructor(context: RuleContext) {
    this.#context = context;
    this.#onEnd = windowIn(context.config.steps, usualOnEnd, leastOnEnd);
  }

  /** As long as the run diverges, other findings would only be consequences. */
  get mutesOthers(): boolean {
    return this.#posted !== null;
  }

  onStep(step: StepView): void {
    const { terms, decayDrift } = this.#context;
    if (Number.isNaN(this.#firstNorm)) this.#firstNorm = step.gradNorm;
    if (this.#overflow > 0) return;
    if (!Number.isFinite(step.loss) || !Number.isFinite(step.gradNorm)) {
      this.#breakAt(step.t, step.loss);
      return;
    }
    if (step.loss > this.#largest) {
      this.#largest = step.loss;
      this.#largestAt = step.t;
    }
    if (terms.loss > terms.start) this.#lastAbove = step.t;
    if (!terms.isReady) return;
    const m = terms.smooth;
    const isFar = m - terms.start > farAbove * terms.scale && !decayDrift?.isUphill;
    const grows = isFar && m > this.#greatest;
    this.#farFor = isFar ? this.#farFor + 1 : 0;
    this.#greatest = Math.max(this.#greatest, m);
    this.#streak = grows ? this.#streak + 1 : 0;
    if (this.#posted === null) {
      if (this.#streak >= inARow || this.#farFor >= this.#onEnd) this.#begin(step.t);
    } else if (m <= terms.start) {
      this.#recover();
    } else {
      this.#peak = Math.max(this.#peak, terms.loss);
      if (step.t >= this.#updateAt) this.#update(step.t);
    }
  }

  onSample(sample: StabilitySample): void {
    if (this.#atFirst === undefined) this.#atFirst = sample.value > sample.limit ? sample : null;
  }

  finish({ steps, stopped, final }: RunOutcome, end: RunEnd | null): void {
    if (
      this.#overflow === 0 &&
      (stopped === 'nonFinite' || (stopped !== 'error' && !Number.isFinite(final.loss)))
    )
      this.#breakAt(steps, final.loss);
    if (this.#posted === null && end !== null && this.#hasLeapt(end)) {
      this.#isLeap = true;
      this.#begin(steps);
    }
    if (this.#posted && this.#posted.report.steps[1] < steps) this.#update(steps);
  }

  /** @param loss  of that step: if it is finite, its gradient was not */
  #breakAt(t: number, loss: number): void {
    if (this.#posted === null && !this.#hasGrown(loss)) return;
    this.#overflow = t;
    this.#overflowed = Number.isFinite(loss)
      ? 'its gradient was not finite'
      : `it was ${Number.isNaN(loss) ? 'NaN' : 'infinite'}`;
    if (this.#posted) this.#update(t);
    else this.#begin(t);
  }

  #hasGrown(broken: number): boolean {
    const { loss, smooth, start, scale } = this.#context.terms;
    if (!Number.isNaN(broken)) return loss - start > farAbove * scale;
    return smooth - start > farAbove * scale || loss - start > enormous * scale;
  }

  #begin(t: number): void {
    const { terms, board } = this.#context;
    this.#from = terms.rise.from || terms.lastNotAboveStart + 1;
    this.#peak = terms.loss;
    this.#posted = board.post(this.#report(t));
    this.#updateAt = nextUpdateAfter(t);
  }

  #update(t: number): void {
    this.#posted?.replace(this.#report(t));
    this.#updateAt = nextUpdateAfter(t);
  }

  #recover(): void {
    const { terms, board } = this.#context;
    const peak = { from: this.#from, to: this.#lastAbove, height: this.#peak - terms.start };
    // Steps along rounding errors say nothing about lr.
    const isKnown = board.has('instability-at-start');
    if (isKnown || board.has('precision-loss', 'cancellation')) this.#posted?.withdraw();
    else this.#posted?.replace(instabilityReport(this.#context, peak, true));
    this.#posted = null;
    this.#streak = 0;
    this.#farFor = 0;
  }

  #report(t: number): FindingReport {
    const { terms, config, words } = this.#context;
    const { start, loss } = terms;
    const curvature = isAdaptive(config) ? Number.NaN : this.#context.curvature();
    const lr = baseLr(config);
    const hasFallenBack = this.#largest - start > farAbove * Math.max(loss - start, 0);
    const jump =
      words.say`The loss grew from ${words.value(start)} to ${words.value(this.#largest)} at step ${this.#largestAt}. ` +
      words.say`It has been above its starting value since, and is ${words.value(loss)} at the end.`;
    const overflow = this.#overflow > 0 ? `; at step ${this.#overflow} ${this.#overflowed}` : '';
    const { except } = terms.rise;
    const exception = except > 0 ? `, except in ${except} ${except === 1 ? 'step' : 'steps'}` : '';
    const height =
      hasFallenBack && terms.smoothedOver === 1
        ? words.say`It grew to ${words.value(this.#largest)} at step ${this.#largestAt}, and is ${words.value(loss)} at step ${terms.lossT}${overflow}.`
        : words.say`It grew to ${words.value(loss)} at step ${terms.lossT}${overflow}.`;
    const growth =
      words.say`The loss${terms.smoothing} has been above its starting value of ${words.value(start)} since step ${this.#from}${exception}. ` +
      height;
    const isStable = this.#isFarFromLimit();
    return {
      code: 'divergence',
      severity: 'error',
      headline: this.#isLeap
        ? words.say`The loss diverges: a long step led to a flat region above its starting value.`
        : words.say`The loss diverges: it has grown far above its starting value.`,
      detail: (this.#isLeap && hasFallenBack ? jump : growth) + this.#why(isStable),
      advice: isStable
        ? words.say`Check whether the gradient is that of the loss: rounding and jumps have no derivative.`
        : anyOf('decrease lr', mayClip(config) && 'clip the gradient norm'),
      steps: [this.#from, t],
      coordinates: [],
      subject: isStable ? null : lrOption(config),
      evidence: {
        startLoss: start,
        loss,
        lr,
        ...(curvature > 0 ? { curvature } : {}),
        ...(this.#overflow > 0 ? { overflowStep: this.#overflow } : {}),
      },
      fixes: this.#fixes(),
    };
  }

  /**
   * Whether the steps of gradient descent are so short for the curvature along the path, and at the last sample, that the
   * learning rate cannot be the cause. The steps of other optimizers also depend on earlier gradients.
   */
  #isFarFromLimit(): boolean {
    const { config } = this.#context;
    if (this.#isLeap || this.#overflow > 0 || isAdaptive(config) || config.groups) return false;
    const sample = this.#context.sample();
    const along = (baseLr(config) * this.#context.curvature()) / 2;
    return Math.max(along, sample ? sample.value / sample.limit : 0) < farBelow;
  }

  #why(isStable: boolean): string {
    const { config, words } = this.#context;
    const curvature = isAdaptive(config) ? Number.NaN : this.#context.curvature();
    const lr = baseLr(config);
    if (isStable)
      return ` The steps are far below their stability limit, so lr is not the cause: ${words.say`the loss rises although the steps follow its gradient downhill`}.`;
    if (config.groups) return ' The steps are likely too long, in a parameter group or outside the groups.';
    const [{ definition, options, beta }] = phasesOf(config);
    const limit = definition.stabilityLimit(options)({ t: 1, lr, beta });
    const descent =
      words.say`gradient descent` +
      (beta > 0 ? ` with momentum ${formatNumber(beta)}` : '') +
      ' is stable only below';
    if (this.#atFirst && !isAdaptive(config)) {
      const { t, largest, limit } = this.#atFirst;
      return (
        ` At step ${t}, the largest curvature was ${formatNumber(largest)}: ${descent} ` +
        `lr = ${formatNumber(limit / largest)}, but lr = ${formatNumber(lr)}.`
      );
    }
    if (curvature > 0 && lr * curvature > limit)
      return (
        ` The curvature along the path reached ${formatNumber(curvature)}: ${descent} ` +
        `lr = ${formatNumber(limit / curvature)}, but lr = ${formatNumber(lr)}.`
      );
    return ` The steps are likely too long: ${lrInWords(this.#context)}.`;
  }

  #fixes(): Fix[] {
    const { config } = this.#context;
    // The curvature in the flat region says nothing about the start.
    if (this.#isFarFromLimit()) return [];
    if (this.#isLeap) return [10, 100, 1000].map((by) => lrFix(config, roundToDigit(baseLr(config) / by)));
    const fixes = smallerLrFixes(this.#context);
    // With this clip norm the first step is as long as with the proposed learning rate.
    const curvature = this.#context.curvature();
    const lr = baseLr(config);
    const share =
      curvature > 0 && !isAdaptive(config) ? Math.min(0.1, floorToDigit(1 / curvature) / lr) : 0.1;
    if (mayClip(config) && this.#firstNorm * share > 0 && Number.isFinite(this.#firstNorm))
      fixes.push(clipFix(this.#firstNorm * share));
    return fixes.slice(0, 3);
  }

  /** Whether a long step led to a flat region above the start, where the gradient has almost vanished. */
  #hasLeapt(end: RunEnd): boolean {
    const { startLoss, finalLoss, gradientShare, tail, steps, isNoisy } = end;
    const { terms, decayDrift } = this.#context;
    const rise = finalLoss - startLoss;
    if (isNoisy || !(rise > terms.floor) || decayDrift?.isUphill) return false;
    if (tail?.isFalling && !(rise > farOfStart * Math.abs(startLoss))) return false;
    const wasFar = rise > 10 * decreaseOf(end) || this.#largest - startLoss > farAbove * terms.scale;
    // On the flat region, the loss may still decrease, but as many steps again must not bring it back.
    const isFlat = tail === null || tail.fallPerStep * steps < rise;
    return wasFar && gradientShare < flat && isFlat;
  }
}
