import { findDrop } from '../kernels/passes';
import type { StepView } from '../update';

/** A gradient that shrinks to this share in one step has vanished at once. */
const drop = 1e-3;

/** More coordinates than this are not listed. */
const mostPlaces = 100;

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
  #lastNorm = 0;
  /** For what has vanished, its size before; otherwise 0. */
  readonly #sizeBefore: Float64Array;
  #vanished = 0;
  /** The coordinates that have vanished, and some that have returned; null if they are many. */
  #places: number[] | null = [];
  #leap: Leap | null = null;
  /** Whether the vectors of the leap are those of the run. Most leaps return at the next step, so only the others are copied. */
  #isLent = false;

  constructor(dim: number, byCoordinate: boolean) {
    this.#byCoordinate = byCoordinate;
    this.#sizeBefore = new Float64Array(byCoordinate ? dim : 1);
  }

  onStep(step: StepView): void {
    // The gradient of this step was computed after the step before.
    const leap = { t: step.t - 1, from: step.previous, to: step.before };
    const wasLent = this.#isLent;
    if (this.#byCoordinate) this.#watchAll(step, leap);
    else {
      this.#watch(0, step.gradNorm, this.#lastNorm, leap);
      this.#lastNorm = step.gradNorm;
    }
    if (!wasLent || !this.#isLent || this.#leap === null || this.#leap === leap) return;
    this.#leap = { t: this.#leap.t, from: this.#leap.from.slice(), to: this.#leap.to.slice() };
    this.#isLent = false;
  }

  #watchAll({ grad, lastGrad: last }: StepView, leap: Leap): void {
    const sizeBefore = this.#sizeBefore;
    const watch = (i: number) => this.#watch(i, Math.abs(grad[i]!), Math.abs(last[i]!), leap);
    const places = this.#vanished === 0 ? [] : this.#places;
    if (places === null)
      for (let i = 0; i < grad.length; i++) {
        if (sizeBefore[i]! > 0) watch(i);
      }
    else for (const i of places) watch(i);
    // Nearly no gradient vanishes, so only those are visited.
    this.#places = places;
    for (let i = findDrop(grad, last, drop, 0); i >= 0; i = findDrop(grad, last, drop, i + 1)) {
      if (sizeBefore[i]! > 0) continue;
      watch(i);
      this.#places = this.#places && this.#places.length < mostPlaces ? [...this.#places, i] : null;
    }
  }

  /** The first step after which a gradient vanished that has not returned; null if there is none. */
  get leap(): Leap | null {
    return this.#leap;
  }

  #watch(i: number, size: number, last: number, leap: Leap): void {
    const sizeBefore = this.#sizeBefore[i]!;
    if (sizeBefore > 0) {
      if (size >= drop * sizeBefore) this.#returned(i);
    } else if (size < drop * last) {
      this.#sizeBefore[i] = last;
      this.#vanished++;
      if (this.#leap !== null) return;
      this.#leap = leap;
      this.#isLent = true;
    }
  }

  #returned(i: number): void {
    this.#sizeBefore[i] = 0;
    this.#vanished--;
    if (this.#vanished === 0) this.#leap = null;
  }
}
