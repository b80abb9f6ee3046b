import { memoryDecay } from '../../config/readOptions';
import { GradientDrift } from '../../ending/gradientDrift';
import {
  decreaseOf,
  hasDecreased,
  isDrifting,
  isFarFromMinimum,
  isNearMinimum,
  isOutrunningNoise,
  leftOf,
  type RunEnd,
} from '../../ending/runEnd';
import { laggingCorrelation } from '../../laggingGradients';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { DiagnosisCode } from '../catalogue';
import { isCut } from '../lacksTerm';
import { nextUpdateAfter, type Rule, type RuleContext } from '../rule';
import { LrPlan } from '../terms/lrPlan';
import { isShort, windowIn } from '../terms/shortRun';
import { EpsShare } from './plateau/epsShare';
import { GradientAgreement } from './plateau/gradientAgreement';
import { LossWindow } from './plateau/lossWindow';
import {
  neverImproved,
  type PlateauClass,
  type PlateauReading,
  plateauReport,
  symmetricSaddle,
} from './plateau/reports';
import { slowTravel, timesAsMany } from './plateau/slowTravel';
import { leadingCoordinate, Travel } from './plateau/travel';
import { emptyRange, joined, type LossRange, WindowLosses } from './plateau/windowLosses';

/**
 * The statistic of ten medians from which the trend counts as falling: P(S ≤ −21) = 0.036 without a trend.
 */
const falling = -21;

/** Findings that explain why the loss stopped improving, or decreases slowly. */
const causes: readonly DiagnosisCode[] = [
  'unbounded-loss',
  'weight-decay-dominates',
  'clipping-dominates',
  'schedule-mismatch',
  'saturation',
  'poor-scaling',
];
/** Findings that ask for shorter steps. */
const tooLong: readonly DiagnosisCode[] = [
  'divergence',
  'instability-at-start',
  'stale-second-moment',
  'loss-spike',
  'oscillation',
  'edge-of-stability',
];
/** An eigenvalue below −1e-6 times the largest one is not a rounding error. */
const negative = 1e-6;
/** At a larger relative distance from the ridge of the saddle, the run is already moving away from it. */
const onRidge = 1e-2;
/**
 * The forecast expects two thirds of the gradient to remain at the end. Below this share, the forecast was
 * wrong.
 */
const left = 0.5;
/** A loss that falls by this share of its decrease has not stopped improving. */
const again = 0.01;
/** A plateau after another one continues it if the improvement grew by at most this share in between. */
const sameLevel = 0.05;
/** A rise by this share of the improvement is a spike: a loss that rose so far has not stayed where it was. */
const spike = 1 / 50;

/** In a window of fewer steps, the overshoot of a momentum looks like a valley. */
const leastInValley = 20;

/** A plateau that ended, because the loss fell again. */
interface Former {
  readonly posted: Posted;
  readonly kind: PlateauClass;
  readonly from: number;
  /** The lowest loss of the plateau. */
  readonly low: number;
  /** The range of the losses since its start, also after its end. */
  range: LossRange;
  readonly improvement: number;
}

