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

/** A loss that may be evaluated a limited number of times, and until a point in time. */
export class BudgetedLoss {
  readonly #objective: Objective;
  readonly #open: OpenContext;
  readonly #evaluations: number;
  readonly #isOverTime: () => boolean;
  #spent = 0;

  constructor(objective: Objective, open: OpenContext, evaluations: number, isOverTime: () => boolean) {
    this.#objective = objective;
    this.#open = open;
    this.#evaluations = evaluations;
    this.#isOverTime = isOverTime;
  }

  /** The number of evaluations that were made. */
  get spent(): number {
    return this.#spent;
  }

  /** The number of evaluations that are left. */
  get left(): number {
    return this.isCutByTime ? 0 : this.#evaluations - this.#spent;
  }

  /** Whether the time was over before the evaluations were spent. */
  get isCutByTime(): boolean {
    return this.#spent < this.#evaluations && this.#isOverTime();
  }

  /** null if the loss throws, or it or its gradient is not finite. */
  async at(params: Float64Array): Promise<Evaluated | null> {
    this.#spent++;
    const grad = new Float64Array(params.length);
    try {
      const loss = await this.#objective.valueAndGradient(params, grad, this.#open);
      return Number.isFinite(loss) && Number.isFinite(norm2(grad)) ? { params, loss, grad } : null;
    } catch {
      return null;
    }
  }
}
