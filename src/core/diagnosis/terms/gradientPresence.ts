import { findZero } from '../../kernels/passes';
import type { StepView } from '../../update';

/** Above this share of coordinates without a gradient, all are looked at. */
const manyShare = 1 / 32;

/**
 * The steps on which each coordinate had a gradient that was not exactly 0. Most coordinates have one at every step, so the steps
 * without one are counted, and the work per step is mostly for the coordinates that have none.
 */
export class GradientPresence {
  /** The number of steps without a gradient. */
  readonly #zeros: Int32Array;
  /** The last step without a gradient, and the first one of those up to it. */
  readonly #lastZeroT: Int32Array;
  readonly #zeroSince: Int32Array;
  /** How many times a gradient followed a step without one, and the first and the last of these steps. */
  readonly #returns: Int32Array;
  readonly #firstReturnT: Int32Array;
  readonly #lastReturnT: Int32Array;
  /** 1 if the coordinate had no gradient at the first step. */
  readonly #isLate: Uint8Array;
  /** The coordinates without a gradient at the last step, and their number. */
  readonly #without: Int32Array;
  #withoutCount = 0;
  /** The number of steps before the first one that was observed. */
  #before = 0;
  #t = 0;
  #hasArrivals = false;
  #hasReturns = false;

  constructor(dim: number) {
    this.#zeros = new Int32Array(dim);
    this.#lastZeroT = new Int32Array(dim);
    this.#zeroSince = new Int32Array(dim);
    this.#returns = new Int32Array(dim);
    this.#firstReturnT = new Int32Array(dim);
    this.#lastReturnT = new Int32Array(dim);
    this.#isLate = new Uint8Array(dim);
    this.#without = new Int32Array(dim);
  }

  onStep({ t, grad }: StepView): void {
    const isFirst = this.#t === 0;
    if (isFirst) this.#before = t - 1;
    this.#t = t;
    this.#hasArrivals = false;
    for (let k = 0; k < this.#withoutCount; k++) {
      const i = this.#without[k]!;
      if (grad[i] !== 0) this.#arrive(i, t);
    }
    const isLong = this.#withoutCount > manyShare * grad.length;
    this.#withoutCount = 0;
    if (isLong) {
      for (let i = 0; i < grad.length; i++) if (grad[i] === 0) this.#miss(i, t);
    } else for (let i = findZero(grad, 0); i >= 0; i = findZero(grad, i + 1)) this.#miss(i, t);
    if (!isFirst) return;
    for (let k = 0; k < this.#withoutCount; k++) this.#isLate[this.#without[k]!] = 1;
    this.#hasArrivals = this.#withoutCount < grad.length;
  }

  #arrive(i: number, t: number): void {
    const before = this.arrivalsOf(i);
    if (this.#returns[i]!++ === 0) this.#firstReturnT[i] = t;
    this.#lastReturnT[i] = t;
    this.#hasArrivals = true;
    if (before > 0) this.#hasReturns = true;
  }

  #miss(i: number, t: number): void {
    if (this.#zeros[i] === 0 || this.#lastZeroT[i] !== t - 1) this.#zeroSince[i] = t;
    this.#lastZeroT[i] = t;
    this.#zeros[i]!++;
    this.#without[this.#withoutCount++] = i;
  }

  /** Whether any gradient arrived at the last step. */
  get hasArrivals(): boolean {
    return this.#hasArrivals;
  }
  /** Whether the gradient of any coordinate that had one returned after a step without one. */
  get hasReturns(): boolean {
    return this.#hasReturns;
  }
  /** Whether all coordinates had a gradient at the last step. */
  get isWhole(): boolean {
    return this.#withoutCount === 0;
  }
  /** Number of coordinates. */
  get length(): number {
    return this.#zeros.length;
  }
  /** The last step with a gradient; 0 if there was none. */
  lastAt(i: number): number {
    if (this.#lastZeroT[i] !== this.#t) return this.#t;
    return this.arrivalsOf(i) === 0 ? 0 : this.#zeroSince[i]! - 1;
  }
  /** The number of steps without a gradient since `lastAt(i)`. */
  zerosOf(i: number): number {
    return this.#t - this.lastAt(i);
  }
  /** The number of steps with a gradient. */
  countOf(i: number): number {
    return this.#t - this.#before - this.#zeros[i]!;
  }
  /** How many times a gradient followed a step without one; the first step also counts. */
  arrivalsOf(i: number): number {
    return this.#returns[i]! + (this.#isLate[i] === 1 || this.#t === 0 ? 0 : 1);
  }
  /** The step of the first such arrival; 0 without one. */
  firstArrivalOf(i: number): number {
    return this.#isLate[i] === 1 || this.#t === 0 ? this.#firstReturnT[i]! : this.#before + 1;
  }
  /** The step of the last such arrival; 0 without one. */
  lastArrivalOf(i: number): number {
    return this.#returns[i]! > 0 ? this.#lastReturnT[i]! : this.firstArrivalOf(i);
  }
}
