import { numberOption } from '../../config/readOptions';
import type { RunConfig } from '../../config/runConfig';
import { scheduleOf } from '../../phases';
import type { Schedule } from '../../schedules/schedule';

/** What the schedule will do with the learning rate until the end of the run, relative to what it is now. */
export interface LrOutlook {
  /** Least and greatest learning rate of the steps to come, over that of step t. */
  readonly least: number;
  readonly greatest: number;
  /** Their sum, over that of step t: the number of steps like this one that are still to come. */
  readonly stepsLeft: number;
}

/** A schedule is looked at in at most this many places: enough for any of them, and cheap. */
const places = 256;

/** The learning rates that the configuration plans. A schedule that follows the loss is taken to stay as it is. */
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
   * Whether the schedule is still to change the learning rate tenfold, and there is time for it, t < 0.8 N: what the loss
   * does until then is the schedule's making.
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
