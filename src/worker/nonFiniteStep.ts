import type { OpenContext } from '../core/objective';
import type { RunOutcome } from '../core/runLoop';
import type { StepView } from '../core/update';

interface NonFinitePoint {
  readonly params: Float64Array;
  readonly open: OpenContext;
  /** Whether the loss is not finite, and not only its gradient. */
  readonly isLoss: boolean;
  readonly isStart: boolean;
}

/** Keeps the first point at which the loss or gradient is not finite, to find the cause after the run. */
export class NonFiniteStep {
  #found: NonFinitePoint | null = null;
  readonly #openAt: (t: number) => OpenContext;

  /** @param openAt  returns the context of a step */
  constructor(openAt: (t: number) => OpenContext) {
    this.#openAt = openAt;
  }

  get found(): NonFinitePoint | null {
    return this.#found;
  }

  onStep({ t, loss, gradNorm, before }: StepView): void {
    if (this.#found || (Number.isFinite(loss) && Number.isFinite(gradNorm))) return;
    const isLoss = !Number.isFinite(loss);
    this.#found = { params: before.slice(), open: this.#openAt(t), isLoss, isStart: t === 1 };
  }

  /**
   * Keeps the final point if its loss is not finite, its parameters are finite, and no earlier point was
   * kept.
   *
   * @param open  the context in which the final point was evaluated
   */
  onFinal({ params, loss }: RunOutcome['final'], open: OpenContext): void {
    if (this.#found || Number.isFinite(loss) || !params.every(Number.isFinite)) return;
    this.#found = { params: params.slice(), open, isLoss: true, isStart: false };
  }
}
