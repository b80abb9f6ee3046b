import { type Batches, batchesOf } from '../../batches';
import type { RunConfig } from '../../config/runConfig';
import { contextAt } from '../../context';
import type { EvaluationContext, Objective } from '../../objective';
import { type StepView, Update } from '../../update';

export interface WalkRequest {
  readonly objective: Objective;
  /** theta_0, shape [dim]; not modified. */
  readonly start: Float64Array;
  readonly config: RunConfig;
}

/**
 * A run that an analysis drives by hand, evaluation by evaluation: the same batches, `random`, clipping, rounding and
 * optimizer as `run` has, but nothing that ends it and nothing evaluated beside the steps.
 */
export class Walk {
  readonly #objective: Objective;
  readonly #seed: number;
  readonly #batches: Batches;
  readonly #update: Update;
  #drewRandom = false;
  #t = 0;

  constructor({ objective, start, config }: WalkRequest) {
    this.#objective = objective;
    this.#seed = config.seed;
    this.#batches = batchesOf(config.samples, config.batch, config.seed);
    this.#update = new Update(config, start);
  }

  /** Of the last step; before the first one it holds the start. Overwritten by the next one. */
  get view(): StepView {
    return this.#update.view;
  }

  /** Whether the loss has asked for a random number so far: whether its seed matters. */
  get drewRandom(): boolean {
    return this.#drewRandom;
  }

  /** The loss at the present point as the next step sees it; its gradient is kept for `step`. */
  async evaluate(): Promise<number> {
    const t = this.#t + 1;
    const open = contextAt(this.#seed, this.#batches, t, this.#batches.indicesOf(t));
    const { params, grad } = this.view;
    return this.#objective.valueAndGradient(params, grad, () => this.#watched(open()));
  }

  /**
   * Takes the step with the gradient of the last `evaluate`.
   *
   * @param lrByHand  NaN: as configured
   */
  step(loss: number, lrByHand: number): void {
    this.#t++;
    this.#update.apply(this.#t, loss, lrByHand);
  }

  #watched({ step, epoch, indices, random }: EvaluationContext): EvaluationContext {
    return {
      step,
      epoch,
      indices,
      random: () => {
        this.#drewRandom = true;
        return random();
      },
    };
  }
}
