import { numberOption } from '../../config/readOptions';
import type { RunConfig } from '../../config/runConfig';
import { scheduleOf } from '../../phases';
import type { Schedule } from '../../schedules/schedule';

/** The planned learning rates until the end of the run, relative to the current one. */
export interface LrOutlook {
  /** Smallest and largest learning rate of the remaining steps, divided by that of step t. */
  readonly least: number;
  readonly greatest: number;
  /**
   * Their sum divided by the learning rate of step t: the equivalent number of steps with that learning rate.
   */
  readonly stepsLeft: number;
}

/** The largest number of steps at which a schedule is evaluated. */
const places = 256;

/**
 * The learning rates that the configuration plans. A schedule that depends on the loss is assumed to keep its
 * value.
 */
export class LrPlan {
  readonly #steps: number;
  readonly #lr: number;
  readonly #schedule: Schedule | null;

  constructor(config: RunConfig) {
    this.#steps = config.steps;
    this.#lr = numberOption(config.optimizer, 'lr') ?? 0;
    this.#schedule = config.schedule?.name === 'constant' ? null : scheduleOf(config);
  }

  /**
   * Whether t < 0.8 N and the schedule will still change the learning rate by a factor of ten: until then the
   * behaviour of the loss follows from the schedule.
   */
  isStillToTurn(t: number): boolean {
    if (t >= 0.8 * this.#steps) return false;
    const { least, greatest } = this.after(t);
    return !(least >= 0.1 && greatest <= 10);
  }

  after(t: number): LrOutlook {
    const left = this.#steps - t;
    if (this.#schedule === null || left <= 0) return { least: 1, greatest: 1, stepsLeft: Math.max(0, left) };
    const now = this.#schedule.lr(t - 1, this.#lr);
    const stride = Math.max(1, left / places);
    let least = Number.POSITIVE_INFINITY;
    let greatest = 0;
    let sum = 0;
    let count = 0;
    for (let ahead = stride; ahead <= left + 1e-6; ahead += stride) {
      const lr = this.#schedule.lr(Math.round(t + ahead) - 1, this.#lr);
      least = Math.min(least, lr);
      greatest = Math.max(greatest, lr);
      sum += lr;
      count++;
    }
    return { least: least / now, greatest: greatest / now, stepsLeft: (sum / count / now) * left };
  }
}
