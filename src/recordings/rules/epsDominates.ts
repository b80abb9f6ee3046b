import { formatNumber } from '../../core/numerics/format';
import type { Recording } from '../recording';
import { tensorValue } from '../tensorHistory';
import type { RecordedReport, RecordedStep, RecordingRule } from './rule';
import { tensorsInHeadline, tensorsInWords } from './words';

/** The share of eps in the divisor from which it determines the length of the steps. */
const dominates = 0.9;
const stepsAtLeast = 20;

/**
 * The mean share of eps in the divisor of a tensor was at least 0.9 at each of its last 20 recorded steps. It is information: near a
 * minimum, gradients are small, and eps may be large on purpose.
 */
export class EpsDominates implements RecordingRule {
  readonly #recording: Recording;
  readonly #steps: Int32Array;
  readonly #shares: Float64Array;
  #last = 0;
  #firsts: Int32Array;

  constructor(recording: Recording) {
    const { length } = recording.tensors;
    this.#recording = recording;
    this.#steps = new Int32Array(length);
    this.#shares = new Float64Array(length);
    this.#firsts = new Int32Array(length);
  }

  take({ t, tensors }: RecordedStep): void {
    if (tensors === null) return;
    this.#last = t;
    for (let i = 0; i < this.#steps.length; i++) {
      const share = tensorValue(tensors, i, 'epsShare');
      if (Number.isNaN(share)) continue;
      if (share < dominates) this.#steps[i] = 0;
      else if (this.#steps[i]!++ === 0) this.#firsts[i] = t;
      this.#shares[i] = share;
    }
  }

  get report(): RecordedReport | null {
    const found = [...this.#steps.keys()].filter((i) => this.#steps[i]! >= stepsAtLeast);
    if (found.length === 0) return null;
    const largest = found.reduce((a, b) => (this.#shares[b]! > this.#shares[a]! ? b : a));
    const { groups, tensors } = this.#recording;
    const eps = groups[tensors[largest]!.group]?.eps;
    return {
      code: 'eps-dominates',
      severity: 'info',
      headline: `eps determines the steps of ${tensorsInHeadline(this.#recording, found)}.`,
      detail: `eps is ${formatNumber(100 * this.#shares[largest]!)} % of the divisor of ${tensors[largest]!.name}, and at least 90 % at the last ${Math.min(...found.map((i) => this.#steps[i]!))} recorded steps of ${tensorsInWords(this.#recording, found)}. Their steps are shorter than lr, in proportion to the gradient.`,
      advice:
        typeof eps === 'number'
          ? `Decrease eps (${formatNumber(eps)}) if these tensors should move as fast as the others.`
          : 'Decrease eps if these tensors should move as fast as the others.',
      steps: [Math.min(...found.map((i) => this.#firsts[i]!)), this.#last],
      evidence: { epsShare: this.#shares[largest]!, count: found.length },
      tensors: found,
    };
  }
}
