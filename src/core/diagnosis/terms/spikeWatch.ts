import type { LossTerms } from './lossTerms';
import { RunningMedian } from './runningMedian';

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
 * Then 100 steps pass without a verdict. The gap keeps a rise that takes its time out of its own yardstick.
 */
export class SpikeWatch {
  readonly #isNoisy: boolean;
  readonly #recent = new Float64Array(gap);
  readonly #window: RunningMedian;
  readonly #terms: LossTerms;
  #next = 0;
  #count = 0;
  #silentUntil = 0;
  #begins = false;
  /** The last step whose loss was high enough. */
  #highT = Number.NEGATIVE_INFINITY;

  constructor(terms: LossTerms) {
    this.#terms = terms;
    this.#isNoisy = terms.medianOf > 1;
    this.#window = new RunningMedian(Math.max(50, 2 * terms.medianOf));
  }

  /** Whether a spike begins at the step that was taken in last. */
  get begins(): boolean {
    return this.#begins;
  }
  /** Whether step t comes so soon after a spike that what it does is the spike's echo. */
  isEcho(t: number): boolean {
    return t < this.#silentUntil;
  }
  /** M. */
  get ceiling(): number {
    return this.#window.largest;
  }
  /** m. */
  get middle(): number {
    return this.#window.median();
  }

  /** @param loss  the raw loss of step t; one that is not finite is left out */
  push(t: number, loss: number): void {
    this.#begins = false;
    if (!Number.isFinite(loss)) return;
    if (this.#window.isFull && t >= this.#silentUntil && this.#isHigh(loss)) {
      // One hard batch is no spike.
      this.#begins = !this.#isNoisy || t - this.#highT <= 2;
      this.#highT = t;
      if (this.#begins) this.#silentUntil = t + silence;
    }
    if (this.#count >= gap) this.#window.push(this.#recent[this.#next]!);
    else this.#count++;
    this.#recent[this.#next] = loss;
    if (++this.#next === gap) this.#next = 0;
  }

  #isHigh(loss: number): boolean {
    const over = loss - this.ceiling;
    if (!(over > 0)) return false;
    const { start, improvement, floor } = this.#terms;
    const { middle } = this;
    if (middle > start || !(over > Math.max((start - middle) / 50, improvement / 50, floor))) return false;
    if (!this.#isNoisy) return true;
    return over > this.ceiling - middle && over > 6 * 1.4826 * this.#window.medianDeviation();
  }
}
