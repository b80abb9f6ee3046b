import { laggingCorrelation } from '../laggingGradients';
import { lossesInMean } from '../meanOfLosses';
import type { Lag } from './runEnd';

/** The means are those of this share of the steps. */
const meanShare = 0.1;
/** In shorter runs, the first gradients would count. */
const fewestSteps = 100;

/** Exponential moving averages of abs(g_t)² and of the product g_t · g_(t−1) over a tenth of the steps. */
export class GradientLag {
  readonly #weight: number;
  #before: Float64Array | null = null;
  #count = 0;
  #squares = 0;
  #products = 0;

  /** @param steps  the steps of the configuration */
  constructor(steps: number) {
    this.#weight = 1 / Math.max(lossesInMean, steps * meanShare);
  }

  /** @param grad  shape [dim]; not modified */
  push(grad: Float64Array): void {
    let [square, product] = [0, 0];
    const before = this.#before;
    for (let i = 0; i < grad.length; i++) {
      square += grad[i]! ** 2;
      if (before) product += grad[i]! * before[i]!;
    }
    if (before) before.set(grad);
    else this.#before = grad.slice();
    this.#squares += this.#weight * (square - this.#squares);
    this.#products += this.#weight * (product - this.#products);
    this.#count++;
  }

  /** null where the gradients of consecutive steps do not agree, or the steps are too few to tell. */
  relativeTo(largestNorm: number): Lag | null {
    if (this.#count < fewestSteps || !(this.#squares > 0) || !(largestNorm > 0)) return null;
    const correlation = this.#products / this.#squares;
    return correlation > laggingCorrelation
      ? { correlation: Math.min(1, correlation), share: Math.sqrt(this.#squares) / largestNorm }
      : null;
  }
}
