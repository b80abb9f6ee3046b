import { formatNumber } from '../../core/numerics/format';
import type { Recording } from '../recording';
import { tensorValue } from '../tensorHistory';
import type { RecordedReport, RecordedStep, RecordingRule } from './rule';
import { tensorsInHeadline, tensorsInWords } from './words';

/**
 * The optimizer received a gradient with a NaN or infinite component, at a finite loss and without a gradient scaler, which would skip
 * the step. A norm that overflows although the sample is finite says nothing about the components.
 */
export class NonFiniteGradient implements RecordingRule {
  readonly #recording: Recording;
  #found: { readonly t: number; readonly loss: number; readonly tensors: readonly number[] } | null = null;
  #last = 0;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  take({ t, loss, lossScale, tensors }: RecordedStep): void {
    if (tensors === null || !Number.isNaN(lossScale)) return;
    const broken = this.#recording.tensors.flatMap((_, i) =>
      tensorValue(tensors, i, 'nonFinite') > 0 ||
      (Number.isNaN(tensorValue(tensors, i, 'gradNorm')) && tensorValue(tensors, i, 'paramNorm') >= 0)
        ? [i]
        : [],
    );
    if (broken.length === 0) return;
    this.#last = t;
    if (this.#found === null && loss !== null && Number.isFinite(loss))
      this.#found = { t, loss, tensors: broken };
  }

  get report(): RecordedReport | null {
    if (this.#found === null) return null;
    const { t, loss, tensors } = this.#found;
    return {
      code: 'non-finite-gradient',
      severity: 'error',
      headline: `The gradient of ${tensorsInHeadline(this.#recording, tensors)} is not finite at step ${t}.`,
      detail: `The loss of that step is ${formatNumber(loss)}, but the optimizer received NaN or infinity for ${tensorsInWords(this.#recording, tensors)}. Its state keeps them, so the parameters stay NaN.`,
      advice:
        'Find the derivative that does not exist (root, norm or division at 0, large exponential) with torch.autograd.set_detect_anomaly(True), or skip such steps.',
      steps: [t, this.#last],
      evidence: { loss, count: tensors.length, t },
      tensors,
    };
  }
}
