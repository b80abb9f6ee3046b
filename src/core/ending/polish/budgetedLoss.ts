import { norm2 } from '../../numerics/norms';
import type { Objective, OpenContext } from '../../objective';

/** A point with its loss and gradient, which are finite. */
export interface Evaluated {
  /** Shape [dim]. */
  readonly params: Float64Array;
  readonly loss: number;
  /** Shape [dim]. */
  readonly grad: Float64Array;
}

/** A loss that may be evaluated a limited number of times. */
export class BudgetedLoss {
  readonly #objective: Objective;
  readonly #open: OpenContext;
  #left: number;

  constructor(objective: Objective, open: OpenContext, evaluations: number) {
    this.#objective = objective;
    this.#open = open;
    this.#left = evaluations;
  }

  /** The number of evaluations that are left. */
  get left(): number {
    return this.#left;
  }

  /** null if the loss throws, or it or its gradient is not finite. */
  async at(params: Float64Array): Promise<Evaluated | null> {
    this.#left--;
    const grad = new Float64Array(params.length);
    try {
      const loss = await this.#objective.valueAndGradient(params, grad, this.#open);
      return Number.isFinite(loss) && Number.isFinite(norm2(grad)) ? { params, loss, grad } : null;
    } catch {
      return null;
    }
  }
}
