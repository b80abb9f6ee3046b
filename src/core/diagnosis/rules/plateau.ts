import { memoryDecay } from '../../config/readOptions';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import { nextUpdateAfter, type Rule, type RuleContext } from '../rule';
import { LrPlan } from '../terms/lrPlan';
import { EpsShare } from './plateau/epsShare';
import { LossWindow } from './plateau/lossWindow';
import { neverImproved, type PlateauClass, type PlateauSight, plateauReport } from './plateau/reports';
import { slowTravel } from './plateau/slowTravel';
import { leadingCoordinate, Travel } from './plateau/travel';

/** The trend of ten medians that counts as falling: S ≤ −21, chance 0.036 without a trend. */
const falling = -21;
/** An eigenvalue this far below 0, relative to the largest, is no rounding. */
const negative = 1e-6;
/** A run further from the ridge than this, relative to θ, is sliding off it already. */
const onRidge = 1e-2;
/** The forecast leaves at least two thirds of the gradient; less than this share at the end refutes it. */
const left = 0.5;

/**
 * The loss stopped improving: no falling trend (Mann & Kendall over ten block medians) in two windows in a row of
 *
 *   P = max(100, 2E, min(2/(1−b), N/10)) steps
 *
 * On a saddle a trend does not count: towards it a loss may fall for ever by ever less.
 *
 * With mini-batches a loss over all samples that fell by a fiftieth of what it had won counts for more than the trend.
 *
 * Muted while the schedule is still to change lr tenfold and t < 0.8 N: then the plateau is its making. Classes:
 *
 *   eps-stall     eps > √vHat of the leading coordinate, whose abs(g) was never above 100 eps
 *   saddle        as converged, but P⁻¹H has an eigenvalue λ below −1e-6 λmax, the loss itself falls to both sides along
 *                 it, and the run is on the ridge: abs(g·d) < 1e-2 abs(dᵀHd) max(1, ‖θ‖∞) (only where the loss is whole)
 *   converged     Σ abs(gΔ) over the window ≤ max(R/1000, fl)
 *   noise-floor   with mini-batches, or a loss that is another one from step to step, unless no epoch ended below the start: noise does not explain that
 *   flat-valley   else
 *   lr-too-small  up to N/2, by its own condition: see `slowTravel`; withdrawn at the end where the gradient halved after all
 *
 * Known false positives: a loss that is linear up to its optimum looks out of reach until it is reached (the finding is
 * then withdrawn). Known miss: a plateau shorter than two windows.
 */
