import type { Batches } from '../batches';
import type { RunConfig } from '../config/runConfig';
import { contextAt } from '../context';
import { allowance, isAffordable, secondsAfter, wide } from '../gradient/allowance';
import { largestChange } from '../kernels/passes';
import { lossesInMean } from '../meanOfLosses';
import { maxAbs, norm2 } from '../numerics/norms';
import type { Objective, OpenContext } from '../objective';
import { hasWeightDecay } from '../phases';
import type { EpochView, RunObserver, RunOutcome } from '../runLoop';
import type { StepView } from '../update';
import { asymptoteOf } from './asymptote';
import { isDrawn, polishOverDraws, withDrawnDecrease } from './drawnLoss';
import { FrozenWatch } from './frozen';
import { type Drift, GradientDrift } from './gradientDrift';
import { GradientLag } from './gradientLag';
import type { HeldBySaturation, OddScale, Saturation } from './heldBack';
import { LargestGradient } from './largestGradient';
import { type LastPoint, lookAround, lookFarBeyond, polishFrom, relativeDistance } from './lastPoint';
import type { Beyond } from './lookBeyond';
import { type CourseUnit, doAgree, LossCourse, type Tail } from './lossCourse';
import {
  lowerAlongValley,
  lowerBeforeLeap,
  lowerBesideEnd,
  lowerBesideStart,
  lowerBeyondFlat,
} from './lowerElsewhere';
import { LrDecay } from './lrDecay';
import { measuredDrift } from './measuredDrift';
import { OverflowWatch } from './overflow';
import { Overshoots } from './overshoots';
import { ParameterScale } from './parameterScale';
import type { Polished } from './polish/polish';
import {
  type Asymptote,
  decreaseOf,
  hasDecreased,
  isHeldByBatchNoise,
  isNearMinimum,
  leftOf,
  negligibleOf,
  type RunEnd,
} from './runEnd';
import { heldBySaturation } from './saturation';
import { type Leap, VanishedGradient } from './vanishedGradient';
import { withWholeDecrease } from './wholeDecrease';

export interface EndWatchRequest {
  readonly config: RunConfig;
  readonly batches: Batches;
  /** Whether the loss takes its second argument. */
  readonly isContextual: boolean;
  /**
   * Whether two evaluations at one point were found to differ: then each step has a loss function of its own, too. Asked at the first
   * step, when the first evaluation has been checked. Absent: never.
   */
  readonly isRandom?: () => boolean;
  /** The loss, to polish the last point; null if it must not be evaluated again. */
  readonly objective: Objective | null;
  /** What the expressions of the loss with asymptotes do at a point; null if it is not known. Absent: never known. */
  readonly saturationAt?: (params: Float64Array, open: OpenContext) => Promise<Saturation | null>;
  /** The time now, in seconds from any origin. Without it, the polish has no time limit. */
  readonly secondsNow?: () => number;
}

/** Parameters of this share of their size have shrunk to nearly 0, where products of them are stationary. */
const shrunk = 1e-3;
/** The time limit of the searches in seconds: a user waits for them. */
const mostSeconds = 5;

/** The last loss is the lowest if it is below all others by this share of the decrease. */
const lower = 1e-3;
/** The mean gradient is that of this share of the steps. */
const meanShare = 0.1;
/** Where the losses of a run are noisy, its decrease is measured over this share of the run, at so many points before the last one. */
const lateShare = 0.2;
const latePoints = 4;
/** Whether the mean gradient is 0 is asked over this share of the steps. */
const driftShare = 1 / 3;
/** Below this share of the largest gradient of the run, the loss around the last point is examined after a leap. */
const still = 1e-6;
/** Longer steps count less with each step that follows. */
const forget = 0.9;
/** Below this share, a mean gradient is small enough to ask whether the point is a minimum of the last loss function. */
const almostStill = 0.01;
/** A local search that gains up to this share of the decrease gains nothing. */
const nothing = 1e-6;

/** A search with fewer evaluations reaches no minimum. */
const fewestEvaluations = 10;

