import type { StepView } from '../update';

/** Bursts of fewer than half as many steps do not count. */
const steps = 5;
/** The loss confirms a gradient if it changes in the step by this share of what the gradient says, or more. */
const confirmed = 0.01;

/**
 * The largest gradient norm of a run with which a later one may be compared. A norm counts if the change of the loss in its step confirms it, or
 * if it is the median of five consecutive steps. Where terms of a loss cancel, rounding may raise the norm by 1e6 for a step or
 * two, and the loss does not follow: beside such a burst, any gradient would be small.
 */
export class LargestGradient {
  readonly #recent = new Float64Array(steps);
  readonly #sorted = new Float64Array(steps);
  #count = 0;
  #largest = 0;
  #largestOfAll = 0;
  /** The last norm, if it is above the largest one, and the change of the loss that the gradient predicts. */
  #waiting: { readonly norm: number; readonly loss: number; readonly bySlope: number } | null = null;

  onStep(step: StepView): void {
    const { loss, gradNorm } = step;
    this.#recent[this.#count++ % steps] = gradNorm;
    if (this.#waiting) {
      const { norm, loss: before, bySlope } = this.#waiting;
      // Written so that a loss that is not a number confirms it.
      if (!(Math.abs(loss - before) < confirmed * bySlope)) this.#largest = Math.max(this.#largest, norm);
      this.#waiting = null;
    }
    if (gradNorm > this.#largestOfAll) this.#largestOfAll = gradNorm;
    if (!(gradNorm > this.#largest)) return;
    this.#waiting = { norm: gradNorm, loss, bySlope: slopeOf(step) };
    if (this.#count < steps) return;
    this.#sorted.set(this.#recent);
    const median = this.#sorted.sort()[(steps - 1) / 2]!;
    if (median > this.#largest) this.#largest = median;
  }

  /** Without bursts; of all steps, if none of them counts. */
  get norm(): number {
    return this.#largest > 0 ? this.#largest : this.#largestOfAll;
  }

  /** With bursts: where the loss differs from step to step, its changes confirm nothing. */
  get ofAll(): number {
    return this.#largestOfAll;
  }
}

/** The change of the loss in a step to first order. */
function slopeOf({ grad, before, params }: StepView): number {
  let slope = 0;
  for (let i = 0; i < grad.length; i++) slope += grad[i]! * (params[i]! - before[i]!);
  return Math.abs(slope);
}
