import { originOfNonFinite } from '../autodiff/provenance';
import type { Origin } from '../core/diagnosis/finding';
import type { OpenContext } from '../core/objective';
import type { RunOutcome } from '../core/run';
import type { StepView } from '../core/update';
import type { RewrittenLoss } from './lossAtWork';

/** Keeps the first step whose loss or gradient is not finite, to look into it when the run is over. */
export class NonFiniteStep {
  #params: Float64Array | null = null;
  #open: OpenContext | null = null;
  readonly #openAt: (t: number) => OpenContext;

  /** @param openAt  the context of a step */
  constructor(openAt: (t: number) => OpenContext) {
    this.#openAt = openAt;
  }

  onStep({ t, loss, gradNorm, before }: StepView): void {
    if (this.#params || (Number.isFinite(loss) && Number.isFinite(gradNorm))) return;
    this.#params = before.slice();
    this.#open = this.#openAt(t);
  }

  /** The final point, where only its loss is not finite. `open` is the context that it was evaluated in. */
  onFinal({ params, loss }: RunOutcome['final'], open: OpenContext): void {
    if (this.#params || Number.isFinite(loss) || !params.every(Number.isFinite)) return;
    this.#params = params.slice();
    this.#open = open;
  }

  /**
   * Evaluates the loss there once more with every operation checked.
   *
   * @returns null where all was finite, or what is not finite came from outside of the loss's own arithmetic
   */
  async origin(rewritten: RewrittenLoss | null): Promise<Origin | null> {
    const params = this.#params;
    const open = this.#open;
    if (!params || !open || !rewritten) return null;
    try {
      const origin = await originOfNonFinite(rewritten.traced(params.length), params, open);
      const location = origin && rewritten.locationOf(origin.site);
      if (!origin || !location) return null;
      return {
        kind: origin.pass === 'forward' ? 'non-finite-value' : 'non-finite-derivative',
        location,
        expression: rewritten.expressionOf(origin.site) ?? '',
        inputs: origin.inputs.map((input) => (typeof input === 'number' ? input : String(input))),
        result: origin.result,
      };
    } catch {
      // Whatever the loss does at such a point, the finding stands without its origin.
      return null;
    }
  }
}