/** The number of evaluations of a polish: 40 and a tenth of the steps, at most 120; of very many coordinates, the allowance. */
function polishEvaluations(steps: number, dim: number): number {
  const evaluations = Math.min(120, 40 + Math.floor(steps / 10));
  return dim <= wide ? evaluations : Math.min(evaluations, Math.floor(allowance(steps, dim)));
}

/** What the losses of a run are. */
interface LossUnit {
  /** Whether each step has a loss function of its own, and there is none over all samples. */
  readonly isPerStep: boolean;
  /** Whether the loss function differs from step to step: mini-batches, or its second argument. */
  readonly isNoisy: boolean;
  /** Whether only mini-batch losses are known during the run. */
  readonly isOfBatches: boolean;
  readonly ofCourse: CourseUnit;
}

/** @param differs  whether the loss function differs between steps without mini-batches */
function unitOf({ config, batches: { stepsPerEpoch } }: EndWatchRequest, differs: boolean): LossUnit {
  // With a validation loss, no loss over all samples is known after an epoch.
  const byEpochs = stepsPerEpoch > 1 && config.validation === null;
  const isNoisy = stepsPerEpoch > 1 || differs;
  return {
    isPerStep: differs && config.samples === null,
    isNoisy,
    isOfBatches: stepsPerEpoch > 1 && !byEpochs,
    ofCourse: {
      stepsPerEpoch: byEpochs ? stepsPerEpoch : 1,
      averaged: isNoisy && !byEpochs ? Math.max(stepsPerEpoch, lossesInMean) : 1,
      isExact: !isNoisy,
    },
  };
}

/** Observes one run, and collects the evidence at its end. */
export class EndWatch implements RunObserver {
  readonly #request: EndWatchRequest;
  /** The loss for searches: see `EndWatchRequest.objective`. */
  #evaluated: Objective | null;
  #unit: LossUnit;
  #course: LossCourse;
  readonly #scale = new ParameterScale();
  readonly #frozen = new FrozenWatch();
  readonly #overflow = new OverflowWatch();
  readonly #overshoots = new Overshoots();
  readonly #largest = new LargestGradient();
  readonly #lrDecay = new LrDecay();
  #firstNonFinite: RunEnd['firstNonFinite'] = null;
  /** In seconds. */
  #startedAt = 0;
  /** The length of the longest of the last steps: the largest change of a coordinate. */
  #recentMove = 0;
  #lastMoved = 0;
  /** The parameters at equal distances over the last fifth of the planned run, where the losses of the run are noisy. */
  readonly #late: Float64Array[] = [];
  readonly #lateEvery: number;
  #vanished: VanishedGradient | null = null;
  /** The mean gradient of the last steps. */
  #meanGradient: Float64Array | null = null;
  readonly #lag: GradientLag;
  #drift: GradientDrift | null = null;
  /** theta_0. */
  #start: Float64Array | null = null;
  /** The view of the last step: the run does not change it any more after its end. */
  #last: StepView | null = null;

  constructor(request: EndWatchRequest) {
    this.#request = request;
    this.#evaluated = request.objective;
    this.#lag = new GradientLag(request.config.steps);
    this.#lateEvery = Math.ceil((lateShare * request.config.steps) / latePoints);
    this.#unit = unitOf(request, request.isContextual);
    this.#course = new LossCourse(this.#unit.ofCourse);
  }

  onStep(step: StepView): void {
    if (this.#start === null) this.#begin(step);
    this.#last = step;
    if (this.#firstNonFinite === null && !Number.isFinite(step.loss))
      this.#firstNonFinite = { t: step.t, loss: step.loss };
    this.#watchMove(step);
    this.#watchLate(step);
    this.#vanished ??= new VanishedGradient(step.grad.length, !this.#unit.isNoisy);
    this.#vanished.onStep(step);
    this.#largest.onStep(step);
    this.#lrDecay.onStep(step);
    if (this.#unit.isPerStep) {
      this.#average(step.grad);
      this.#lag.push(step.grad);
      this.#drift ??= new GradientDrift(step.grad.length, driftShare * this.#request.config.steps);
      this.#drift.push(step.grad, step.before, step.params);
    }
    this.#course.onStep(step);
    this.#scale.onStep(step);
    this.#overflow.onStep(step);
    this.#frozen.onStep(step);
    if (!this.#unit.isNoisy) this.#overshoots.onStep(step);
  }

  /** Where the loss differs from step to step, its changes confirm nothing. */
  get #confirmedGradient(): number {
    return this.#unit.isNoisy ? this.#largestGradient : this.#largest.norm;
  }

  get #largestGradient(): number {
    return this.#largest.ofAll;
  }

  /** The loss, to search from the last point; null if it must not be evaluated, or if each step has a loss function of its own. */
  get #objective(): Objective | null {
    return this.#unit.isPerStep ? null : this.#evaluated;
  }