export class PlateauRule implements Rule {
  readonly #context: RuleContext;
  readonly #window: LossWindow;
  readonly #travel: Travel;
  readonly #plan: LrPlan;
  readonly #epsShare: EpsShare;
  #flatWindows = 0;
  #firstWatched = Number.NaN;
  #lastWatched = Number.NaN;
  #flat: Posted | null = null;
  #flatClass: PlateauClass | null = null;
  /** The forecast that the run will not arrive. */
  #slow: Posted | null = null;
  /** The coordinate that was slow in the window before; −1 if none was. */
  #lastSlow = -1;
  /** The coordinate of the forecast, its gradient and the path that lr allowed when it was last seen to be slow. */
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
    this.#epsShare = new EpsShare(config);
  }

  onStep(step: StepView): void {
    if (step.t === 1) {
      this.#firstWatched = step.watched;
      this.#lastWatched = step.watched;
    }
    this.#travel.onStep(step);
    const trend = this.#window.push(step.loss);
    if (trend === null) return;
    const { coordinate, size } = this.#forecast;
    this.#hasArrived = coordinate >= 0 && this.#travel.gradient.size(coordinate) < left * size;
    const fellByEpochs = this.#fellByEpochs(step);
    const isFlat = (trend > falling && !fellByEpochs) || (this.#isWorthNothing() && this.#isSaddle());
    this.#flatWindows = isFlat ? this.#flatWindows + 1 : 0;
    const sight = this.#look(step, trend);
    this.#judgeSlow(sight);
    this.#judgeFlat(sight);
    this.#travel.reset();
  }

  finish({ steps, best, final }: RunOutcome): void {
    if (this.#isCyclic) {
      this.#flat?.withdraw();
      return;
    }
    // With a validation loss the best and the final loss are not of one kind.
    const { samples, validation } = this.#context.config;
    const isOneLoss = samples !== null && validation === null;
    if (
      this.#flat &&
      this.#flatClass === 'noise-floor' &&
      isOneLoss &&
      best.t === 0 &&
      final.loss > best.loss
    )
      this.#flat.replace(neverImproved(this.#flat.report, best.loss, final.loss));
    this.#flat?.extendTo(steps);
    if (this.#hasArrived) this.#slow?.withdraw();
    else this.#slow?.extendTo(steps);
  }

  /** What drives the parameters uphill says more than that the loss does not fall. */
  get #isCyclic(): boolean {
    return this.#context.board.has('cyclic-gradient');
  }

  #look(step: StepView, trend: number): PlateauSight {
    const leader = leadingCoordinate(this.#travel, step.grad);
    const window = this.#window.length;
    const eps = this.#epsShare.eps;
    const epsShare = this.#epsShare.of(step, leader);
    const isHeldByEps =
      epsShare > 0.5 && step.grad[leader] !== 0 && this.#context.moves.peakGrad[leader]! <= 100 * eps;
    return {
      from: step.t - window * Math.max(1, this.#flatWindows) + 1,
      step,
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

  #judgeSlow(sight: PlateauSight): void {
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
      // The gradients of single batches can look constant once by chance.
      if (stepsPerEpoch > 1 && slow.coordinate !== wasSlow) return;
      const kind = sight.isHeldByEps ? 'eps-stall' : 'lr-too-small';
      this.#slow = board.post(plateauReport(kind, this.#context, sight));
      this.#updateAt = nextUpdateAfter(step.t);
    } else if (step.t >= this.#updateAt) {
      this.#slow.extendTo(step.t);
      this.#updateAt = nextUpdateAfter(step.t);
    }
  }

  #judgeFlat(sight: PlateauSight): void {
    const { t } = sight.step;
    if (this.#isCyclic) {
      this.#flat?.withdraw();
      this.#flatWindows = 0;
    }
    if (this.#flatWindows === 0) {
      this.#flat = null;
      return;
    }
    if (this.#flatWindows < 2 || this.#plan.isStillToTurn(t)) return;
    const kind = this.#classOf(sight);
    if (this.#slow) {
      // It arrived after all, or it stands still for the reason already given.
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

  /** Whether the slow coordinate only stands still because the schedule took its learning rate away. */
  get #isHeldByLr(): boolean {
    return !this.#hasArrived && this.#travel.lr < 0.1 * this.#forecast.lr;
  }

  /** After half the run the forecast stands as it is. */
  #isEarly(t: number): boolean {
    return t <= this.#context.config.steps / 2;
  }

  /** Whether the loss over all samples, which has no noise, fell within the window by a fiftieth of what it has won. */
  #fellByEpochs({ watched }: StepView): boolean {
    if (this.#context.config.validation !== null || !Number.isFinite(watched)) return false;
    const fell = this.#lastWatched - watched;
    this.#lastWatched = watched;
    const won = this.#firstWatched - watched;
    return won > 0 && fell > won / 50;
  }

  #isWorthNothing(): boolean {
    const { improvement, floor } = this.#context.terms;
    return this.#travel.work <= Math.max(improvement / 1000, floor);
  }

  /** A batch's curvature may be negative where that of the whole loss is not. */
  #isSaddle(): boolean {
    const sample = this.#context.sample();
    if (sample === null || this.#context.stepsPerEpoch > 1) return false;
    const scale = Math.max(sample.largest, -sample.smallest);
    return sample.smallest < -negative * scale && sample.isCurvedDown && sample.ridgeAway < onRidge;
  }

  #classOf(sight: PlateauSight): PlateauClass {
    if (sight.isHeldByEps) return 'eps-stall';
    if (this.#isWorthNothing()) return this.#isSaddle() ? 'saddle' : 'converged';
    return this.#context.terms.smoothedOver > 1 ? 'noise-floor' : 'flat-valley';
  }
}