/**
 * The loss stopped improving: no falling trend (Mann-Kendall test of ten block medians) in two consecutive
 * windows of
 *
 *   P = max(100, 2E, min(2/(1−b), N/10)) steps, or a quarter of the steps of a run of fewer than 200
 *
 * Near a saddle the trend is ignored, because the loss may fall for a long time by smaller and smaller
 * amounts.
 *
 * Where each step has a loss function of its own, there is no plateau while the mean gradient is not 0 and, to first order, lowers the
 * loss in the window by more than max(R/1000, fl): see `GradientDrift`.
 *
 * With mini-batches, there is no plateau if the loss over all samples decreased in the window by more than a
 * fiftieth of its improvement since the start.
 *
 * Muted while t < 0.8 N and the schedule will still change lr by a factor of ten: then the plateau follows
 * from the schedule. Classes:
 *
 *   eps-stall     eps > √vHat of the leading coordinate, and its abs(g) was never above 100 eps
 *   saddle        like `converged`, but P⁻¹H has an eigenvalue λ < −1e-6 λmax, the loss decreases to both sides along its
 *                 eigenvector d, by more than max(R/1000, fl), and the run is on the ridge:
 *                 abs(g·d) < 1e-2 abs(dᵀHd) max(1, ‖θ‖∞); only without mini-batches
 *                 or, at the end, a local search from beside the last point goes lower (`lowerBesideEnd`)
 *   converged     Σ abs(gΔ) over the window ≤ max(R/1000, fl)
 *   noise-floor   with mini-batches, or if the loss function changes between steps; not if no epoch ended below the start,
 *                 which noise does not explain
 *   flat-valley   otherwise
 *   lr-too-small  until N/2, with the condition of `slowTravel`; withdrawn at the end if the gradient halved,
 *                 or a polish of the last point gains less than R/20, or another finding asks for shorter steps
 *
 * Withdrawn at the end if another finding names the cause (see `causes`) or a moment of the optimizer overflowed, and the class `converged` also if the
 * verdict is not that the run has converged: a polish of the last point gains more than R/1000, or the loss falls again. A
 * plateau of class `flat-valley` is withdrawn if the loss oscillates with a decaying envelope. A
 * plateau of class `flat-valley` or `noise-floor` is withdrawn if the loss falls by more than R/100 after it.
 *
 * In a run of fewer than 200 steps, the plateau must last until the end, and the loss decreases too slowly only if ten times as
 * many steps would not reach a minimum either, by the forecast and by the distance that a polish went: the run itself may be
 * what is too short. Class `flat-valley` is withdrawn there if a polish of the last point gains less than R/20, in windows of
 * fewer than 20 steps, or with `oscillation`, which names the parameters; class `noise-floor` if a window is shorter than an epoch.
 * In any run, `noise-floor` is withdrawn if a schedule has averaged out the noise: a polish gains almost nothing.
 *
 * Known false positive: if the loss is linear up to its minimum, the minimum seems out of reach until the run
 * reaches it; in that case the finding is withdrawn. Known miss: a plateau shorter than two windows.
 */
export class PlateauRule implements Rule {
  readonly #context: RuleContext;
  readonly #window: LossWindow;
  readonly #travel: Travel;
  readonly #plan: LrPlan;
  readonly #epsShare: EpsShare;
  readonly #isShort: boolean;
  #flatWindows = 0;
  readonly #losses: WindowLosses;
  /** null unless the loss function changes between steps without mini-batches. */
  readonly #agreement: GradientAgreement | null;
  /** The same; of the last window. */
  readonly #drift: GradientDrift | null;
  /** The first step of the plateau, and the range of the losses since then, up to the last full window. */
  #from = 1;
  #range = emptyRange;
  #former: Former | null = null;
  /** What the plateau was last reported from. */
  #lastSight: PlateauReading | null = null;
  /** R at the last window of the plateau. */
  #flatImprovement = 0;
  #firstWatched = Number.NaN;
  #lastWatched = Number.NaN;
  #flat: Posted | null = null;
  #flatClass: PlateauClass | null = null;
  /** The finding with the forecast that the run will not reach the minimum. */
  #slow: Posted | null = null;
  /** The coordinate that was slow in the last window; −1 if none was. */
  #lastSlow = -1;
  /** The coordinate of the forecast, with its abs(g) and the Σ lr of the window when it was last slow. */
  #forecast = { coordinate: -1, size: 0, lr: 0 };
  #hasArrived = false;
  #updateAt = 0;

