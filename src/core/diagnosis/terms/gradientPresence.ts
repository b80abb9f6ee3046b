import type { StepView } from '../../update';

/** The steps on which each coordinate had a gradient that was not exactly 0. */
export class GradientPresence {
  readonly #lastT: Int32Array;
  readonly #count: Int32Array;
  readonly #arrivals: Int32Array;
  /**
   * The number of steps in which all coordinates had a gradient, and had one in the step before too. These
   * steps are counted once here instead of for each coordinate, which is faster.
   */
  #whole = 0;
  #lastWholeT = 0;
  #t = 0;
  #hadZeros = true;

  constructor(dim: number) {
    this.#lastT = new Int32Array(dim);
    this.#count = new Int32Array(dim);
    this.#arrivals = new Int32Array(dim);
  }

  onStep({ t, grad }: StepView): void {
    this.#t = t;
    let hasZeros = false;
    for (let i = 0; i < grad.length && !hasZeros; i++) hasZeros = grad[i] === 0;
    if (!hasZeros && !this.#hadZeros) {
      this.#whole++;
      this.#lastWholeT = t;
      return;
    }
    this.#hadZeros = hasZeros;
    for (let i = 0; i < grad.length; i++) {
      if (grad[i] === 0) continue;
      if (this.lastAt(i) < t - 1 || t === 1) this.#arrivals[i]!++;
      this.#lastT[i] = t;
      this.#count[i]!++;
    }
  }

  /** Number of coordinates. */
  get length(): number {
    return this.#count.length;
  }
  /** The last step with a gradient; 0 if there was none. */
  lastAt(i: number): number {
    return Math.max(this.#lastT[i]!, this.#lastWholeT);
  }
  /** The number of steps without a gradient since `lastAt(i)`. */
  zerosOf(i: number): number {
    return this.#t - this.lastAt(i);
  }
  /** The number of steps with a gradient. */
  countOf(i: number): number {
    return this.#count[i]! + this.#whole;
  }
  /** How many times a gradient followed a step without one; the first step also counts. */
  arrivalsOf(i: number): number {
    return this.#arrivals[i]!;
  }
}
