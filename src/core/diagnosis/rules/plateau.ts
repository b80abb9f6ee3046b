import { memoryDecay } from '../../config/readOptions';
import { hasDecreased, isFarFromMinimum, isNearMinimum, type RunEnd } from '../../ending/runEnd';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { DiagnosisCode } from '../catalogue';
import { nextUpdateAfter, type Rule, type RuleContext } from '../rule';
import { LrPlan } from '../terms/lrPlan';
import { EpsShare } from './plateau/epsShare';
import { LossWindow } from './plateau/lossWindow';
import { neverImproved, type PlateauClass, type PlateauReading, plateauReport } from './plateau/reports';
import { slowTravel } from './plateau/slowTravel';
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

/**
 * The loss stopped improving: no falling trend (Mann-Kendall test of ten block medians) in two consecutive
 * windows of
 *
 *   P = max(100, 2E, min(2/(1−b), N/10)) steps
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
 * verdict is not that the run has converged: a polish of the last point gains more than R/1000, or the loss falls again.
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
  #flatWindows = 0;
  /** The lowest and the highest ℓ of the current window, and of the windows in which the loss has been flat. */
  #windowRange = nothing;
  #range = nothing;
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
    const memory = Math.min(2 / (1 - memoryDecay(config)), config.steps / 10);
    this.#window = new LossWindow(
      Math.max(100, 2 * terms.smoothedOver, memory),
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
    if (this.#flatWindows <= 1) this.#range = this.#windowRange;
    else this.#range = joined(this.#range, this.#windowRange);
    this.#windowRange = nothing;
    const sight = this.#look(step, trend);
    this.#judgeSlow(sight);
    this.#judgeFlat(sight);
    this.#travel.reset();
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
    // The verdict says that the run started at a minimum, is in a flat region, or went past a lower loss.
    const isSaidOtherwise =
      end?.surroundings === 'flat' ||
      Boolean(end?.lowerElsewhere) ||
      (end?.surroundings === 'higher' && !hasDecreased(end));
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
    this.#flat?.extendTo(steps);
    if (this.#hasArrived || (end?.polished && !isFarFromMinimum(end))) this.#slow?.withdraw();
    else this.#slow?.extendTo(steps);
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
      from: step.t - window * Math.max(1, this.#flatWindows) + 1,
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
      if (this.#flatClass === 'converged') this.#flat?.withdraw();
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
