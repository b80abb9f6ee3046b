import { formatNumber } from '../../core/numerics/format';
import type { RecordedReport, RecordedStep, RecordingRule } from './rule';

interface Loss {
  readonly t: number;
  readonly loss: number;
}

/**
 * The loss of a recorded step is NaN or infinite. Steps with a gradient scaler do not count: it tries scales at which the scaled loss
 * overflows, and skips the step.
 */
export class NonFiniteLoss implements RecordingRule {
  #before: Loss | null = null;
  #first: Loss | null = null;
  #last = 0;
  #isFiniteAgain = false;

  take({ t, loss, lossScale }: RecordedStep): void {
    if (loss === null || !Number.isNaN(lossScale)) return;
    if (Number.isFinite(loss)) {
      if (this.#first) this.#isFiniteAgain = true;
      else this.#before = { t, loss };
      return;
    }
    this.#first ??= { t, loss };
    this.#last = t;
  }

  get report(): RecordedReport | null {
    const first = this.#first;
    if (!first) return null;
    const value = formatNumber(first.loss);
    const before = this.#before
      ? `At step ${this.#before.t}, the recorded step before, it was ${formatNumber(this.#before.loss)}.`
      : 'It was never finite at a recorded step.';
    return {
      code: 'non-finite-loss',
      severity: 'error',
      headline: this.#isFiniteAgain
        ? `The loss is ${value} at step ${first.t}.`
        : `The loss is ${value} from step ${first.t} on.`,
      detail: `${before} The expression that made it cannot be seen from a recording.`,
      advice:
        'Call torch.autograd.set_detect_anomaly(True) shortly before that step, or run the loss as a function with Adamscope, which names the expression.',
      steps: [first.t, this.#last],
      evidence: { t: first.t, loss: first.loss },
      tensors: [],
    };
  }
}
