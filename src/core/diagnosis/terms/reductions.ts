import type { LossWords } from '../../lossWords';
import type { StepView } from '../../update';

/** What to change in a schedule that reduces lr by the loss. */
interface Cure {
  readonly option: 'factor' | 'threshold' | 'patience';
  readonly advice: string;
}

/**
 * The reductions of lr by a schedule that watches the loss, up to the one that leaves at most the share `nothing` of lr. If one
 * was enough, its factor is too small. If the loss was the lowest so far at most of them, it had not stopped improving: the threshold
 * hid its decrease, because a smaller one counts such a loss as an improvement. Otherwise the patience was too short for a loss that
 * rises for some steps.
 */
export class Reductions {
  readonly #nothing: number;
  #count = 0;
  #lowest = Number.POSITIVE_INFINITY;
  /** The reductions at which the loss was lower than ever before. */
  #atLowest = 0;
  #largest = 0;
  #lr = Number.NaN;
  /** The last loss that the schedule has received: that of the step before, or of the last epoch. */
  #before = Number.NaN;

  constructor(nothing: number) {
    this.#nothing = nothing;
  }

  onStep({ lr, loss, watched }: StepView): void {
    if (lr < this.#lr && this.#lr > this.#nothing * this.#largest) {
      this.#count++;
      if (this.#before < this.#lowest) this.#atLowest++;
    }
    if (this.#before < this.#lowest) this.#lowest = this.#before;
    this.#before = Number.isNaN(watched) ? loss : watched;
    this.#lr = lr;
    this.#largest = Math.max(this.#largest, lr);
  }

  get count(): number {
    return this.#count;
  }

  get #isUsuallyLowest(): boolean {
    return 2 * this.#atLowest > this.#count;
  }

  inWords({ say }: LossWords): string {
    if (this.#count === 1) return 'One reduction made it so small.';
    const lowest = this.#atLowest === 0 ? 'none' : this.#atLowest;
    const share = this.#atLowest === this.#count ? `all ${lowest}` : `${lowest} of ${this.#count}`;
    return say`At ${share} reductions until then, the loss was lower than ever before.`;
  }

  cure({ say }: LossWords): Cure {
    if (this.#count === 1)
      return { option: 'factor', advice: 'Increase factor, so that one reduction does not end the run.' };
    return this.#isUsuallyLowest
      ? {
          option: 'threshold',
          advice: `Decrease threshold, so that ${say`smaller decreases of the loss count`}.`,
        }
      : {
          option: 'patience',
          advice: `Increase patience, so that lr is not reduced ${say`while the loss rises for a while`}.`,
        };
  }
}
