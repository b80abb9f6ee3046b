import type { StepView } from '../../update';
import type { LossTerms } from './lossTerms';
import { PathCurvature } from './pathCurvature';

/**
 * The largest curvature along the path, over the steps that begin at a loss of at most L0. A diverging run
 * also reaches regions far away, whose curvature does not determine the right step size near the start.
 */
export class StartCurvature {
  readonly #path: PathCurvature;
  #setOutLow = false;
  #largest = Number.NaN;

  constructor(dim: number) {
    this.#path = new PathCurvature(dim);
  }

  /** NaN until a step has met positive curvature. */
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
