import type { StepView } from '../update';

/** A gradient that shrinks to this share in one step has vanished at once. */
const drop = 1e-3;

/** A step after which a part of the gradient had vanished. */
export interface Leap {
  /** 1-based. */
  readonly t: number;
  /** theta_{t−1}, shape [dim]. */
  readonly from: Float64Array;
  /** theta_t, shape [dim]. */
  readonly to: Float64Array;
}

/**
 * Watches for steps after which the gradient of a coordinate has vanished, as in a leap to a flat region: it is below a
 * thousandth of its size before. A gradient that returns to this share has not vanished. With mini-batches, or where
 * the loss function differs from step to step, a coordinate has no gradient in some steps, so the norm is watched.
 */
export class VanishedGradient {
  readonly #byCoordinate: boolean;
  readonly #last: Float64Array;
  /** For what has vanished, its size before; otherwise 0. */
  readonly #sizeBefore: Float64Array;
  #vanished = 0;
  #leap: Leap | null = null;

  constructor(dim: number, byCoordinate: boolean) {
    this.#byCoordinate = byCoordinate;
    this.#last = new Float64Array(byCoordinate ? dim : 1);
    this.#sizeBefore = new Float64Array(this.#last.length);
  }

  /** @param previous  the parameters before the last step but one, theta_{t−2}; shape [dim] */
  onStep(step: StepView, previous: Float64Array): void {
    if (this.#byCoordinate) this.#watchAll(step, previous);
    else this.#watch(0, step.gradNorm, step, previous);
  }

  #watchAll(step: StepView, previous: Float64Array): void {
    const { grad } = step;
    const [last, sizeBefore] = [this.#last, this.#sizeBefore];
    for (let i = 0; i < grad.length; i++) {
      const size = Math.abs(grad[i]!);
      // Nearly no gradient vanishes or returns, so that is asked here, where it costs no call.
      if (sizeBefore[i]! > 0 || size < drop * last[i]!) this.#watch(i, size, step, previous);
      last[i] = size;
    }
  }

  /** The first step after which a gradient vanished that has not returned; null if there is none. */
  get leap(): Leap | null {
    return this.#leap;
  }

  #watch(i: number, size: number, { t, before }: StepView, previous: Float64Array): void {
    const sizeBefore = this.#sizeBefore[i]!;
    if (sizeBefore > 0) {
      if (size >= drop * sizeBefore) this.#returned(i);
    } else if (size < drop * this.#last[i]!) {
      this.#sizeBefore[i] = this.#last[i]!;
      this.#vanished++;
      // The gradient of this step was computed after the step before.
      this.#leap ??= { t: t - 1, from: previous.slice(), to: before.slice() };
    }
    this.#last[i] = size;
  }

  #returned(i: number): void {
    this.#sizeBefore[i] = 0;
    this.#vanished--;
    if (this.#vanished === 0) this.#leap = null;
  }
}