  constructor(context: RuleContext) {
    const { config, terms, dim, moves, stepsPerEpoch } = context;
    this.#context = context;
    this.#isShort = isShort(config.steps);
    const memory = Math.min(2 / (1 - memoryDecay(config)), config.steps / 10);
    this.#window = new LossWindow(
      windowIn(config.steps, Math.max(100, 2 * terms.smoothedOver, memory)),
      context.isContextual && stepsPerEpoch === 1,
    );
    this.#losses = new WindowLosses(this.#window.length);
    this.#agreement = context.isContextual && config.samples === null ? new GradientAgreement(dim) : null;
    this.#drift = this.#agreement && new GradientDrift(dim, this.#window.length);
    this.#travel = new Travel(dim, this.#window.length, stepsPerEpoch > 1, moves);
    this.#plan = new LrPlan(config);
    this.#epsShare = new EpsShare(config, dim);
  }

  onStep(step: StepView): void {
    if (step.t === 1) {
      this.#firstWatched = step.watched;
      this.#lastWatched = step.watched;
    }
    this.#travel.onStep(step);
    this.#losses.push(step.loss);
    this.#agreement?.push(step.grad);
    this.#drift?.push(step.grad, step.before, step.params);
    const trend = this.#window.push(step.loss);
    if (trend === null) return;
    const { coordinate, size } = this.#forecast;
    this.#hasArrived = coordinate >= 0 && this.#travel.gradient.size(coordinate) < left * size;
    const fellByEpochs = this.#fellByEpochs(step);
    const isDrifting = this.#isDrifting();
    const isFlat =
      (trend > falling && !fellByEpochs && !isDrifting) || (this.#isWorkNegligible() && this.#isSaddle());
    // Noise hid that the loss did not stop improving.
    if (isDrifting) this.#withdrawNoiseFloor();
    this.#flatWindows = isFlat ? this.#flatWindows + 1 : 0;
    const { range } = this.#losses;
    if (this.#former) this.#former.range = joined(this.#former.range, range);
    const isNew = this.#flatWindows <= 1 || this.#fellBefore(range);
    if (isNew) this.#from = step.t - this.#window.length + 1;
    this.#range = isNew ? range : joined(this.#range, range);
    const sight = this.#look(step, trend);
    this.#judgeSlow(sight);
    this.#judgeFlat(sight);
    this.#travel.reset();
    this.#losses.reset();
    this.#agreement?.reset();
  }

  /** Whether the loss still fell in the first of two flat windows: then it has been flat only since the second. */
  #fellBefore([low, high]: LossRange): boolean {
    const fell = this.#range[1] - high;
    return this.#flatWindows === 2 && fell > high - low && fell > again * this.#context.terms.improvement;
  }

  finish(outcome: RunOutcome, end: RunEnd | null): void {
    const { steps, best, final } = outcome;
    if (this.#isCyclic) {
      this.#flat?.withdraw();
      return;
    }
    // An optimizer that has overflowed stands still anywhere.
    const isFrozen = end !== null && end.frozenAt !== null;
    if (isFrozen || causes.some((code) => this.#context.board.has(code))) {
      this.#flat?.withdraw();
      this.#slow?.withdraw();
      this.#former?.posted.withdraw();
      return;
    }
    // Windows of losses that are not finite say nothing about how the loss changes.
    const brokeAt = end?.firstNonFinite?.t ?? Number.POSITIVE_INFINITY;
    for (const posted of [this.#flat, this.#slow])
      if (posted && posted.report.steps[1] >= brokeAt) posted.withdraw();
    this.#refreshFlat(end);
    // The steps became short, but not because the minimum is near.
    if (this.#flatClass === 'converged' && end?.polished && !isNearMinimum(end)) this.#flat?.withdraw();
    // A schedule has averaged out the noise: what the advice would be has been done, and noise does not hold what still falls.
    const isScheduled = this.#context.config.schedule !== null;
    const isDone = isScheduled && ((end?.polished && isNearMinimum(end)) || end?.tail?.isFalling);
    if (this.#flatClass === 'noise-floor' && isDone) this.#flat?.withdraw();
    if (end && isStillGaining(end)) this.#withdrawNoiseFloor();
    if (end && isDrifting(end)) this.#withdrawNoiseFloor();
    if (this.#flatClass === 'noise-floor' && this.#agreement) this.#agreeWithOthers(end);
    // The mean over whole oscillations still falls.
    if (this.#flatClass === 'flat-valley' && end?.oscillation) this.#flat?.withdraw();
    if (this.#isShort) this.#withdrawInShortRun(end);
    // The verdict says that the run started at a minimum, is in a flat region, or went past a lower loss.
    const isSaidOtherwise =
      end?.surroundings === 'flat' ||
      Boolean(end?.lowerElsewhere) ||
      (end?.surroundings === 'higher' && !hasDecreased(end));
    // A gradient that is cut, or that underflows, is small anywhere.
    const { board } = this.#context;
    const isBlind = board.findings.some(isCut) || board.has('precision-loss');
    if (!isBlind && this.#judgeBesideEnd(outcome, end)) return;
    if (this.#flatClass === 'converged' && (isSaidOtherwise || isBlind)) this.#flat?.withdraw();
    if (this.#flatClass === 'converged' && this.#hasLeftAgain()) this.#flat?.withdraw();
    // With a validation loss, the best loss and the final loss are values of different losses.
    const { samples, validation } = this.#context.config;
    const isOneLoss = samples !== null && validation === null;
    if (
      this.#flat &&
      this.#flatClass === 'noise-floor' &&
      isOneLoss &&
      best.t === 0 &&
      final.loss > best.loss
    )
      this.#flat.replace(neverImproved(this.#flat.report, best.loss, final.loss, this.#context.words));
    this.#flat?.extendTo(steps);
    if (this.#former && this.#fellSince(this.#former)) this.#former.posted.withdraw();
    // A step that was too long led to where the loss is flat.
    const hasLeapt = end !== null && end.finalLoss - end.startLoss > decreaseOf(end);
    const isTooSlow = !hasLeapt || this.#slow?.report.evidence.class !== 'lr-too-small';
    if (!isTooSlow || this.#hasArrived || this.#areStepsTooLong || (end?.polished && !isFarFromMinimum(end)))
      this.#slow?.withdraw();
    else this.#slow?.extendTo(steps);
  }

  /** Whether a local search from beside the last point shows that it is a saddle point, although no sample of the curvature did. */
  #judgeBesideEnd(outcome: RunOutcome, end: RunEnd | null): boolean {
    const beside = end?.lowerElsewhere;
    if (beside?.kind !== 'beside-end' || !beside.isNear || this.#flatClass === 'saddle') return false;
    this.#slow?.withdraw();
    const report = symmetricSaddle(this.#context, beside, outcome, this.#flat ? this.#from : null);
    if (this.#flat) this.#flat.replace(report);
    else this.#context.board.post(report);
    return true;
  }

  /** A run that follows its minimum closely needs no advice, and another finding must not ask for the opposite. */
  #agreeWithOthers(end: RunEnd | null): void {
    if (this.#flat === null || end === null || end.lag === null) return;
    const { board } = this.#context;
    if (isNearMinimum(end)) this.#flat.replace({ ...this.#flat.report, advice: 'Nothing to do.', fixes: [] });
    else if (tooLong.some((code) => board.has(code)))
      this.#flat.replace({
        ...this.#flat.report,
        advice:
          'Try a larger and a smaller lr: longer steps follow more closely, but other findings ask for shorter ones.',
      });
  }

  /**
   * In a short run, few steps were examined. What they suggest must agree with what a polish of the last point reached, and
   * with other findings about the same steps.
   */
  #withdrawInShortRun(end: RunEnd | null): void {
    const polished = end?.polished ?? null;
    if (this.#flatClass === 'flat-valley') {
      const isThere = end !== null && polished !== null && !isFarFromMinimum(end);
      const isLong = this.#window.length >= leastInValley;
      if (isThere || !isLong || this.#context.board.has('oscillation')) this.#flat?.withdraw();
    }
    // Whether noise hides an improvement is known only after epochs.
    const { stepsPerEpoch } = this.#context;
    if (this.#flatClass === 'noise-floor' && stepsPerEpoch > this.#window.length) this.#flat?.withdraw();
    if (polished === null || polished.distance < timesAsMany) this.#slow?.withdraw();
  }

  /** Withdraws the plateau that lasts and the one before it, if they are explained by noise. */
  #withdrawNoiseFloor(): void {
    if (this.#flatClass === 'noise-floor') {
      this.#flat?.withdraw();
      this.#flat = null;
    }
    if (this.#former?.kind !== 'noise-floor') return;
    this.#former.posted.withdraw();
    this.#former = null;
  }

  /** Whether the loss fell again after a plateau by more than a hundredth of its decrease. */
  #fellSince({ low, kind }: Former): boolean {
    const { terms } = this.#context;
    const isPassed = kind === 'flat-valley' || kind === 'noise-floor';
    return isPassed && low - terms.loss > again * terms.improvement;
  }

  /** Whether the parameters oscillate, or the loss rose from where it was: then something is to be done. */
  #hasLeftAgain(): boolean {
    const { board, terms } = this.#context;
    const [low, high] = joined(this.#range, this.#losses.range);
    const oscillates = board.findings.some(
      ({ code, steps }) => code === 'oscillation' && steps[1] > this.#from,
    );
    return oscillates || high - low > spike * terms.improvement;
  }

  /** Whether another finding since the forecast asks for shorter steps, so that longer ones are no advice. */
  get #areStepsTooLong(): boolean {
    const report = this.#slow?.report;
    if (report?.evidence.class !== 'lr-too-small') return false;
    return this.#context.board.findings.some(
      ({ code, severity, steps }) =>
        severity !== 'info' && tooLong.includes(code) && steps[1] >= report.steps[0],
    );
  }

  /** A run that leapt to a flat region above the start has not converged. */
  onMuted(): void {
    if (this.#areStepsTooLong) this.#slow?.withdraw();
    const { improvement, floor } = this.#context.terms;
    if (this.#flatClass === 'converged' && improvement <= floor) this.#flat?.withdraw();
    // Losses far above the start do not show that the loss stopped improving.
    const divergence = this.#context.board.findings.find(({ code }) => code === 'divergence');
    if (divergence && this.#flat && this.#flat.report.steps[1] >= divergence.steps[0]) this.#flat.withdraw();
    this.#interrupt();
  }

  /** The rule does not see the steps that follow, so nothing may be stated about spans that contain them. */
  #interrupt(): void {
    this.#flatWindows = 0;
    this.#endFlat();
    this.#former = null;
    this.#window.reset();
    this.#travel.reset();
    this.#losses.reset();
    this.#agreement?.reset();
    this.#drift?.reset();
  }

  /** If `cyclic-gradient` is reported, it explains why the loss does not decrease. */
  get #isCyclic(): boolean {
    return this.#context.board.has('cyclic-gradient');
  }

  #look(step: StepView, trend: number): PlateauReading {
    const leader = leadingCoordinate(this.#travel, step.grad);
    const window = this.#window.length;
    const eps = this.#epsShare.epsOf(leader);
    const epsShare = this.#epsShare.of(step, leader);
    const isHeldByEps =
      epsShare > 0.5 && step.grad[leader] !== 0 && this.#context.moves.peakGrad[leader]! <= 100 * eps;
    return {
      from: this.#from,
      until: step.t,
      step,
      isOver: false,
      range: this.#range,
      interquartileRange: this.#losses.interquartileRange(),
      agreement: this.#agreement?.value ?? Number.NaN,
      window,
      total: this.#travel.total,
      work: this.#travel.work,
      isBackAndForth: this.#travel.isBackAndForth,
      trend,
      leader,
      eps,
      epsShare,
      isHeldByEps,
      sample: this.#context.sample(),
      slow: this.#isEarly(step.t)
        ? slowTravel(this.#travel, step, leader, isHeldByEps, this.#plan, this.#context)
        : null,
    };
  }

  #judgeSlow(sight: PlateauReading): void {
    const { step, slow } = sight;
    const { board, stepsPerEpoch } = this.#context;
    if (!this.#isEarly(step.t)) return;
    const wasSlow = this.#lastSlow;
    this.#lastSlow = slow?.coordinate ?? -1;
    if (slow) this.#forecast = { ...slow, lr: this.#travel.lr };
    if (slow === null) {
      if (this.#slow && this.#isHeldByLr) return;
      this.#slow?.withdraw();
      this.#slow = null;
    } else if (this.#slow === null) {
      // The gradients of mini-batches may look constant in one window by chance.
      if (stepsPerEpoch > 1 && slow.coordinate !== wasSlow) return;
      const kind = sight.isHeldByEps ? 'eps-stall' : 'lr-too-small';
      this.#slow = board.post(plateauReport(kind, this.#context, sight));
      this.#updateAt = nextUpdateAfter(step.t);
    } else if (step.t >= this.#updateAt) {
      this.#slow.extendTo(step.t);
      this.#updateAt = nextUpdateAfter(step.t);
    }
  }

  #judgeFlat(sight: PlateauReading): void {
    const { t } = sight.step;
    if (this.#isCyclic) {
      this.#flat?.withdraw();
      this.#flatWindows = 0;
    }
    if (this.#flatWindows === 0) {
      this.#endFlat();
      return;
    }
    if (this.#flatWindows < 2 || this.#plan.isStillToTurn(t)) return;
    const kind = this.#classOf(sight);
    if (this.#slow) {
      // The coordinate reached its minimum, or it does not move for a reason that is already reported.
      if ((kind !== 'converged' && kind !== 'saddle') || this.#isHeldByLr) return;
      this.#slow.withdraw();
      this.#slow = null;
    }
    const isDue = kind !== this.#flatClass || t >= this.#updateAt;
    if (this.#flat === null) this.#beginFlat(kind, sight);
    else if (isDue) this.#flat.replace(plateauReport(kind, this.#context, sight));
    if (isDue) this.#updateAt = nextUpdateAfter(t);
    this.#flatClass = kind;
    this.#lastSight = { ...sight, from: this.#from, range: this.#range };
    this.#flatImprovement = this.#context.terms.improvement;
  }

  /** A plateau at the level of the one before is the same plateau: the losses between the two were no progress. */
  #beginFlat(kind: PlateauClass, sight: PlateauReading): void {
    const { board, terms } = this.#context;
    const former = this.#former;
    this.#former = null;
    if (former?.kind === kind && terms.improvement <= (1 + sameLevel) * former.improvement) {
      this.#from = former.from;
      this.#range = joined(former.range, this.#range);
      this.#flat = former.posted;
      const { from, range } = { from: this.#from, range: this.#range };
      this.#flat.replace(plateauReport(kind, this.#context, { ...sight, from, range }));
    } else {
      this.#flat = board.post(plateauReport(kind, this.#context, sight));
    }
    this.#updateAt = nextUpdateAfter(sight.until);
  }

  /** The loss falls again. */
  #endFlat(): void {
    const [posted, kind, sight] = [this.#flat, this.#flatClass, this.#lastSight];
    this.#flat = null;
    if (posted === null || kind === null || sight === null) return;
    if (kind === 'converged' || this.#isShort) {
      posted.withdraw();
      return;
    }
    const range = joined(this.#range, sight.range);
    posted.replace(plateauReport(kind, this.#context, { ...sight, isOver: true }));
    this.#former = {
      posted,
      kind,
      from: sight.from,
      low: range[0],
      range,
      improvement: this.#flatImprovement,
    };
  }

  /** The range of the losses up to the last step, which are not a full window, and what a local search from the last point gained. */
  #refreshFlat(end: RunEnd | null): void {
    if (this.#flat === null || this.#flatClass === null || this.#lastSight === null) return;
    const range = joined(this.#range, this.#losses.range);
    const reading = {
      ...this.#lastSight,
      range,
      ...(end?.polished && isNearMinimum(end) ? { left: leftOf(end) } : {}),
    };
    this.#flat.replace(plateauReport(this.#flatClass, this.#context, reading));
  }

  /** Whether the slow coordinate no longer moves only because the schedule decreased the learning rate. */
  get #isHeldByLr(): boolean {
    return !this.#hasArrived && this.#travel.lr < 0.1 * this.#forecast.lr;
  }

  /** Whether a forecast may still be made or withdrawn: only in the first half of the run. */
  #isEarly(t: number): boolean {
    return t <= this.#context.config.steps / 2;
  }

  /**
   * Whether the loss over all samples fell in the window by more than a fiftieth of its improvement since the
   * start.
   */
  #fellByEpochs({ watched }: StepView): boolean {
    if (this.#context.config.validation !== null || !Number.isFinite(watched)) return false;
    const fell = this.#lastWatched - watched;
    this.#lastWatched = watched;
    const improvement = this.#firstWatched - watched;
    return improvement > 0 && fell > improvement / 50;
  }

  /**
   * Whether the mean gradient of the window shows a decrease that the noise of the losses hides. Where gradients of consecutive steps
   * agree, the minimum moves, and the loss stays.
   */
  #isDrifting(): boolean {
    if (!this.#agreement || this.#agreement.value > laggingCorrelation) return false;
    const drift = this.#drift?.value ?? null;
    return drift !== null && drift.fallPerStep * this.#window.length > this.#negligible;
  }

  #isWorkNegligible(): boolean {
    return this.#travel.work <= this.#negligible;
  }

  /** A change of the loss that does not matter: max(R/1000, fl). */
  get #negligible(): number {
    const { improvement, floor } = this.#context.terms;
    return Math.max(improvement / 1000, floor);
  }

  /**
   * Never true with mini-batches: the curvature of a batch may be negative where that of the whole loss is
   * positive.
   */
  #isSaddle(): boolean {
    const sample = this.#context.sample();
    if (sample === null || this.#context.stepsPerEpoch > 1) return false;
    const scale = Math.max(sample.largest, -sample.smallest);
    if (!(sample.smallest < -negative * scale && sample.isCurvedDown && sample.ridgeAway < onRidge))
      return false;
    return sample.escapeGain > this.#negligible;
  }

  #classOf(sight: PlateauReading): PlateauClass {
    if (sight.isHeldByEps) return 'eps-stall';
    if (this.#isWorkNegligible()) return this.#isSaddle() ? 'saddle' : 'converged';
    return this.#context.terms.smoothedOver > 1 ? 'noise-floor' : 'flat-valley';
  }
}

/** A gain of this share of what is left, in a fifth of the run, is no standstill. */
const gains = 0.1;

/** Whether the end of the run shows a decrease that the noise of single losses hides: then noise does not prevent it. */
function isStillGaining(end: RunEnd): boolean {
  const { tail } = end;
  if (isOutrunningNoise(end)) return true;
  if (!tail?.isFalling || isNearMinimum(end)) return false;
  return tail.fallPerStep * tail.steps >= gains * leftOf(end);
}
