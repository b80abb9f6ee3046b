import type { Recording } from '../recording';
import { tensorValue } from '../tensorHistory';
import type { RecordedReport, RecordedStep, RecordingRule } from './rule';
import { stepsInWords, tensorsInHeadline, tensorsInWords } from './words';

const stepsAtLeast = 20;

/**
 * The norm of the gradient of a whole tensor is exactly 0 at every recorded step, 20 at least, while another tensor has a gradient.
 * A tensor without a gradient (`None`) is none of these: `never-reached` reports it.
 */
export class ZeroGradient implements RecordingRule {
  readonly #recording: Recording;
  readonly #zeros: Int32Array;
  readonly #moved: Uint8Array;
  #steps = 0;
  #first = 0;
  #last = 0;

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#zeros = new Int32Array(recording.tensors.length);
    this.#moved = new Uint8Array(recording.tensors.length);
  }

  take({ t, tensors }: RecordedStep): void {
    if (tensors === null) return;
    this.#steps++;
    this.#first ||= t;
    this.#last = t;
    for (let i = 0; i < this.#zeros.length; i++) {
      const norm = tensorValue(tensors, i, 'gradNorm');
      if (norm === 0) this.#zeros[i]!++;
      else if (!Number.isNaN(norm)) this.#moved[i] = 1;
    }
  }

  get report(): RecordedReport | null {
    const dead = [...this.#zeros.keys()].filter(
      (i) => this.#zeros[i]! >= stepsAtLeast && this.#moved[i] === 0,
    );
    if (dead.length === 0 || !this.#moved.includes(1)) return null;
    const seen = this.#zeros[dead[0]!]!;
    return {
      code: 'zero-gradient',
      severity: 'warning',
      headline: `The gradient of ${tensorsInHeadline(this.#recording, dead)} is exactly 0.`,
      detail: `Every number of the gradient of ${tensorsInWords(this.#recording, dead)} was 0 at ${stepsInWords(seen, this.#steps)}, while other tensors have a gradient. Whether the loss would react to larger changes cannot be seen from a recording.`,
      advice:
        'Check what follows it in the model: units that are always off (ReLU of negative numbers), a factor that is 0, or a comparison or rounding that has no derivative.',
      steps: [this.#first, this.#last],
      evidence: { count: dead.length, steps: seen },
      tensors: dead,
    };
  }
}
