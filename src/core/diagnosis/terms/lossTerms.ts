import type { StepView } from '../../update';
import { RunningMedian } from './runningMedian';

/**
 * The quantities that all rules measure the loss with. None has a unit of its own: a rule that compares them is blind
 * to a shift and to the scale of the loss.
 *
 *   ℓ      the loss; with mini-batches the median of the last E = min(stepsPerEpoch, 64) losses
 *   L0     the first ℓ
 *   m      the median of the last three ℓ
 *   R      L0 − min m, the improvement so far
 *   noise  the median change from one loss to the next over the first max(E, 20) steps; 0 without mini-batches. Changes,
 *          because a rise that takes its time is no noise
 *   fl     64 ε max(abs(L0), abs(ℓ)), what rounding alone does to a loss
 *   S      max(R, first change of ℓ, noise, fl), the scale of the loss over this run
 *
 * Losses that are not finite are left out: the rules for them look at the step itself.
 */
export class LossTerms {
  /** E. */
  readonly medianOf: number;
  readonly #losses: RunningMedian;
  readonly #last3 = new RunningMedian(3);
  #start = Number.NaN;
  #loss = Number.NaN;
  #smooth = Number.NaN;
  #least = Number.POSITIVE_INFINITY;
  #firstChange = 0;
  #noise = 0;
  readonly #changes: RunningMedian;
  #lastRaw = Number.NaN;
  #lastNotAboveStart = 0;

  constructor(stepsPerEpoch: number) {
    this.medianOf = Math.min(stepsPerEpoch, 64);
    this.#losses = new RunningMedian(this.medianOf);
    this.#changes = new RunningMedian(this.medianOf > 1 ? Math.max(this.medianOf, 20) : 1);
  }

  onStep(step: StepView): void {
    if (!Number.isFinite(step.loss)) return;
    if (this.medianOf > 1 && !this.#changes.isFull) this.#meetNoise(step.loss);
    const before = this.#loss;
    if (this.medianOf === 1) this.#loss = step.loss;
    else {
      this.#losses.push(step.loss);
      this.#loss = this.#losses.median();
    }
    if (Number.isNaN(this.#start)) this.#start = this.#loss;
    if (this.#firstChange === 0 && !Number.isNaN(before)) this.#firstChange = Math.abs(this.#loss - before);
    if (!(this.#loss > this.#start)) this.#lastNotAboveStart = step.t;
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

  /** Whether m exists and enough losses have shown the noise: no verdict before that. */
  get isReady(): boolean {
    return this.#last3.isFull && (this.medianOf === 1 || this.#changes.isFull);
  }
  /** L0; NaN before the first finite loss. */
  get start(): number {
    return this.#start;
  }
  /** ℓ; NaN before the first finite loss. */
  get loss(): number {
    return this.#loss;
  }
  /** m; NaN before the third ℓ. */
  get smooth(): number {
    return this.#smooth;
  }
  /** R, at least 0. */
  get improvement(): number {
    return Math.max(0, this.#start - this.#least);
  }
  /** 0 before the first full window. */
  get noise(): number {
    return this.#noise;
  }
  /** The distance between the quartiles of the last E losses; 0 without mini-batches. */
  get spread(): number {
    return this.#losses.interquartileRange();
  }
  /** fl. */
  get floor(): number {
    return 64 * Number.EPSILON * Math.max(Math.abs(this.#start), Math.abs(this.#loss));
  }
  /** S. */
  get scale(): number {
    return Math.max(this.improvement, this.#firstChange, this.noise, this.floor);
  }
  /** The last step whose ℓ was at most L0. */
  get lastNotAboveStart(): number {
    return this.#lastNotAboveStart;
  }
}
