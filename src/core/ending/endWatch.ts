import type { Batches } from '../batches';
import type { RunConfig } from '../config/runConfig';
import { contextAt } from '../context';
import { maxAbs, norm2 } from '../numerics/norms';
import type { Objective, OpenContext } from '../objective';
import type { EpochView, RunObserver, RunOutcome } from '../runLoop';
import type { StepView } from '../update';
import { type Beyond, lookBeyond } from './lookBeyond';
import { LossCourse } from './lossCourse';
import { type Polished, polish } from './polish/polish';
import { hasDecreased, type RunEnd } from './runEnd';
import { type Surroundings, surroundingsOf } from './surroundings';

export interface EndWatchRequest {
  readonly config: RunConfig;
  readonly batches: Batches;
  /** Whether the loss takes its second argument. */
  readonly isContextual: boolean;
  /** The loss, to polish the last point; null if it must not be evaluated again. */
  readonly objective: Objective | null;
  /** The time now, in seconds from any origin. Without it, the polish has no time limit. */
  readonly secondsNow?: () => number;
}

/** The time limit of a polish in seconds: a user waits for it. */
const mostSeconds = 5;

/** Where the loss function differs from step to step, the mean of at least this many losses counts as one. */
const averaged = 20;
/** The mean gradient is that of this share of the steps. */
const meanShare = 0.1;
/** Below this share of the largest gradient of the run, the loss around the last point is examined. */
const still = 1e-6;
/** Around a point: at this share of its size, or of the path. */
const nearby = 1e-3;
/** A gradient of at most this share of the largest one has almost vanished. */
const vanished = 1e-3;

/** The number of evaluations of a polish: 40 and a tenth of the steps, at most 120. */
function polishEvaluations(steps: number): number {
  return Math.min(120, 40 + Math.floor(steps / 10));
}

/** Observes one run, and collects the evidence at its end. */
export class EndWatch implements RunObserver {
  readonly #request: EndWatchRequest;
  /** null if the loss must not be evaluated, or if each step has a loss function of its own. */
  readonly #objective: Objective | null;
  readonly #course: LossCourse;
  #largestGradient = 0;
  /** Whether each step has a loss function of its own, and there is none over all samples. */
  readonly #isPerStep: boolean;
  /** The mean gradient of the last steps. */
  #meanGradient: Float64Array | null = null;
  /** theta_0. */
  #start: Float64Array | null = null;
  /** The view of the last step: the run does not change it any more after its end. */
  #last: StepView | null = null;

