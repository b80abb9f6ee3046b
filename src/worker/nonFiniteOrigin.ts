import { originOfNonFinite } from '../autodiff/provenance';
import { formatNumber } from '../core/numerics/format';
import type { OpenContext } from '../core/objective';
import type { RunOutcome } from '../core/run';
import type { SourceLocation } from '../core/sourceLocation';
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
  async origin(rewritten: RewrittenLoss | null): Promise<NonFiniteOrigin | null> {
    const params = this.#params;
    const open = this.#open;
    if (!params || !open || !rewritten) return null;
    try {
      const origin = await originOfNonFinite(rewritten.traced(params.length), params, open);
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
