import { lossesInMean } from '../../meanOfLosses';
import { RunningMean } from '../../numerics/runningMean';
import type { StepView } from '../../update';
import { RunningMedian } from './runningMedian';

/** A step that is not above the start counts against so many that are. */
const against = 9;

/** Since when the loss has been above its start, apart from few steps: a loss far above it may meet it for a moment. */
class Rise {
  /** The first step; 0 if the loss is not above its start. */
  from = 0;
  /** The number of steps since then that were not above the start. */
  except = 0;
  #score = 0;

  push(t: number, isAbove: boolean): void {
    if (this.#score === 0) {
      this.from = isAbove ? t : 0;
      this.except = 0;
    }
    this.#score = Math.max(0, this.#score + (isAbove ? 1 : -against));
    if (this.#score === 0) this.from = 0;
    else if (!isAbove) this.except++;
  }
}

/**
 * The quantities of the loss that all rules use. Rules compare only differences of losses, so they do not
 * depend on an offset or the scale of the loss.
 *
 *   ℓ      the loss; with mini-batches the median of the last E = min(stepsPerEpoch, 64) losses; for a loss that takes
 *          its second argument, and so may change between steps, the mean of the last E = 20 losses, because the median of
 *          a periodic loss ignores rare large values
 *   L0     the first ℓ
 *   m      the median of the last three ℓ
 *   R      L0 − min m, the improvement so far; one lucky loss does not count
 *   noise  the median change from one loss to the next over the first max(E, 20) steps; 0 where E = 1. It uses changes,
 *          because a slow rise is not noise
 *   fl     64 ε max(abs(L0), abs(ℓ)), the change of a loss that rounding alone can cause
 *   S      max(R, first change of ℓ, noise, fl), the scale of the loss over this run
 *
 * Losses that are not finite are skipped: the rules for them use the step itself.
 */
export class LossTerms {
  /** E, the number of losses that ℓ is computed from. */
  readonly smoothedOver: number;
  readonly #losses: RunningMedian | RunningMean;
  readonly #last3 = new RunningMedian(3);
  #start = Number.NaN;
  #loss = Number.NaN;
  #smooth = Number.NaN;
  #least = Number.POSITIVE_INFINITY;
  #firstChange = 0;
  #noise = 0;
  readonly #changes: RunningMedian;
  #lastRaw = Number.NaN;
  #lossT = 0;
  readonly #isWhole: boolean;
  #lowest = Number.POSITIVE_INFINITY;
  #lastNotAboveStart = 0;
  readonly #rise = new Rise();

  /** @param isContextual  whether the loss takes its second argument */
  constructor(stepsPerEpoch: number, isContextual = false) {
    const isWhole = stepsPerEpoch === 1;
    this.#isWhole = isWhole;
    this.smoothedOver = isWhole ? (isContextual ? lossesInMean : 1) : Math.min(stepsPerEpoch, 64);
    this.#losses = isWhole ? new RunningMean(this.smoothedOver) : new RunningMedian(this.smoothedOver);
    this.#changes = new RunningMedian(this.smoothedOver > 1 ? Math.max(this.smoothedOver, 20) : 1);
  }

  onStep(step: StepView): void {
    if (!Number.isFinite(step.loss)) return;
    if (this.smoothedOver > 1 && !this.#changes.isFull) this.#meetNoise(step.loss);
    const before = this.#loss;
    this.#lossT = step.t;
    if (this.smoothedOver === 1) this.#loss = step.loss;
    else {
      this.#losses.push(step.loss);
      this.#loss = this.#losses.middle();
    }
    if (Number.isNaN(this.#start)) this.#start = this.#loss;
    if (this.#firstChange === 0 && !Number.isNaN(before)) this.#firstChange = Math.abs(this.#loss - before);
    if (this.#loss < this.#lowest) this.#lowest = this.#loss;
    const isAbove = this.#loss > this.#start;
    if (!isAbove) this.#lastNotAboveStart = step.t;
    this.#rise.push(step.t, isAbove);
    this.#last3.push(this.#loss);
    if (!this.#last3.isFull) return;
    this.#smooth = this.#last3.median();
    this.#least = Math.min(this.#least, this.#smooth);
  }

  #meetNoise(loss: number): void {
    if (!Number.isNaN(this.#lastRaw)) this.#changes.push(Math.abs(loss - this.#lastRaw));
    this.#lastRaw = loss;
    if (this.#changes.isFull) this.#noise = this.#changes.median();
  }

  /** Whether m and the noise are known. Rules make no decisions before that. */
  get isReady(): boolean {
    return this.#last3.isFull && (this.smoothedOver === 1 || this.#changes.isFull);
  }
  /** L0; NaN before the first finite loss. */
  get start(): number {
    return this.#start;
  }
  /** ℓ; NaN before the first finite loss. */
  get loss(): number {
    return this.#loss;
  }
  /** The step of ℓ; 0 before the first finite loss. */
  get lossT(): number {
    return this.#lossT;
  }
  /** What ℓ is, behind "loss" in a sentence: empty if it is the loss itself, else " (median of 32 batches)". */
  get smoothing(): string {
    if (this.smoothedOver === 1) return '';
    return this.#isWhole
      ? ` (mean of ${this.smoothedOver} steps)`
      : ` (median of ${this.smoothedOver} batches)`;
  }
  /** The standard error of ℓ where it is a mean; else 0. */
  get uncertainty(): number {
    return this.#losses instanceof RunningMean ? this.#losses.standardError() : 0;
  }
  /** m; NaN before the third ℓ. */
  get smooth(): number {
    return this.#smooth;
  }
  /** R, at least 0. */
  get improvement(): number {
    return Math.max(0, this.#start - this.#least);
  }
  /** L0 − min ℓ, at least 0: the improvement of the lowest ℓ, which may have been a lucky one. */
  get lowestBelowStart(): number {
    return Math.max(0, this.#start - this.#lowest);
  }
  /** The median change between consecutive losses; 0 before the first full window. */
  get noise(): number {
    return this.#noise;
  }
  /** The interquartile range of the last E losses; 0 without mini-batches. */
  get spread(): number {
    return this.smoothedOver === 1 ? 0 : this.#losses.interquartileRange();
  }
  /** fl, the change of a loss that rounding alone can cause. */
  get floor(): number {
    return 64 * Number.EPSILON * Math.max(Math.abs(this.#start), Math.abs(this.#loss));
  }
  /** S, the scale of the loss over this run. */
  get scale(): number {
    return Math.max(this.improvement, this.#firstChange, this.noise, this.floor);
  }
  /** The last step whose ℓ was at most L0. */
  get lastNotAboveStart(): number {
    return this.#lastNotAboveStart;
  }
  /** The stretch at the end in which ℓ was above L0 in at least nine of ten steps. */
  get rise(): Rise {
    return this.#rise;
  }
}
