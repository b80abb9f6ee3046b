import { medianOf } from '../../core/diagnosis/terms/medianOf';
import { formatNumber } from '../../core/numerics/format';
import type { RecordedReport, RecordedStep, RecordingRule } from './rule';

/** The recorded losses that are the usual ones: so many, at least so many, that are older than the gap. */
export const usualLosses = 30;
const least = 20;
const gap = 5;
/** Of so many recorded losses, two must be high. */
const among = 5;
/** Recorded steps after a spike in which no other one begins. */
const silence = 20;
/** Median absolute deviations, as those of a normal distribution. */
const deviations = 6 * 1.4826;

/** The losses before a recorded step. */
interface Usual {
  readonly middle: number;
  readonly ceiling: number;
}

/**
 * Two of five recorded losses are far above the 30 before them (20 at least), without the last 5; M is the maximum and m the
 * median of those, L0 the first loss:
 *
 *   loss − M > max(M − m, 6 · 1.4826 · MAD, (L0 − m)/50)   while m ≤ L0
 *
 * It is reported when the loss has come down by half, or for ten recorded steps: a rise that stays is a divergence. One high loss may be
 * that of its batch.
 */
export class LossSpike implements RecordingRule {
  readonly #losses: number[] = [];
  #start = Number.NaN;
  #row = 0;
  #highRow = Number.NEGATIVE_INFINITY;
  #high = { t: 0, loss: 0 };
  #silentUntil = 0;
  #count = 0;
  #usual: Usual | null = null;
  #peak = { t: 0, loss: Number.NEGATIVE_INFINITY };
  #steps: [number, number] = [0, 0];
  #rowOfLast = 0;
  #hasReturned = false;

  take({ t, loss, lossScale }: RecordedStep): void {
    if (loss === null || !Number.isFinite(loss) || !Number.isNaN(lossScale)) return;
    this.#row++;
    if (this.#losses.length === 0) this.#start = loss;
    const usual = this.#usualAt();
    const isHigh = usual !== null && this.#row > this.#silentUntil && this.#isHigh(loss, usual);
    if (isHigh) {
      if (this.#row - this.#highRow < among) this.#begin(usual);
      this.#highRow = this.#row;
      this.#high = { t, loss };
    }
    if (this.#row <= this.#silentUntil && this.#usual) this.#follow(t, loss, this.#usual);
    // The loss of an extreme batch is not a usual one.
    if (!isHigh) this.#losses.push(loss);
    if (this.#losses.length > usualLosses + gap) this.#losses.shift();
  }

  #usualAt(): Usual | null {
    const older = this.#losses.slice(0, -gap);
    if (older.length < least) return null;
    const sorted = Float64Array.from(older).sort();
    return { middle: medianOf(sorted), ceiling: sorted.at(-1)! };
  }

  #isHigh(loss: number, { middle, ceiling }: Usual): boolean {
    const over = loss - ceiling;
    if (middle > this.#start || !(over > (this.#start - middle) / 50) || !(over > ceiling - middle))
      return false;
    const distances = Float64Array.from(this.#losses.slice(0, -gap), (each) => Math.abs(each - middle));
    return over > deviations * medianOf(distances.sort());
  }

  /** A spike, of which the last high loss was the first one. */
  #begin(usual: Usual): void {
    this.#count++;
    this.#silentUntil = this.#row + silence;
    this.#rowOfLast = this.#row;
    this.#hasReturned = false;
    const { t, loss } = this.#high;
    if (this.#count === 1) {
      this.#usual = usual;
      this.#steps = [t, t];
    }
    this.#follow(t, loss, this.#usual!);
  }

  #follow(t: number, loss: number, { ceiling }: Usual): void {
    if (loss > this.#peak.loss) this.#peak = { t, loss };
    if (loss > ceiling) this.#steps[1] = t;
    if (loss - ceiling < (this.#peak.loss - ceiling) / 2) this.#hasReturned = true;
  }

  get report(): RecordedReport | null {
    const isRecent = this.#row - this.#rowOfLast < 10;
    if (!this.#usual || !(this.#hasReturned || isRecent)) return null;
    const { middle, ceiling } = this.#usual;
    const peak = `${formatNumber(this.#peak.loss)} at step ${this.#peak.t}`;
    return {
      code: 'loss-spike',
      severity: 'warning',
      headline:
        this.#count === 1
          ? 'The loss spiked during the training.'
          : 'The loss spiked several times during the training.',
      detail:
        this.#count === 1
          ? `The recorded losses rose from a median of ${formatNumber(middle)}, and at most ${formatNumber(ceiling)}, to ${peak}. Losses of steps between two rows are not known, nor is the curvature.`
          : `The highest of ${this.#count} spikes reached ${peak}. Before the first one the median of the recorded losses was ${formatNumber(middle)}. Losses of steps between two rows are not known, nor is the curvature.`,
      advice: 'Decrease beta2, clip the gradient norm, or look at the batches of these steps.',
      steps: [this.#steps[0], this.#steps[1]],
      evidence: { peakLoss: this.#peak.loss, peakStep: this.#peak.t, lossBefore: middle, count: this.#count },
      tensors: [],
    };
  }
}
