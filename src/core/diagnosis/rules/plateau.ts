import { memoryDecay } from '../../config/readOptions';
import { hasDecreased, isFarFromMinimum, isNearMinimum, leftOf, type RunEnd } from '../../ending/runEnd';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { DiagnosisCode } from '../catalogue';
import type { FindingReport } from '../finding';
import { nextUpdateAfter, type Rule, type RuleContext } from '../rule';
import { LrPlan } from '../terms/lrPlan';
import { isShort, windowIn } from '../terms/shortRun';
import { EpsShare } from './plateau/epsShare';
import { LossWindow } from './plateau/lossWindow';
import { neverImproved, type PlateauClass, type PlateauReading, plateauReport } from './plateau/reports';
import { slowTravel, timesAsMany } from './plateau/slowTravel';
import { leadingCoordinate, Travel } from './plateau/travel';

/**
 * The statistic of ten medians from which the trend counts as falling: P(S ≤ −21) = 0.036 without a trend.
 */
const falling = -21;
type Range = readonly [low: number, high: number];
const nothing: Range = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

function joined(a: Range, b: Range): Range {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

/** Whether the report says something about losses alone, so that it can be written again at the end. */
function isOfLosses(kind: PlateauClass | null): boolean {
  return kind === 'converged' || kind === 'flat-valley' || kind === 'noise-floor';
}

/** A plateau that ended, and the lowest loss until then. */
interface PastFlat {
  readonly posted: Posted;
  readonly low: number;
}

/** Findings that explain why the loss stopped improving, or decreases slowly. */
const causes: readonly DiagnosisCode[] = [
  'unbounded-loss',
  'weight-decay-dominates',
  'clipping-dominates',
  'schedule-mismatch',
  'saturation',
  'poor-scaling',
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

/**
 * The loss stopped improving: no falling trend (Mann-Kendall test of ten block medians) in two consecutive
 * windows of
 *
 *   P = max(100, 2E, min(2/(1−b), N/10)) steps, or a quarter of the steps of a run of fewer than 200
 *
 * Near a saddle the trend is ignored, because the loss may fall for a long time by smaller and smaller
 * amounts.
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
 *   converged     Σ abs(gΔ) over the window ≤ max(R/1000, fl)
 *   noise-floor   with mini-batches, or if the loss function changes between steps; not if no epoch ended below the start,
 *                 which noise does not explain
 *   flat-valley   otherwise
 *   lr-too-small  until N/2, with the condition of `slowTravel`; withdrawn at the end if the gradient halved,
 *                 or a polish of the last point gains less than R/20
 *
 * Withdrawn at the end if another finding names the cause (see `causes`), and the class `converged` also if the
 * verdict is not that the run has converged: a polish of the last point gains more than R/1000, or the loss falls again. A
 * plateau of class `flat-valley` or `noise-floor` is withdrawn if the loss falls by more than R/100 after it.
 *
 * In a run of fewer than 200 steps, the plateau must last until the end, and the loss decreases too slowly only if ten times as
 * many steps would not reach a minimum either, by the forecast and by the distance that a polish went: the run itself may be
 * what is too short. Class `flat-valley` is withdrawn there if a polish of the last point gains less than R/20, or with
 * `oscillation`, which names the parameters.
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
  /** The lowest and the highest ℓ of the current window, and of the windows in which the loss has been flat. */
  #windowRange = nothing;
  #range = nothing;
  /** The first step of the windows in `#range`. */
  #flatFrom = 1;
  #firstWatched = Number.NaN;
  #lastWatched = Number.NaN;
  #flat: Posted | null = null;
  #flatClass: PlateauClass | null = null;
  /** The last reading of the plateau. */
  #flatSight: PlateauReading | null = null;
  /** The last plateau that ended. */
  #pastFlat: PastFlat | null = null;
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
    const { loss } = this.#context.terms;
    if (loss < this.#windowRange[0] || loss > this.#windowRange[1])
      this.#windowRange = joined(this.#windowRange, [loss, loss]);
    const trend = this.#window.push(step.loss);
    if (trend === null) return;
    const { coordinate, size } = this.#forecast;
    this.#hasArrived = coordinate >= 0 && this.#travel.gradient.size(coordinate) < left * size;
    const fellByEpochs = this.#fellByEpochs(step);
    const isFlat = (trend > falling && !fellByEpochs) || (this.#isWorkNegligible() && this.#isSaddle());
    this.#flatWindows = isFlat ? this.#flatWindows + 1 : 0;
    this.#joinRange(step.t);
    this.#windowRange = nothing;
    const sight = this.#look(step, trend);
    this.#judgeSlow(sight);
    this.#judgeFlat(sight);
    this.#travel.reset();
  }

  /** The loss may have fallen at the start of the first flat window: then it has been flat only since the second. */
  #joinRange(t: number): void {
    const [low, high] = this.#windowRange;
    const fell = this.#range[1] - high;
    const fellBefore =
      this.#flatWindows === 2 && fell > high - low && fell > again * this.#context.terms.improvement;
    if (this.#flatWindows > 1 && !fellBefore) {
      this.#range = joined(this.#range, this.#windowRange);
      return;
    }
    this.#range = this.#windowRange;
    this.#flatFrom = t - this.#window.length + 1;
  }

  finish({ steps, best, final }: RunOutcome, end: RunEnd | null): void {
    if (this.#isCyclic) {
      this.#flat?.withdraw();
      return;
    }
    if (causes.some((code) => this.#context.board.has(code))) {
      this.#flat?.withdraw();
      this.#slow?.withdraw();
      return;
    }
    // The steps became short, but not because the minimum is near.
    if (this.#flatClass === 'converged' && end?.polished && !isNearMinimum(end)) this.#flat?.withdraw();
    if (this.#isShort) this.#withdrawInShortRun(end);
    // The verdict says that the run started at a minimum, or is in a flat region.
    const isSaidOtherwise =
      end?.surroundings === 'flat' || (end?.surroundings === 'higher' && !hasDecreased(end));
    if (this.#flatClass === 'converged' && isSaidOtherwise) this.#flat?.withdraw();
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
    else if (this.#flat && this.#flatSight && isOfLosses(this.#flatClass))
      this.#flat.replace(this.#reportAtEnd(this.#flatSight, end));
    this.#flat?.extendTo(steps);
    if (this.#pastFlat && this.#fellSince(this.#pastFlat)) this.#pastFlat.posted.withdraw();
    if (this.#hasArrived || (end?.polished && !isFarFromMinimum(end))) this.#slow?.withdraw();
    else this.#slow?.extendTo(steps);
  }

  /**
   * In a short run, few steps were examined. What they suggest must agree with what a polish of the last point reached, and
   * with other findings about the same steps.
   */
  #withdrawInShortRun(end: RunEnd | null): void {
    const polished = end?.polished ?? null;
    if (this.#flatClass === 'flat-valley') {
      const isThere = end !== null && polished !== null && !isFarFromMinimum(end);
      if (isThere || this.#context.board.has('oscillation')) this.#flat?.withdraw();
    }
    if (polished === null || polished.distance < timesAsMany) this.#slow?.withdraw();
  }

  /** The report with the losses until the last step, and advice that fits what a local search from the last point shows. */
  #reportAtEnd(sight: PlateauReading, end: RunEnd | null): FindingReport {
    const range = joined(sight.range, this.#windowRange);
    const isThere = end?.polished && isNearMinimum(end);
    const reading = { ...sight, range, ...(isThere ? { left: leftOf(end) } : {}) };
    return plateauReport(this.#flatClass!, this.#context, reading);
  }

  /** Whether the loss fell again after a plateau by more than a hundredth of its decrease. */
  #fellSince({ low, posted }: PastFlat): boolean {
    const { terms } = this.#context;
    const { class: kind } = posted.report.evidence;
    const isPassed = kind === 'flat-valley' || kind === 'noise-floor';
    return isPassed && low - terms.loss > again * terms.improvement;
  }

  /** A run that leapt to a flat region above the start has not converged. */
  onMuted(): void {
    const { improvement, floor } = this.#context.terms;
    if (this.#flatClass === 'converged' && improvement <= floor) this.#flat?.withdraw();
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
      from: this.#flatFrom,
      step,
      range: this.#range,
      window,
      work: this.#travel.work,
      trend,
      leader,
      eps,
      epsShare,
      isHeldByEps,
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
      if (this.#flatClass === 'converged' || this.#isShort) this.#flat?.withdraw();
      else if (this.#flat) this.#pastFlat = { posted: this.#flat, low: this.#flatSight!.range[0] };
      this.#flat = null;
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
    this.#flatSight = { ...sight, step: { ...sight.step } };
    if (this.#flat === null) {
      this.#flat = this.#context.board.post(plateauReport(kind, this.#context, sight));
    } else if (kind !== this.#flatClass) {
      this.#flat.replace(plateauReport(kind, this.#context, sight));
    } else if (t >= this.#updateAt) {
      this.#flat.extendTo(t);
    } else {
      return;
    }
    this.#flatClass = kind;
    this.#updateAt = nextUpdateAfter(t);
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
