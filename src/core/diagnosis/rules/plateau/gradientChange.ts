import { wide } from '../../../gradient/allowance';
import { widen } from '../../../kernels/passes';
import { vectorBeside } from '../../../kernels/vectorMemory';

const everyOfWide = 4;

/** The change of the gradient of each coordinate within a window. */
export interface GradientChange {
  onStep(grad: Float64Array): void;
  /** Change over the window relative to its value at the end; NaN or infinite where that is 0. */
  relative(i: number): number;
  /** abs(g) at the end of the window. */
  size(i: number): number;
  /** Starts the next window at the end of this one. */
  reset(): void;
}

/**
 * For gradients without noise: the range of g from step t − P to t. For a monotonic gradient that is abs(g_t
 * − g_{t−P}); a gradient that changed and returned does not count as constant. Of very many coordinates, every fourth step counts.
 */
export class GradientRange implements GradientChange {
  /** Empty before the first step. */
  /** In the window. */
  #steps = 0;
  #low: Float64Array = new Float64Array(0);
  #high: Float64Array = new Float64Array(0);
  /** The buffer of the run, which contains the last gradient. */
  #last: Float64Array | null = null;

  onStep(grad: Float64Array): void {
    const isFirst = this.#last === null;
    this.#last = grad;
    if (isFirst) {
      this.#low = vectorBeside(grad);
      this.#high = vectorBeside(grad);
      this.reset();
    }
    if (grad.length <= wide || this.#steps++ % everyOfWide === 0) widen(grad, this.#low, this.#high);
  }

  relative(i: number): number {
    return (this.#high[i]! - this.#low[i]!) / this.size(i);
  }

  size(i: number): number {
    return Math.abs(this.#last![i]!);
  }

  reset(): void {
    if (this.#last === null) return;
    this.#steps = 0;
    this.#low.set(this.#last);
    this.#high.set(this.#last);
  }
}

/**
 * For mini-batch gradients: a line through the means of both halves of the window, which averages the noise.
 */
export class GradientHalves implements GradientChange {
  readonly #early: Float64Array;
  readonly #late: Float64Array;
  readonly #half: number;
  #steps = 0;

  /** @param length  steps of a window, even */
  constructor(dim: number, length: number) {
    this.#early = new Float64Array(dim);
    this.#late = new Float64Array(dim);
    this.#half = length / 2;
  }

  onStep(grad: Float64Array): void {
    const sum = this.#steps++ < this.#half ? this.#early : this.#late;
    for (let i = 0; i < grad.length; i++) sum[i] = sum[i]! + grad[i]!;
  }

  relative(i: number): number {
    return (2 * Math.abs(this.#late[i]! - this.#early[i]!)) / (this.#half * this.size(i));
  }

  size(i: number): number {
    const late = this.#late[i]!;
    return Math.abs(late + (late - this.#early[i]!) / 2) / this.#half;
  }

  reset(): void {
    this.#early.fill(0);
    this.#late.fill(0);
    this.#steps = 0;
  }
}
