import type { LossWords } from '../../lossWords';
import type { StepView } from '../../update';

/** What to change in a schedule that reduces lr by the loss. */
interface Cure {
  readonly option: 'factor' | 'threshold' | 'patience';
  readonly advice: string;
}

/**
 * The reductions of lr by a schedule that watches the loss, up to the one that leaves at most the share `nothing` of lr. If one
 * was enough, its factor is too small. If the loss was then the lowest so far, it had not stopped improving: the threshold hid its
 * decrease. Otherwise the patience was too short for a loss that rises for some steps.
 */
export class Reductions {
  readonly #nothing: number;
  #count = 0;
  #lowest = Number.POSITIVE_INFINITY;
  /** The loss at the last reduction, and the lowest one before it. */
  #last = Number.NaN;
  #lowestBefore = Number.NaN;
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
      this.#last = this.#before;
      this.#lowestBefore = this.#lowest;
    }
    if (this.#before < this.#lowest) this.#lowest = this.#before;
    this.#before = Number.isNaN(watched) ? loss : watched;
    this.#lr = lr;
    this.#largest = Math.max(this.#largest, lr);
  }

  get count(): number {
    return this.#count;
  }

  get #isLowest(): boolean {
    return this.#last < this.#lowestBefore;
  }

  inWords({ say, apart }: LossWords): string {
    if (this.#count === 1) return 'One reduction made it so small.';
    const last = apart(this.#last, this.#lowestBefore);
    const where = this.#isLowest
      ? say`its lowest value so far`
      : say`above its lowest value ${apart(this.#lowestBefore, this.#last)}`;
    return say`At the last of ${this.#count} reductions until then, the loss was ${last}, ${where}.`;
  }

  cure({ say }: LossWords): Cure {
    if (this.#count === 1)
      return { option: 'factor', advice: 'Increase factor, so that one reduction does not end the run.' };
    return this.#isLowest
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
