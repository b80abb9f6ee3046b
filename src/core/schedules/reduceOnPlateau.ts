import { atLeast, fromBelow, integer, number, type OptionsOf } from '../config/optionSpecs';
import type { Schedule, ScheduleDefinition, ScheduleMemory } from './schedule';

const reduceOnPlateauOptions = {
  factor: number(0.1, fromBelow(0, 1), 'What lr is multiplied by where the loss stands still.'),
  patience: integer(10, atLeast(0), 'Losses without improvement that are put up with; one more reduces lr.'),
  threshold: number(1e-4, fromBelow(0, 1), 'An improvement is a loss below best·(1 − threshold).'),
  cooldown: integer(0, atLeast(0), 'Losses after a reduction that do not count as bad.'),
  minLr: number(0, atLeast(0), 'The least learning rate: a reduction stops there.'),
} as const;

type ReduceOnPlateauOptions = OptionsOf<typeof reduceOnPlateauOptions>;

/** A reduction that changes lr by no more than this is left out; torch's `eps`. */
const leastChange = 1e-8;

/**
 * Reduces lr when the loss has not improved for a while; torch.optim.lr_scheduler.ReduceLROnPlateau with mode="min"
 * and threshold_mode="rel".
 *
 *   better:  loss < best (1 − threshold)     then best = loss and bad = 0, else bad = bad + 1
 *   while cooling down:  bad = 0
 *   bad > patience:  lr = max(factor lr, minLr) if that is more than 1e-8 below lr; cool down, bad = 0
 *
 * NaN is never better. As in torch, a negative best puts the bar above it: there a tie is better, and best may rise.
 *
 * Departure: torch overwrites lr. Here the reductions are a factor of their own, so that they stay in force when lr is
 * changed by hand; minLr holds for the product and never raises it above lr.
 */
class ReduceOnPlateau implements Schedule {
  readonly #options: ReduceOnPlateauOptions;
  #best = Number.POSITIVE_INFINITY;
  #bad = 0;
  #cooling = 0;
  /** The product of the reductions so far. */
  #scale = 1;
  /** The optimizer's own learning rate, as of the last step. */
  #lr = Number.NaN;

  constructor(options: ReduceOnPlateauOptions) {
    this.#options = options;
  }

  lr(_index: number, lr: number): number {
    this.#lr = lr;
    return this.#reduced(this.#scale);
  }

  observe(loss: number): void {
    const { factor, patience, threshold, cooldown } = this.#options;
    if (loss < this.#best * (1 - threshold)) {
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

  /** Without the learning rate, which every step gives anew. */
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
  doc: 'Multiplies lr by factor when the loss has not improved for patience losses in a row.',
  options: reduceOnPlateauOptions,
  create: (options) => new ReduceOnPlateau(options),
};
