import { formatNumber } from '../../core/numerics/format';
import type { RecordedReport, RecordedStep, RecordingRule } from './rule';
import { stepsInWords } from './words';

const stepsAtLeast = 50;
const mostSteps = 0.9;
/** Factors of a smaller mean cut away most of the gradient. */
const small = 0.1;

/**
 * At least 90 % of 50 or more recorded gradients were clipped, to less than a tenth on (geometric) average. It is information: whether
 * longer steps would help cannot be seen from a recording.
 */
export class ClippingDominates implements RecordingRule {
  #steps = 0;
  #clipped = 0;
  #logs = 0;
  #first = 0;
  #last = 0;

  take({ t, clipFactor }: RecordedStep): void {
    if (!(clipFactor > 0)) return;
    this.#steps++;
    this.#first ||= t;
    this.#last = t;
    // Two norms that are computed in another order differ in the last places.
    if (clipFactor > 0.999) return;
    this.#clipped++;
    this.#logs += Math.log(clipFactor);
  }

  get report(): RecordedReport | null {
    if (this.#steps < stepsAtLeast || this.#clipped < mostSteps * this.#steps) return null;
    const mean = Math.exp(this.#logs / this.#clipped);
    if (mean >= small) return null;
    return {
      code: 'clipping-dominates',
      severity: 'info',
      headline: 'Nearly every gradient is clipped to a small part of its length.',
      detail: `Clipping shortened the gradient at ${stepsInWords(this.#clipped, this.#steps)}, to ${formatNumber(100 * mean)} % on average. Every step then has the same gradient norm; an optimizer such as Adam divides by it, so that its steps hardly change. Whether longer steps would help cannot be seen from a recording.`,
      advice: 'Increase max_norm to the usual norm of the gradient, so that only unusual ones are clipped.',
      steps: [this.#first, this.#last],
      evidence: { clipFactor: mean, clippedShare: this.#clipped / this.#steps },
      tensors: [],
    };
  }
}
