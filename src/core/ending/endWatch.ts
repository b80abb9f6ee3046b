import type { Batches } from '../batches';
import type { RunConfig } from '../config/runConfig';
import { contextAt } from '../context';
import { maxAbs, norm2 } from '../numerics/norms';
import type { Objective, OpenContext } from '../objective';
import type { EpochView, RunObserver, RunOutcome } from '../runLoop';
import type { StepView } from '../update';
import type { HeldBySaturation, OddScale, Saturation } from './heldBack';
import { lookBeyond } from './lookBeyond';
import { LossCourse } from './lossCourse';
import { ParameterScale } from './parameterScale';
import { type Polished, polish } from './polish/polish';
import type { RunEnd } from './runEnd';
import { heldBySaturation } from './saturation';

export interface EndWatchRequest {
  readonly config: RunConfig;
  readonly batches: Batches;
  /** Whether the loss takes its second argument. */
  readonly isContextual: boolean;
  /** The loss, to polish the last point; null if it must not be evaluated again. */
  readonly objective: Objective | null;
  /** What the expressions of the loss with asymptotes do at a point; null if it is not known. Absent: never known. */
  readonly saturationAt?: (params: Float64Array, open: OpenContext) => Promise<Saturation | null>;
  /** The time now, in seconds from any origin. Without it, the polish has no time limit. */
  readonly secondsNow?: () => number;
}

/** The time limit of the searches in seconds: a user waits for them. */
const mostSeconds = 5;

/** Where the loss function differs from step to step, the mean of at least this many losses counts as one. */
const averaged = 20;

/** The number of evaluations of a polish: 40 and a tenth of the steps, at most 120. */
function polishEvaluations(steps: number): number {
  return Math.min(120, 40 + Math.floor(steps / 10));
}

/** Observes one run, and collects the evidence at its end. */
export class EndWatch implements RunObserver {
  readonly #request: EndWatchRequest;
  /** null if the loss must not be evaluated, or if each step has a loss function of its own and there is none over all samples. */
  readonly #objective: Objective | null;
  readonly #course: LossCourse;
  readonly #scale = new ParameterScale();
  #largestGradient = 0;
  /** theta_0. */
  #start: Float64Array | null = null;
  /** The view of the last step: the run does not change it any more after its end. */
  #last: StepView | null = null;

  constructor(request: EndWatchRequest) {
    const { config, batches, isContextual } = request;
    const { stepsPerEpoch } = batches;
    this.#request = request;
    this.#objective = isContextual && config.samples === null ? null : request.objective;
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
    this.#course.onStep(step);
    this.#scale.onStep(step);
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
    const { batches, isContextual, secondsNow = () => 0 } = this.#request;
    const until = secondsNow() + mostSeconds;
    const isOverTime = () => secondsNow() > until;
    const { start, least, tail } = this.#course;
    const largestGradient = this.#largestGradient;
    const objective = this.#mayEvaluate(outcome) ? this.#objective : null;
    const { steps, stopped, final } = outcome;
    const end: RunEnd = {
      stopped,
      steps,
      startLoss: start,
      leastLoss: Number.isNaN(final.loss) ? least : Math.min(least, final.loss),
      finalLoss: final.loss,
      gradientShare: largestGradient > 0 ? final.gradNorm / largestGradient : 0,
      polished: objective && isReliable ? await this.#polished(objective, outcome, isOverTime) : null,
      beyond: objective && (await this.#beyond(objective, outcome)),
      saturation: null,
      oddScale: null,
      tail,
      isNoisy: isContextual || batches.stepsPerEpoch > 1,
    };
    if (!objective || !isReliable || isOverTime()) return end;
    return {
      ...end,
      saturation: await this.#saturation(objective, outcome, end, isOverTime),
      oddScale: await this.#oddScale(objective, outcome, end, isOverTime),
    };
  }

  /** Not after a failure, and not for a user who stopped the run: a stop must not take further evaluations. */
  #mayEvaluate({ stopped }: RunOutcome): boolean {
    return stopped !== 'error' && stopped !== 'nonFinite' && stopped !== 'user';
  }

  /** theta_T − theta_{T−1}; empty if no step was made. */
  #lastStep(): Float64Array {
    if (this.#last === null) return new Float64Array(0);
    const { params, before } = this.#last;
    return params.map((theta, i) => theta - before[i]!);
  }

  /** Looks beyond the last point: as far as the whole path and more, along it and along the last step. */
  async #beyond(objective: Objective, { final, steps }: RunOutcome): Promise<RunEnd['beyond']> {
    if (!(final.loss < this.#course.start) || this.#start === null) return null;
    const { config, batches } = this.#request;
    const open = contextAt(config.seed, batches, steps + 1, batches.all);
    const path = final.params.map((theta, i) => theta - this.#start![i]!);
    const step = this.#lastStep();
    const scale = norm2(path) / norm2(step);
    const decrease = this.#course.start - final.loss;
    const look = (direction: Float64Array) => lookBeyond(objective, final.params, direction, open, decrease);
    return (await look(path)) ?? (await look(step.map((each) => scale * each)));
  }

  async #oddScale(
    objective: Objective,
    { steps, final }: RunOutcome,
    end: RunEnd,
    isOverTime: () => boolean,
  ): Promise<OddScale | null> {
    if (this.#start === null || !Number.isFinite(end.finalLoss)) return null;
    const { config, batches } = this.#request;
    return this.#scale.oddest({
      objective,
      open: contextAt(config.seed, batches, steps + 1, batches.all),
      start: this.#start,
      final: final.params,
      end,
      evaluations: polishEvaluations(steps),
      largestGradient: this.#largestGradient,
      isOverTime,
    });
  }

  async #saturation(
    objective: Objective,
    { steps, final }: RunOutcome,
    end: RunEnd,
    isOverTime: () => boolean,
  ): Promise<HeldBySaturation | null> {
    const { config, batches, saturationAt } = this.#request;
    if (!saturationAt || !Number.isFinite(final.loss)) return null;
    const open = contextAt(config.seed, batches, steps + 1, batches.all);
    const saturation = await saturationAt(final.params, open);
    return (
      saturation &&
      heldBySaturation({
        saturation,
        end,
        objective,
        params: final.params,
        open,
        evaluations: polishEvaluations(steps),
        largestGradient: this.#largestGradient,
        isOverTime,
      })
    );
  }

  #polished(
    objective: Objective,
    { steps, final }: RunOutcome,
    isOverTime: () => boolean,
  ): Promise<Polished | null> {
    const { config, batches } = this.#request;
    return polish({
      objective,
      isOverTime,
      params: final.params,
      open: contextAt(config.seed, batches, steps + 1, batches.all),
      evaluations: polishEvaluations(steps),
      largestGradient: this.#largestGradient,
      lastMove: maxAbs(this.#lastStep()),
    });
  }
}
