import { batchesOf } from '../../batches';
import type { RunConfig } from '../../config/runConfig';
import { lossesInMean } from '../../meanOfLosses';
import { RunningMean } from '../../numerics/runningMean';
import type { Objective } from '../../objective';
import { type Checkpoint, type RunOutcome, run } from '../../runLoop';
import { hasLeapt } from '../hasLeapt';

/** What all attempts of a search have in common. */
export interface AttemptSetting {
  /** theta_0, shape [dim]. */
  readonly start: Float64Array;
  /** L0, the loss at the start. */
  readonly startLoss: number;
  readonly validation: Objective['value'] | null;
  readonly isContextual: boolean;
  objective(config: RunConfig): Promise<Objective | null>;
  /** Called before every step; false ends the attempt. */
  goesOn(): boolean;
}

/** The largest number of losses whose mean is compared. */
const mostAveraged = 500;
/** Above this loss, a run is hopeless. */
const overflow = 1e100;

/**
 * A run of one configuration without diagnosis, which can stop after some steps and continue later: the steps are those
 * of one run.
 */
export class Attempt {
  readonly config: RunConfig;
  readonly #setting: AttemptSetting;
  readonly #recent: RunningMean | null;
  readonly #isNoisy: boolean;
  #checkpoint: Checkpoint | null = null;
  #t = 0;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;
  #watched = Number.NaN;
  #score = Number.POSITIVE_INFINITY;
  #isHopeless = false;

  constructor(setting: AttemptSetting, config: RunConfig) {
    const { stepsPerEpoch } = batchesOf(config.samples, config.batch, config.seed);
    this.#setting = setting;
    this.config = config;
    this.#isNoisy = stepsPerEpoch > 1 || setting.isContextual;
    this.#recent = this.#isNoisy
      ? new RunningMean(Math.min(mostAveraged, Math.max(stepsPerEpoch, lossesInMean)))
      : null;
  }

  /** Steps done. */
  get t(): number {
    return this.#t;
  }

  /**
   * The loss that it has reached, for comparisons after equally many steps; infinite if it failed. At the end of the run:
   * the final loss (the last watched loss with validation, a mean where the loss function differs from step to step).
   * Before: the lowest loss since the last stop, or that mean.
   */
  get score(): number {
    return this.#isHopeless ? Number.POSITIVE_INFINITY : this.#score;
  }

  get isHopeless(): boolean {
    return this.#isHopeless;
  }

  /** Continues up to step `to`. @returns false if the search was stopped before */
  async advance(to: number): Promise<boolean> {
    const { config } = this;
    if (this.#isHopeless || this.#t >= Math.min(to, config.steps)) return true;
    const objective = await this.#setting.objective(config);
    if (!objective) {
      this.#isHopeless = true;
      return true;
    }
    this.#lowest = Number.POSITIVE_INFINITY;
    let isStopped = false;
    const outcome = await run({
      objective,
      start: config.start ? Float64Array.from(config.start) : this.#setting.start,
      validation: this.#setting.validation,
      config,
      ...(this.#checkpoint ? { from: this.#checkpoint } : {}),
      control: {
        mayStep: (t) => {
          if (t > to || this.#isHopeless) return false;
          isStopped = !this.#setting.goesOn();
          return !isStopped;
        },
        lr: () => Number.NaN,
      },
      observer: {
        onStep: ({ t, loss }) => {
          this.#t = t;
          if (!(Math.abs(loss) < overflow)) this.#isHopeless = true;
          else if (this.#recent) this.#recent.push(loss);
          else {
            this.#lowest = Math.min(this.#lowest, loss);
            this.#highest = Math.max(this.#highest, loss);
          }
        },
        onEpoch: ({ watched }) => {
          this.#watched = watched;
        },
      },
      keyframes: {
        isDue: (t) => t === to,
        take: (checkpoint) => {
          this.#checkpoint = checkpoint;
        },
      },
    });
    if (isStopped) return false;
    this.#judge(outcome);
    return true;
  }

  #judge({ stopped, final }: RunOutcome): void {
    if (stopped === 'user') {
      this.#score = this.#recent ? this.#recent.middle() : Math.min(this.#lowest, final.loss);
    } else {
      this.#t = this.config.steps;
      this.#checkpoint = null;
      this.#score = this.#setting.validation
        ? this.#watched
        : this.#setting.isContextual && this.config.samples === null
          ? this.#recent!.middle()
          : final.loss;
    }
    // Before the end, there may not be a decrease to compare with.
    if (stopped !== 'user' && !this.#isNoisy && hasLeapt(this.#setting.startLoss, this.#highest, this.#score))
      this.#isHopeless = true;
    if (stopped === 'error' || stopped === 'nonFinite' || !Number.isFinite(this.#score))
      this.#isHopeless = true;
  }
}