  #begin(step: StepView): void {
    this.#start = step.before.slice();
    this.#startedAt = this.#request.secondsNow?.() ?? 0;
    const { isRandom, isContextual } = this.#request;
    if (isContextual || !isRandom?.()) return;
    this.#unit = unitOf(this.#request, true);
    this.#course = new LossCourse(this.#unit.ofCourse);
  }

  onEpoch(epoch: EpochView): void {
    this.#course.onEpoch(epoch);
  }

  /**
   * To be called once, after the run has ended.
   *
   * @param isReliable  whether the loss and its gradient can be trusted: without it, there is no polish
   * @param right  the loss with another gradient, if that of the run is wrong: the searches follow it
   */
  async end(outcome: RunOutcome, isReliable: boolean, right: Objective | null = null): Promise<RunEnd> {
    if (this.#evaluated && right) this.#evaluated = right;
    const { start, least, last, peak, tail, count } = this.#course;
    const { steps, stopped, final } = outcome;
    const isMean = this.#unit.isPerStep && Number.isFinite(final.loss) && Number.isFinite(last);
    const finalLoss = isMean ? last : final.loss;
    const point = this.#lastPoint(outcome, this.#objective);
    const isOfDraws = point !== null && isReliable && (await this.#isDrawn(point, steps));
    const frozenAt = this.#frozen.since;
    // Where the squares of gradients overflow, a local search cannot move either.
    const polished =
      point && isReliable && frozenAt === null ? await this.#polish(point, outcome, isOfDraws) : null;
    const exhaustedSince = this.#lrDecay.earlySince(steps);
    const trend = tail && this.#trendOf(tail, polished && finalLoss - polished.loss, last - finalLoss);
    const end: RunEnd = {
      stopped,
      steps,
      startLoss: start,
      leastLoss: Number.isNaN(finalLoss) ? least : Math.min(least, finalLoss),
      finalLoss,
      firstNonFinite: this.#firstNonFinite,
      lateDecrease: this.#course.lateDecrease,
      peak,
      isMean,
      isUncompared: this.#unit.isPerStep && count < 2,
      isLowest: this.#course.leastBefore(finalLoss) - finalLoss > lower * (start - finalLoss),
      gradientShare: this.#gradientShare(outcome, this.#largestGradient),
      ...(this.#confirmedGradient < this.#largestGradient && {
        confirmedShare: this.#gradientShare(outcome, this.#confirmedGradient),
      }),
      meanGradientNorm: this.#meanGradient && norm2(this.#meanGradient),
      polished: polished && {
        loss: polished.loss,
        evaluations: polished.evaluations,
        distance: relativeDistance(polished.params, point!),
        stepsAway: this.#inSteps(polished.params, point!.params),
        gradientShare: this.#largestGradient > 0 ? polished.gradNorm / this.#largestGradient : 0,
        ...(polished.isFromLowest && { isFromLowest: true }),
      },
      surroundings: null,
      lowerElsewhere: null,
      isAtMinimumOfStep: false,
      drift: isReliable ? await this.#measuredDrift(outcome) : null,
      lag: this.#unit.isPerStep ? this.#lag.relativeTo(this.#largestGradient) : null,
      beyond:
        point && frozenAt === null
          ? await lookFarBeyond(point, polished)
          : await this.#beyondOverflow(outcome, isReliable),
      asymptote: null,
      saturation: null,
      oddScale: null,
      overshoot: this.#unit.isNoisy ? null : this.#overshoots.endedAt(finalLoss),
      oscillation: this.#course.decayingOscillation(Math.min(least, finalLoss, polished?.loss ?? finalLoss)),
      tail: trend && point && isReliable ? await this.#measuredTrend(trend, point, steps, isOfDraws) : trend,
      isNoisy: this.#unit.isNoisy,
      isDrawn: isOfDraws,
      stillSince: this.#lastMoved < steps ? this.#lastMoved : null,
      frozenAt,
      ...(exhaustedSince !== null && { exhaustedSince }),
      isOfBatches: this.#unit.isOfBatches,
    };
    if (this.#unit.isPerStep && isReliable)
      return { ...end, isAtMinimumOfStep: await this.#isAtMinimumOfStep(outcome, end) };
    if (isBroken(outcome))
      return { ...end, oddScale: isReliable ? await this.#brokenScale(outcome, end) : null };
    if (point === null || frozenAt !== null || point.isOverTime()) return end;
    const asymptote =
      isReliable && end.beyond === null ? await this.#asymptote(point, polished, isOfDraws) : null;
    return {
      ...end,
      asymptote,
      ...(await this.#around(point, end, isReliable)),
      saturation: isReliable ? await this.#saturation(point, end) : null,
      oddScale: isReliable ? await this.#oddScale(point, end) : null,
    };
  }

  /**
   * The end of an exact loss. If it falls from block to block, its decrease per step is that of the last step. If it goes up and down
   * and the decrease per step is above what a local search gains, it has no trend.
   *
   * @param left  what the search gains; null if it is not known
   * @param lastFall  the decrease of the last step
   */
  #trendOf(tail: Tail, left: number | null, lastFall: number): Tail {
    if (this.#unit.isNoisy || this.#unit.isPerStep) return tail;
    if (tail.isDescending) {
      // A loss that oscillates within the blocks has no such rate.
      const isSteady = doAgree([lastFall, tail.lastBlockFall]);
      return lastFall > 0 ? { ...tail, fallAtEnd: lastFall, rate: isSteady ? lastFall : tail.rate } : tail;
    }
    const isScatter = left !== null && tail.fallAtEnd > left;
    const isSteady = tail.rate !== null && doAgree([lastFall, tail.rate]);
    return { ...tail, rate: isSteady ? lastFall : null, isFalling: tail.isFalling && !isScatter };
  }

  /** Keeps the last few points at equal distances: early stopping may end the run at any of them. */
  #watchLate({ t, before }: StepView): void {
    const { isContextual, config } = this.#request;
    if (!isContextual || config.samples === null || (t - 1) % this.#lateEvery !== 0) return;
    const oldest = this.#late.length === latePoints + 1 ? this.#late.shift()! : before.slice();
    oldest.set(before);
    this.#late.push(oldest);
  }

  /** Where the losses of the run do not show whether it falls, the loss over all samples at a few points does. */
  async #measuredTrend(tail: Tail, point: LastPoint, t: number, isOfDraws: boolean): Promise<Tail> {
    if (!(isOfDraws || this.#unit.isOfBatches) || this.#late.length <= latePoints) return tail;
    const sinceLast = ((t - 1) % this.#lateEvery) + 1;
    const request = {
      point,
      earlier: this.#late.slice(1),
      steps: (latePoints - 1) * this.#lateEvery + sinceLast,
      openAt: this.#openAt,
      t,
    };
    return isOfDraws ? withDrawnDecrease(tail, request) : withWholeDecrease(tail, request);
  }

  /** null where the mean gradient is 0 as far as can be told, or does not lower the loss of other steps: the minimum moves. */
  async #measuredDrift(outcome: RunOutcome): Promise<Drift | null> {
    const {
      steps,
      final: { params },
    } = outcome;
    const objective = this.#evaluated;
    const drift = this.#drift?.value ?? null;
    if (!drift || !objective || !mayEvaluate(outcome)) return drift;
    const { point: before, steps: apart } = this.#drift!.halfwayTo(params);
    return measuredDrift({
      objective,
      openAt: this.#openAt,
      drift,
      params,
      before,
      steps: apart,
      lastStep: steps,
    });
  }

  async #beyondOverflow(outcome: RunOutcome, isReliable: boolean): Promise<Beyond | null> {
    if (!this.#objective || !isReliable) return null;
    const open = this.#openAt(outcome.steps + 1);
    return this.#overflow.beyond(outcome, this.#frozen.since, this.#objective, open);
  }

  /** The distance between two points relative to the longest of the last steps; infinite if those did not move. */
  #inSteps(a: Float64Array, b: Float64Array): number {
    const distance = maxAbs(a.map((each, i) => each - b[i]!));
    return distance === 0 ? 0 : distance / this.#recentMove;
  }

  #watchMove({ t, params, before }: StepView): void {
    const move = largestChange(params, before);
    this.#recentMove = Math.max(move, forget * this.#recentMove);
    if (move !== 0) this.#lastMoved = t;
  }

  /** How the loss around a run that never descended, or leapt to a flat region, compares with the last one. */
  async #around(
    point: LastPoint,
    end: RunEnd,
    isReliable: boolean,
  ): Promise<Pick<RunEnd, 'surroundings' | 'lowerElsewhere'>> {
    const leap = this.#vanished?.leap ?? null;
    if (!hasDecreased(end)) {
      const surroundings = await lookAround(point);
      const isToSearch = isReliable && surroundings === 'higher';
      return { surroundings, lowerElsewhere: isToSearch ? await lowerBesideStart(point) : null };
    }
    const found = await this.#afterLeap(point, end, isReliable, leap);
    // Noise hides that a run is at a saddle: what lies beside it must be lower than what a search from the last point reaches.
    const mayBeSaddle =
      isReliable && found.lowerElsewhere === null && (isNearMinimum(end) || isHeldByBatchNoise(end));
    return mayBeSaddle
      ? { ...found, lowerElsewhere: await lowerBesideEnd(point, leftOf(end) + negligibleOf(end)) }
      : found;
  }

  async #afterLeap(
    point: LastPoint,
    end: RunEnd,
    isReliable: boolean,
    leap: Leap | null,
  ): Promise<Pick<RunEnd, 'surroundings' | 'lowerElsewhere'>> {
    if (!(end.gradientShare < still)) return { surroundings: null, lowerElsewhere: null };
    const alongValley = () => (isReliable && !this.#unit.isNoisy ? lowerAlongValley(point) : null);
    if (leap === null) return { surroundings: null, lowerElsewhere: await alongValley() };
    const surroundings = await lookAround(point);
    const isFlat = surroundings === 'flat';
    const before = isReliable ? await lowerBeforeLeap(point, leap, isFlat) : null;
    return {
      surroundings,
      lowerElsewhere: before ?? (await (isFlat ? lowerBeyondFlat(point) : alongValley())),
    };
  }

  /**
   * Where each step has a loss function of its own: whether a local search on the last one gains nothing. Then the
   * parameters follow the minimum, and a rise of the loss is one of the function.
   */
  async #isAtMinimumOfStep(outcome: RunOutcome, end: RunEnd): Promise<boolean> {
    const point =
      (end.isMean || end.isUncompared) &&
      end.gradientShare < almostStill &&
      this.#lastPoint(outcome, this.#evaluated);
    const polished = point ? await polishFrom(point) : null;
    if (!point || !polished || point.loss - polished.loss > nothing * decreaseOf(end)) return false;
    const surroundings = await lookAround(point);
    return surroundings === 'higher' || surroundings === 'flat';
  }

  /** The exponential moving average of the gradient over a tenth of the steps: the gradients of single steps are noisy. */
  #average(grad: Float64Array): void {
    const weight = 1 / Math.max(lossesInMean, this.#request.config.steps * meanShare);
    this.#meanGradient ??= grad.slice();
    const mean = this.#meanGradient;
    for (let i = 0; i < mean.length; i++) mean[i]! += weight * (grad[i]! - mean[i]!);
  }

  /** Only a loss with samples: without them, a loss that differs between steps has means as its losses. */
  async #isDrawn(point: LastPoint, steps: number): Promise<boolean> {
    const { isContextual, config } = this.#request;
    return isContextual && config.samples !== null && isDrawn(point, this.#openAt, steps + 1);
  }

  /** The context of step t over all samples. */
  readonly #openAt = (t: number): OpenContext => {
    const { config, batches } = this.#request;
    return contextAt(config.seed, batches, t, batches.all);
  };

  /** From the last point; or, where that leads nowhere after the parameters have shrunk, from the one of the lowest loss. */
  async #polish(
    point: LastPoint,
    { best, final, steps }: RunOutcome,
    isOfDraws: boolean,
  ): Promise<(Polished & { readonly isFromLowest?: boolean }) | null> {
    if (isOfDraws) return polishOverDraws(point, this.#openAt, steps + 1);
    const polished = await polishFrom(point);
    const hasShrunk = norm2(final.params) <= shrunk * norm2(best.params);
    if (!polished || !hasShrunk || !(best.loss < polished.loss)) return polished;
    const other = await polishFrom({ ...point, params: best.params, loss: best.loss });
    if (!other || !(other.loss < polished.loss)) return polished;
    return { ...other, evaluations: polished.evaluations + other.evaluations, isFromLowest: true };
  }

  /** Weight decay keeps the parameters finite, and a search on the mean of some draws says too little about a limit. */
  async #asymptote(
    point: LastPoint,
    polished: Polished | null,
    isOfDraws: boolean,
  ): Promise<Asymptote | null> {
    if (polished === null || isOfDraws || point.params.length > wide) return null;
    if (hasWeightDecay(this.#request.config)) return null;
    return asymptoteOf(point, polished);
  }

  /** The gradient norm at the end relative to a norm of the run; NaN if it is NaN. */
  #gradientShare({ final }: RunOutcome, largest: number): number {
    const size = this.#meanGradient ? norm2(this.#meanGradient) : final.gradNorm;
    if (!(largest > 0)) return Number.isNaN(size) ? size : 0;
    return size / largest;
  }

  /** null if the loss must not be evaluated there, no step was made, or a search would take too long against the run. */
  #lastPoint(outcome: RunOutcome, objective: Objective | null): LastPoint | null {
    if (!objective || !this.#start || !this.#last || !mayEvaluate(outcome)) return null;
    const { secondsNow = () => 0 } = this.#request;
    const { params, before } = this.#last;
    if (!isAffordable(fewestEvaluations, outcome.steps, params.length)) return null;
    const now = secondsNow();
    const until = now + secondsAfter(now - this.#startedAt, params.length, mostSeconds);
    return {
      objective,
      open: this.#openAt(outcome.steps + 1),
      params: outcome.final.params,
      start: this.#start,
      startLoss: this.#course.start,
      loss: outcome.final.loss,
      lastStep: params.map((theta, i) => theta - before[i]!),
      largestGradient: this.#largestGradient,
      confirmedGradient: this.#confirmedGradient,
      evaluations: polishEvaluations(outcome.steps, params.length),
      isOverTime: () => secondsNow() > until,
    };
  }

  #oddScale({ params, ...point }: LastPoint, end: RunEnd): Promise<OddScale | null> {
    return this.#scale.oddest({ ...point, final: params, end });
  }

  /** A run that broke has no last point to search from, but its start can be evaluated. */
  async #brokenScale(outcome: RunOutcome, end: RunEnd): Promise<OddScale | null> {
    const objective = this.#objective;
    if (!objective || !this.#start) return null;
    return this.#scale.oddest({
      objective,
      open: this.#openAt(outcome.steps + 1),
      start: this.#start,
      final: null,
      end,
      evaluations: 0,
      largestGradient: this.#largestGradient,
      isOverTime: () => false,
    });
  }

  async #saturation(point: LastPoint, end: RunEnd): Promise<HeldBySaturation | null> {
    const { saturationAt } = this.#request;
    if (!saturationAt || !Number.isFinite(point.loss)) return null;
    try {
      const saturation = await saturationAt(point.params, point.open);
      return saturation && (await heldBySaturation({ ...point, saturation, end }));
    } catch {
      // The loss may not load a second time, or throw there: then nothing is known.
      return null;
    }
  }
}

/** Whether the run led to parameters where the loss is not finite. */
function isBroken({ stopped, final }: RunOutcome): boolean {
  return stopped === 'nonFinite' || (stopped === 'steps' && !Number.isFinite(final.loss));
}

/** Not after a failure, and not for a user who stopped the run: a stop must not take further evaluations. */
function mayEvaluate({ stopped }: RunOutcome): boolean {
  return stopped !== 'error' && stopped !== 'nonFinite' && stopped !== 'user';
}
