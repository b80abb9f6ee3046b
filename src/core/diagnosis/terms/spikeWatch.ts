import type { LossTerms } from './lossTerms';
import { medianOf } from './medianOf';
import { SlidingMax } from './slidingMax';

/** Steps between the window that is compared with and the step that is judged. */
const gap = 20;
/** Steps without a verdict after a spike. */
const silence = 100;

/**
 * Sees where the raw loss begins to jump. It is compared with the Q = max(50, 2E) losses that lie 21 and more steps back,
 * of maximum M and median m:
 *
 *   loss − M > max((L0 − m)/50, R/50, fl)
 *   m ≤ L0: a run that is above its start has other findings
 *   with mini-batches also   loss − M > 6 · 1.4826 · MAD   and   loss − M > M − m,   in two of three losses
 *
 * The next verdict is at the 100th step after it. The gap keeps a rise that takes its time out of its own yardstick.
 */
export class SpikeWatch {
  readonly #terms: LossTerms;
  readonly #isNoisy: boolean;
  /** Q. */
  readonly #length: number;
  /** The last losses by age, a ring: those of the gap, and the window before it. */
  readonly #ring: Float64Array;
  readonly #ceiling: SlidingMax;
  readonly #sorted: Float64Array;
  #next = 0;
  #count = 0;
  #silentUntil = 0;
  #begins = false;
  /** The last step whose loss was high enough. */
  #highT = Number.NEGATIVE_INFINITY;
  #middle = Number.NaN;

  constructor(terms: LossTerms) {
    this.#terms = terms;
    this.#isNoisy = terms.smoothedOver > 1;
    this.#length = Math.max(50, 2 * terms.smoothedOver);
    this.#ring = new Float64Array(this.#length + gap);
    this.#ceiling = new SlidingMax(this.#length);
    this.#sorted = new Float64Array(this.#length);
  }

  /** Whether a spike begins at the step that was taken in last. */
  get begins(): boolean {
    return this.#begins;
  }
  /** m, of the last spike. */
  get middle(): number {
    return this.#middle;
  }
  /** Whether step t comes so soon after a spike that what it does is the spike's echo. */
  isEcho(t: number): boolean {
    return t < this.#silentUntil;
  }

  /** @param loss  the raw loss of step t; one that is not finite is left out */
  push(t: number, loss: number): void {
    this.#begins = false;
    if (!Number.isFinite(loss)) return;
    const ring = this.#ring;
    if (this.#count > gap) {
      const past = this.#next - gap - 1;
      this.#ceiling.push(ring[past < 0 ? past + ring.length : past]!);
    }
    if (this.#count === ring.length && t >= this.#silentUntil && this.#isHigh(loss)) {
      // One hard batch is no spike.
      this.#begins = !this.#isNoisy || t - this.#highT <= 2;
      this.#highT = t;
      if (this.#begins) this.#silentUntil = t + silence;
    }
    ring[this.#next] = loss;
    if (++this.#next === ring.length) this.#next = 0;
    if (this.#count < ring.length) this.#count++;
  }

  #isHigh(loss: number): boolean {
    const ceiling = this.#ceiling.largest;
    const over = loss - ceiling;
    const { start, improvement, floor } = this.#terms;
    if (!(over > 0 && over > Math.max(improvement / 50, floor))) return false;
    const sorted = this.#sorted;
    // The window begins at the oldest loss of the ring.
    for (let k = 0; k < sorted.length; k++) sorted[k] = this.#ring[(this.#next + k) % this.#ring.length]!;
    const middle = medianOf(sorted.sort());
    if (middle > start || !(over > (start - middle) / 50)) return false;
    this.#middle = middle;
    if (!this.#isNoisy) return true;
    for (let k = 0; k < sorted.length; k++) sorted[k] = Math.abs(sorted[k]! - middle);
    return over > ceiling - middle && over > 6 * 1.4826 * medianOf(sorted.sort());
  }
}