  constructor(request: EndWatchRequest) {
    const { config, batches, isContextual } = request;
    const { stepsPerEpoch } = batches;
    this.#request = request;
    this.#isPerStep = isContextual && config.samples === null;
    this.#objective = this.#isPerStep ? null : request.objective;
    // With a validation loss, no loss over all samples is known after an epoch.
    const byEpochs = stepsPerEpoch > 1 && config.validation === null;
    const differs = stepsPerEpoch > 1 || isContextual;
    this.#course = new LossCourse({
      stepsPerEpoch: byEpochs ? stepsPerEpoch : 1,
      averaged: differs && !byEpochs ? Math.max(stepsPerEpoch, averaged) : 1,
    });
  }

  onStep(step: StepView): void {
    this.#start ??= step.before.slice();
    this.#last = step;
    if (step.gradNorm > this.#largestGradient) this.#largestGradient = step.gradNorm;
    if (this.#isPerStep) this.#average(step.grad);
    this.#course.onStep(step);
  }

  onEpoch(epoch: EpochView): void {
    this.#course.onEpoch(epoch);
  }

  /**
   * To be called once, after the run has ended.
   *
   * @param isReliable  whether the loss and its gradient can be trusted: without it, there is no polish
   */
  async end(outcome: RunOutcome, isReliable: boolean): Promise<RunEnd> {
    const { batches, isContextual } = this.#request;
    const { start, least, last, tail } = this.#course;
    const objective = this.#mayEvaluate(outcome) ? this.#objective : null;
    const { steps, stopped, final } = outcome;
    const isMean = this.#isPerStep && Number.isFinite(final.loss) && Number.isFinite(last);
    const finalLoss = isMean ? last : final.loss;
    const polished = objective && isReliable ? await this.#polished(objective, outcome) : null;
    const end: RunEnd = {
      stopped,
      steps,
      startLoss: start,
      leastLoss: Number.isNaN(finalLoss) ? least : Math.min(least, finalLoss),
      finalLoss,
      isMean,
      gradientShare: this.#gradientShare(outcome),
      polished: polished && {
        loss: polished.loss,
        evaluations: polished.evaluations,
        distance: this.#relativeToPath(polished.params, outcome),
      },
      surroundings: null,
      beyond: objective && (await this.#beyond(objective, outcome, polished)),
      tail,
      isNoisy: isContextual || batches.stepsPerEpoch > 1,
    };
    const isStill = !hasDecreased(end) || end.gradientShare < still;
    if (objective === null || !isStill) return end;
    return { ...end, surroundings: await this.#surroundings(objective, outcome) };
  }

  /** At a distance that is small against both the parameters and the path of the run. */
  #surroundings(objective: Objective, outcome: RunOutcome): Promise<Surroundings | null> {
    const { params } = outcome.final;
    const path = norm2(params.map((theta, i) => theta - this.#start![i]!));
    const length = nearby * (Math.max(maxAbs(params), path) || 1);
    return surroundingsOf(objective, params, length, this.#open(outcome));
  }

  /** The exponential moving average of the gradient over a tenth of the steps: the gradients of single steps are noisy. */
  #average(grad: Float64Array): void {
    const weight = 1 / Math.max(averaged, this.#request.config.steps * meanShare);
    this.#meanGradient ??= grad.slice();
    const mean = this.#meanGradient;
    for (let i = 0; i < mean.length; i++) mean[i]! += weight * (grad[i]! - mean[i]!);
  }

  /** The gradient norm at the end relative to the largest one of the run. */
  #gradientShare({ final }: RunOutcome): number {
    if (!(this.#largestGradient > 0)) return 0;
    const size = this.#meanGradient ? norm2(this.#meanGradient) : final.gradNorm;
    return size / this.#largestGradient;
  }

  /** The distance of a point from the last one, relative to the distance between the first and the last point of the run. */
  #relativeToPath(params: Float64Array, { final }: RunOutcome): number {
    const between = (a: Float64Array, b: Float64Array) => norm2(a.map((each, i) => each - b[i]!));
    const distance = between(params, final.params);
    return distance === 0 ? 0 : distance / between(final.params, this.#start ?? final.params);
  }

  /** Not after a failure, and not for a user who stopped the run: a stop must not take further evaluations. */
  #mayEvaluate({ stopped }: RunOutcome): boolean {
    return stopped !== 'error' && stopped !== 'nonFinite' && stopped !== 'user';
  }

  /** The context of an evaluation after the run, over all samples. */
  #open({ steps }: RunOutcome): OpenContext {
    const { config, batches } = this.#request;
    return contextAt(config.seed, batches, steps + 1, batches.all);
  }

  /** theta_T − theta_{T−1}; empty if no step was made. */
  #lastStep(): Float64Array {
    if (this.#last === null) return new Float64Array(0);
    const { params, before } = this.#last;
    return params.map((theta, i) => theta - before[i]!);
  }

  /**
   * Looks beyond the last point: as far as the whole path and more, along it and along the last step. What is seen is
   * refuted by a polish that reaches a lower loss, where the gradient has almost vanished and the loss rises beyond.
   */
  async #beyond(
    objective: Objective,
    outcome: RunOutcome,
    polished: Polished | null,
  ): Promise<Beyond | null> {
    const { final } = outcome;
    if (!(final.loss < this.#course.start) || this.#start === null) return null;
    const decrease = this.#course.start - final.loss;
    const look = (from: Float64Array, direction: Float64Array) =>
      lookBeyond(objective, from, direction, this.#open(outcome), decrease);
    const path = final.params.map((theta, i) => theta - this.#start![i]!);
    const step = this.#lastStep();
    const scale = norm2(path) / norm2(step);
    const seen =
      (await look(final.params, path)) ??
      (await look(
        final.params,
        step.map((each) => scale * each),
      ));
    const isLower = seen && polished && polished.loss <= seen.loss;
    if (!isLower || polished.gradNorm > vanished * this.#largestGradient) return seen;
    const onward = polished.params.map((theta, i) => theta - this.#start![i]!);
    return (await look(polished.params, onward)) && seen;
  }

  #polished(objective: Objective, outcome: RunOutcome): Promise<Polished | null> {
    const { secondsNow = () => 0 } = this.#request;
    const until = secondsNow() + mostSeconds;
    return polish({
      objective,
      isOverTime: () => secondsNow() > until,
      params: outcome.final.params,
      open: this.#open(outcome),
      evaluations: polishEvaluations(outcome.steps),
      largestGradient: this.#largestGradient,
      lastMove: maxAbs(this.#lastStep()),
    });
  }
}
