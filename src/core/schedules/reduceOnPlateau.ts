import { atLeast, fromBelow, integer, number, type OptionsOf } from '../config/optionSpecs';
import type { Schedule, ScheduleDefinition, ScheduleMemory } from './schedule';

const reduceOnPlateauOptions = {
  factor: number(0.1, fromBelow(0, 1), 'Factor of lr when the loss has stopped improving.'),
  patience: integer(
    10,
    atLeast(0),
    'Number of losses without improvement after which the next one reduces lr.',
  ),
  threshold: number(1e-4, fromBelow(0, 1), 'An improvement is a loss below best·(1 − threshold).'),
  cooldown: integer(
    0,
    atLeast(0),
    'Number of losses after a reduction that are not counted as lack of improvement.',
  ),
  minLr: number(0, atLeast(0), 'The smallest learning rate.'),
} as const;

type ReduceOnPlateauOptions = OptionsOf<typeof reduceOnPlateauOptions>;

/** A reduction that changes lr by at most this is skipped; torch's `eps`. */
const leastChange = 1e-8;

/**
 * Reduces lr when the loss has not improved for a while; torch.optim.lr_scheduler.ReduceLROnPlateau with
 * mode="min", or "max" if the run maximizes, and threshold_mode="rel".
 *
 *   better:  loss < best (1 − threshold)     then best = loss and bad = 0, else bad = bad + 1
 *           loss > best (1 + threshold)     if the run maximizes
 *   while cooling down:  bad = 0
 *   bad > patience:  lr = max(factor lr, minLr) if that is more than 1e-8 below lr; cool down, bad = 0
 *
 * NaN is never better. As in torch, if best is negative the threshold is above best: an equal loss then
 * counts as better, and best may rise.
 *
 * Difference from torch: torch overwrites lr. Here the reductions are a separate factor, so they remain in
 * effect when the user changes lr. minLr applies to the product and never raises it above lr.
 */
class ReduceOnPlateau implements Schedule {
  readonly #options: ReduceOnPlateauOptions;
  #best = Number.POSITIVE_INFINITY;
  #bad = 0;
  #cooling = 0;
  /** The product of the reductions so far. */
  #scale = 1;
  /** The optimizer's own learning rate at the last step. */
  #lr = Number.NaN;

  /** 1 − threshold. With negated values, the condition of mode="max" reads: loss < best (1 + threshold). */
  readonly #share: number;

  constructor(options: ReduceOnPlateauOptions, maximizes: boolean) {
    this.#options = options;
    this.#share = 1 + (maximizes ? options.threshold : -options.threshold);
  }

  lr(_index: number, lr: number): number {
    this.#lr = lr;
    return this.#reduced(this.#scale);
  }

  observe(loss: number): void {
    const { factor, patience, cooldown } = this.#options;
    if (loss < this.#best * this.#share) {
      this.#best = loss;
      this.#bad = 0;
    } else this.#bad++;
    if (this.#cooling > 0) {
      this.#cooling--;
      this.#bad = 0;
    }
    if (this.#bad <= patience) return;
    const scale = this.#scale * factor;
    if (this.#reduced(this.#scale) - this.#reduced(scale) > leastChange) this.#scale = scale;
    this.#cooling = cooldown;
    this.#bad = 0;
  }

  /** Does not contain the learning rate, which every step provides again. */
  save(): ScheduleMemory {
    return { best: this.#best, bad: this.#bad, cooling: this.#cooling, scale: this.#scale };
  }

  restore({ best, bad, cooling, scale }: ScheduleMemory): void {
    this.#best = best!;
    this.#bad = bad!;
    this.#cooling = cooling!;
    this.#scale = scale!;
  }

  #reduced(scale: number): number {
    return Math.min(this.#lr, Math.max(this.#lr * scale, this.#options.minLr));
  }
}

export const reduceOnPlateau: ScheduleDefinition<typeof reduceOnPlateauOptions> = {
  title: 'Reduce on plateau',
  doc: 'Multiplies lr by factor when the loss has not improved for more than patience losses.',
  options: reduceOnPlateauOptions,
  create: (options, maximizes = false) => new ReduceOnPlateau(options, maximizes),
};
