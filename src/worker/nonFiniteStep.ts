import type { OpenContext } from '../core/objective';
import type { RunOutcome } from '../core/runLoop';
import type { StepView } from '../core/update';

/** Keeps the first point whose loss or gradient is not finite, to be looked into when the run is over. */
export class NonFiniteStep {
  #found: { readonly params: Float64Array; readonly open: OpenContext } | null = null;
  readonly #openAt: (t: number) => OpenContext;

  /** @param openAt  the context of a step */
  constructor(openAt: (t: number) => OpenContext) {
    this.#openAt = openAt;
  }

  get found(): { readonly params: Float64Array; readonly open: OpenContext } | null {
    return this.#found;
  }

  onStep({ t, loss, gradNorm, before }: StepView): void {
    if (this.#found || (Number.isFinite(loss) && Number.isFinite(gradNorm))) return;
    this.#found = { params: before.slice(), open: this.#openAt(t) };
  }

  /** The final point, where only its loss is not finite. `open` is the context that it was evaluated in. */
  onFinal({ params, loss }: RunOutcome['final'], open: OpenContext): void {
    if (this.#found || Number.isFinite(loss) || !params.every(Number.isFinite)) return;
    this.#found = { params: params.slice(), open };
  }
}
