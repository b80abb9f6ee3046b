import type { StepView } from '../../update';

/** A jump of one or two steps shows nothing of the way up. */
const fewest = 3;

/**
 * Watches how the loss rises. Momentum carries the parameters past a minimum if each step of the rise
 *
 *   goes up the slope, g·Δ > 0, which no step does without momentum, and
 *   has nearly the direction of the gradient before it, g_t·g_{t−1} > 0.
 *
 * Steps that are too long for the curvature turn the gradient around instead. The first step of a rise, which may cross the minimum,
 * does not count.
 */
export class CarriedRise {
  #loss = Number.NaN;
  /** The gradient of the last step of the rise. */
  #grad = new Float64Array(0);
  #isRising = false;
  #goesUp = false;
  #steps = 0;
  #isCarried = false;

  /** Whether the loss has been rising up to the last step, for at least three steps, because momentum carried the parameters. */
  get isCarried(): boolean {
    return this.#isCarried && this.#steps >= fewest;
  }

  onStep({ loss, grad, before, params }: StepView): void {
    const isRising = loss > this.#loss;
    this.#loss = loss;
    if (!isRising) {
      this.#steps = 0;
      this.#isCarried = false;
      this.#isRising = false;
      return;
    }
    let [work, agreement] = [0, 0];
    if (this.#grad.length !== grad.length) this.#grad = new Float64Array(grad.length);
    const last = this.#grad;
    for (let i = 0; i < grad.length; i++) {
      work += grad[i]! * (params[i]! - before[i]!);
      agreement += grad[i]! * last[i]!;
    }
    if (this.#isRising) this.#steps++;
    this.#isCarried = !this.#isRising || (this.#isCarried && this.#goesUp && agreement > 0);
    this.#isRising = true;
    this.#goesUp = work > 0;
    last.set(grad);
  }
}
