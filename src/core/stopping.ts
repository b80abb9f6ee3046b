import type { EarlyStoppingConfig } from './config/runConfig';
import { maxAbs } from './numerics/norms';

/** A point and the loss that was seen there. */
export interface Point {
  /** Shape [dim]. */
  readonly params: Float64Array;
  readonly loss: number;
}

/** The point of least loss so far. A NaN never wins over a number. */
export class Best {
  #t = 0;
  #loss = Number.NaN;
  #params: Float64Array | null = null;

  offer(t: number, params: Float64Array, loss: number): void {
    if (this.#params && !(loss < this.#loss) && !(Number.isNaN(this.#loss) && !Number.isNaN(loss))) return;
    this.#t = t;
    this.#loss = loss;
    this.#params ??= new Float64Array(params.length);
    for (let i = 0; i < params.length; i++) this.#params[i] = params[i]!;
  }

  point(fallback: Float64Array): Point & { t: number } {
    return { params: (this.#params ?? fallback).slice(), loss: this.#loss, t: this.#t };
  }
}

/** The watched loss has stopped falling: no improvement of 1e-4 of the best for `patience` values in a row. */
export class PlateauWatch {
  readonly #patience: number;
  #best = Number.POSITIVE_INFINITY;
  #waited = 0;

  constructor(patience: number) {
    this.#patience = patience;
  }

  isOn(value: number): boolean {
    if (value < this.#best - 1e-4 * Math.abs(this.#best) || this.#best === Number.POSITIVE_INFINITY) {
      if (!Number.isNaN(value)) this.#best = value;
      this.#waited = 0;
      return false;
    }
    this.#waited++;
    return this.#waited >= this.#patience;
  }
}

/** Counts the evaluations without an improvement of more than minDelta over the best. */
export class Patience {
  readonly #config: EarlyStoppingConfig;
  #best = Number.POSITIVE_INFINITY;
  #waited = 0;

  constructor(config: EarlyStoppingConfig) {
    this.#config = config;
  }

  /** What the first value has to improve on. */
  beginAt(value: number): void {
    if (!Number.isNaN(value)) this.#best = value;
  }

  isOver(value: number): boolean {
    if (value < this.#best - this.#config.minDelta) {
      this.#best = value;
      this.#waited = 0;
      return false;
    }
    this.#waited++;
    return this.#waited >= this.#config.patience;
  }
}

/** max abs(g) ≤ tolerance × its largest so far, ten times in a row. */
export class Tolerance {
  readonly #relative: number;
  #largest = 0;
  #streak = 0;

  constructor(relative: number) {
    this.#relative = relative;
  }

  isMet(grad: Float64Array): boolean {
    const now = maxAbs(grad);
    this.#largest = Math.max(this.#largest, now);
    this.#streak = now <= this.#relative * this.#largest ? this.#streak + 1 : 0;
    return this.#streak >= 10;
  }
}
