import type { LossTerms } from './lossTerms';
import { medianOf } from './medianOf';
import { isShort, windowIn } from './shortRun';
import { SlidingMax } from './slidingMax';
import { UsualHeights } from './usualHeights';

/** Steps between the reference window and the current step. */
const usualGap = 20;
/** In a short run, the gap has this share of the steps, and the reference window at least so many. */
const gapShare = 1 / 10;
const leastLength = 10;
/** Steps after a spike in which no other spike is reported. */
const silence = 100;

/**
 * Detects where the raw loss begins to jump. The loss is compared with a reference window: the Q = max(50,
 * 2E) losses that are 21 or more steps older, with maximum M and median m:
 *
 *   loss − M > max((L0 − m)/50, R/50, fl)
 *   loss − U > max(R/50, fl), where such values are usual in the run (see `UsualHeights`): U is the height of its usual peaks
 *   m ≤ L0: a run above its start has other findings
 *   with mini-batches also   loss − M > 6 · 1.4826 · MAD   and   loss − M > M − m,   in two of three losses
 *
 * After a spike the next one is possible at the 100th step. The gap of 20 steps keeps the beginning of a slow
 * rise out of the reference window. In a run of fewer than 200 steps Q is a quarter of its steps, and the gap a tenth.
 */
export class SpikeWatch {
  readonly #terms: LossTerms;
  readonly #isNoisy: boolean;
  /** Q, the length of the reference window. */
  readonly #length: number;
  readonly #gap: number;
  /** The last losses in the order of the steps, as a ring buffer: the reference window and the gap. */
  readonly #ring: Float64Array;
  readonly #ceiling: SlidingMax;
  readonly #sorted: Float64Array;
  readonly #usual: UsualHeights;
  #next = 0;
  #count = 0;
  #silentUntil = Number.NEGATIVE_INFINITY;
  #begins = false;
  /** The last step whose loss met the conditions. */
  #highT = Number.NEGATIVE_INFINITY;
  #middle = Number.NaN;
  #spikes = 0;
  #peak = Number.NEGATIVE_INFINITY;
  #peakT = 0;

  /** @param steps  of the whole run */
  constructor(terms: LossTerms, steps: number) {
    this.#terms = terms;
    this.#isNoisy = terms.smoothedOver > 1;
    this.#length = windowIn(steps, Math.max(50, 2 * terms.smoothedOver), leastLength);
    this.#gap = isShort(steps) ? Math.floor(gapShare * steps) : usualGap;
    this.#ring = new Float64Array(this.#length + this.#gap);
    this.#ceiling = new SlidingMax(this.#length);
    this.#sorted = new Float64Array(this.#length);
    this.#usual = new UsualHeights(this.#length, this.#isNoisy);
  }

  /** Whether a spike begins at the last step. */
  get begins(): boolean {
    return this.#begins;
  }
  /** The number of spikes so far. */
  get spikes(): number {
    return this.#spikes;
  }
  /** The highest loss of the last spike, up to the next 100 steps; −∞ without a spike. */
  get peak(): number {
    return this.#peak;
  }
  get peakT(): number {
    return this.#peakT;
  }
  /** m, the median of the reference window of the last spike. */
  get middle(): number {
    return this.#middle;
  }
  /** Whether step t follows a spike so closely that its oscillation is a consequence of the spike. */
  isEcho(t: number): boolean {
    return t < this.#silentUntil;
  }

  /** @param loss  the raw loss of step t; values that are not finite are skipped */
  push(t: number, loss: number): void {
    this.#begins = false;
    if (!Number.isFinite(loss)) return;
    const ring = this.#ring;
    if (this.#count > this.#gap) {
      const past = this.#next - this.#gap - 1;
      this.#ceiling.push(ring[past < 0 ? past + ring.length : past]!);
    }
    if (this.#count === ring.length && t >= this.#silentUntil && this.#isHigh(loss)) {
      // A single batch with a high loss is not a spike.
      this.#begins = !this.#isNoisy || t - this.#highT <= 2;
      this.#highT = t;
      if (this.#begins) {
        this.#silentUntil = t + silence;
        this.#spikes++;
        this.#peak = Number.NEGATIVE_INFINITY;
      }
    }
    // A spike and its echo are not usual.
    if (t >= this.#silentUntil) this.#usual.push(loss);
    if (t <= this.#silentUntil && loss > this.#peak) {
      this.#peak = loss;
      this.#peakT = t;
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
    // The reference window begins at the oldest loss of the ring buffer.
    for (let k = 0; k < sorted.length; k++) sorted[k] = this.#ring[(this.#next + k) % this.#ring.length]!;
    const middle = medianOf(sorted.sort());
    if (middle > start || !(over > (start - middle) / 50)) return false;
    if (!(loss - this.#usual.heightSince(middle) > Math.max(improvement / 50, floor))) return false;
    this.#middle = middle;
    if (!this.#isNoisy) return true;
    for (let k = 0; k < sorted.length; k++) sorted[k] = Math.abs(sorted[k]! - middle);
    return over > ceiling - middle && over > 6 * 1.4826 * medianOf(sorted.sort());
  }
}
