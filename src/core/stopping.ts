import type { EarlyStoppingConfig } from './config/runConfig';
import { maxAbs } from './numerics/norms';

/** Why a run ended. */
export type StopReason = 'steps' | 'tolerance' | 'earlyStopping' | 'nonFinite' | 'user' | 'timeout' | 'error';

/** A point and its loss. */
export interface Point {
  /** Shape [dim]. */
  readonly params: Float64Array;
  readonly loss: number;
}

export interface BestMemory {
  readonly t: number;
  readonly loss: number;
  /** Shape [dim]; null before the first offer. */
  readonly params: Float64Array | null;
}

/** The point with the smallest loss so far. NaN never replaces a number. */
export class Best {
  #t = 0;
  #loss = Number.NaN;
  #params: Float64Array | null = null;
  /** A vector of the run that still holds the best point: a run whose loss falls at every step would copy each of its points. */
  #held: Float64Array | null = null;

  /** @param params  copied */
  offer(t: number, params: Float64Array, loss: number): void {
    this.offerHeld(t, params, loss);
    this.#copy();
  }

  /** @param params  copied by the next call, unless that has a better point; see `moved` */
  offerHeld(t: number, params: Float64Array, loss: number): void {
    const isFirst = this.#params === null && this.#held === null;
    if (!isFirst && !(loss < this.#loss) && !(Number.isNaN(this.#loss) && !Number.isNaN(loss))) {
      this.#copy();
      return;
    }
    this.#t = t;
    this.#loss = loss;
    this.#held = params;
  }

  /** To be called after an update: the point that `params` held is now in `before`. */
  moved(params: Float64Array, before: Float64Array): void {
    if (this.#held === params) this.#held = before;
  }

  #copy(): void {
    if (this.#held === null) return;
    this.#params ??= new Float64Array(this.#held.length);
    this.#params.set(this.#held);
    this.#held = null;
  }

  point(fallback: Float64Array): Point & { t: number } {
    this.#copy();
    return { params: (this.#params ?? fallback).slice(), loss: this.#loss, t: this.#t };
  }

  save(): BestMemory {
    this.#copy();
    return { t: this.#t, loss: this.#loss, params: this.#params?.slice() ?? null };
  }

  restore({ t, loss, params }: BestMemory): void {
    this.#t = t;
    this.#loss = loss;
    this.#params = params?.slice() ?? null;
    this.#held = null;
  }
}

/** The memory of a criterion that waits for an improvement. */
export interface WaitMemory {
  readonly best: number;
  readonly waited: number;
}

/**
 * Detects that the watched loss stopped improving: no improvement of 1e-4 of the best in `patience`
 * consecutive values.
 */
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

  save(): WaitMemory {
    return { best: this.#best, waited: this.#waited };
  }

  restore({ best, waited }: WaitMemory): void {
    this.#best = best;
    this.#waited = waited;
  }
}

/** Counts evaluations without an improvement of more than minDelta over the best. */
export class Patience {
  readonly #config: EarlyStoppingConfig;
  #best = Number.POSITIVE_INFINITY;
  #waited = 0;

  constructor(config: EarlyStoppingConfig) {
    this.#config = config;
  }

  /** Sets the value on which the first evaluation must improve. */
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

  save(): WaitMemory {
    return { best: this.#best, waited: this.#waited };
  }

  restore({ best, waited }: WaitMemory): void {
    this.#best = best;
    this.#waited = waited;
  }
}

export interface ToleranceMemory {
  readonly largest: number;
  readonly streak: number;
}

/** Detects max abs(g) ≤ tolerance × its maximum so far in ten consecutive steps. */
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

  save(): ToleranceMemory {
    return { largest: this.#largest, streak: this.#streak };
  }

  restore({ largest, streak }: ToleranceMemory): void {
    this.#largest = largest;
    this.#streak = streak;
  }
}
