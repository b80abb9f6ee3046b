import { originOfNonFinite } from '../autodiff/provenance';
import type { SourceLocation } from '../core/diagnosis/finding';
import { formatNumber } from '../core/numerics/format';
import type { OpenContext } from '../core/objective';
import type { StepView } from '../core/update';
import type { RewrittenLoss } from './lossAtWork';

/** Where NaN or infinity came from: the expression, and what went into it. */
export interface NonFiniteOrigin {
  readonly location: SourceLocation;
  /** One sentence. */
  readonly words: string;
}

/** Keeps the first step whose loss or gradient is not finite, to look into it when the run is over. */
export class NonFiniteStep {
  #t = 0;
  #params: Float64Array | null = null;

  onStep({ t, loss, gradNorm, before }: StepView): void {
    if (this.#params || (Number.isFinite(loss) && Number.isFinite(gradNorm))) return;
    this.#t = t;
    this.#params = before.slice();
  }

  /**
   * Evaluates the loss there once more with every operation checked.
   *
   * @param openAt  the context of a step
   * @returns null where all was finite, or what is not finite came from outside of the loss's own arithmetic
   */
  async origin(
    rewritten: RewrittenLoss | null,
    openAt: (t: number) => OpenContext,
  ): Promise<NonFiniteOrigin | null> {
    const params = this.#params;
    if (!params || !rewritten) return null;
    try {
      const origin = await originOfNonFinite(rewritten.traced(params.length), params, openAt(this.#t));
      const location = origin && rewritten.locationOf(origin.site);
      if (!origin || !location) return null;
      const inputs = origin.inputs
        .map((input) => (typeof input === 'number' ? formatNumber(input, 4) : String(input)))
        .join(' and ');
      const result = formatNumber(origin.result, 4);
      const words =
        origin.pass === 'forward'
          ? `Here ${inputs} gave ${result}.`
          : `Here the derivative at ${inputs} is ${result}, though the value is finite.`;
      return { location, words };
    } catch {
      // Whatever the loss does at such a point, the finding stands without its origin.
      return null;
    }
  }
}
