import type { StepView } from '../../update';

/** The steps on which each coordinate had a gradient that was not exactly 0. */
export class GradientPresence {
  readonly #lastT: Int32Array;
  readonly #count: Int32Array;
  readonly #arrivals: Int32Array;
  readonly #firstT: Int32Array;
  readonly #lastArrivalT: Int32Array;
  /**
   * The number of steps in which all coordinates had a gradient, and had one in the step before too. These
   * steps are counted once here instead of for each coordinate, which is faster.
   */
  #whole = 0;
  #lastWholeT = 0;
  #t = 0;
  #hadZeros = true;
  #hasArrivals = false;

  constructor(dim: number) {
    this.#lastT = new Int32Array(dim);
    this.#count = new Int32Array(dim);
    this.#arrivals = new Int32Array(dim);
    this.#firstT = new Int32Array(dim);
    this.#lastArrivalT = new Int32Array(dim);
  }

  onStep({ t, grad }: StepView): void {
    this.#t = t;
    this.#hasArrivals = false;
    let hasZeros = false;
    for (let i = 0; i < grad.length && !hasZeros; i++) hasZeros = grad[i] === 0;
    if (!hasZeros && !this.#hadZeros) {
      this.#whole++;
      this.#lastWholeT = t;
      return;
    }
    this.#hadZeros = hasZeros;
    const [lastT, count, lastWholeT] = [this.#lastT, this.#count, this.#lastWholeT];
    for (let i = 0; i < grad.length; i++) {
      if (grad[i] === 0) continue;
      if ((lastT[i]! < t - 1 && lastWholeT < t - 1) || t === 1) {
        if (this.#arrivals[i]!++ === 0) this.#firstT[i] = t;
        this.#lastArrivalT[i] = t;
        this.#hasArrivals = true;
      }
      lastT[i] = t;
      count[i]!++;
    }
  }

  /** Whether any gradient arrived at the last step. */
  get hasArrivals(): boolean {
    return this.#hasArrivals;
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
  /** The step of the first such arrival; 0 without one. */
  firstArrivalOf(i: number): number {
    return this.#firstT[i]!;
  }
  /** The step of the last such arrival; 0 without one. */
  lastArrivalOf(i: number): number {
    return this.#lastArrivalT[i]!;
  }
}
