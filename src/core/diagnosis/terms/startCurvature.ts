import type { StepView } from '../../update';
import type { LossTerms } from './lossTerms';
import { PathCurvature } from './pathCurvature';

/**
 * The largest curvature along the path among the moves that set out from a loss not above L0. What a diverging run
 * meets far outside says nothing of the steps that would have been right where it started.
 */
export class StartCurvature {
  readonly #path: PathCurvature;
  #setOutLow = false;
  #largest = Number.NaN;

  constructor(dim: number) {
    this.#path = new PathCurvature(dim);
  }

  /** NaN until a move has met positive curvature. */
  get largest(): number {
    return this.#largest;
  }

  /** @param terms  of the same step */
  onStep(step: StepView, terms: LossTerms): void {
    const curvature = this.#path.onStep(step);
    if (this.#setOutLow && curvature > 0 && !(curvature <= this.#largest)) this.#largest = curvature;
    this.#setOutLow = step.loss <= terms.start + terms.floor;
  }
}
