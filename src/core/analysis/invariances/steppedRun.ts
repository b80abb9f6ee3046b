import { type Batches, batchesOf } from '../../batches';
import type { RunConfig } from '../../config/runConfig';
import { contextAt } from '../../context';
import type { EvaluationContext, Objective } from '../../objective';
import type { Optimizer } from '../../optimizers/optimizer';
import { type StepView, Update } from '../../update';

export interface SteppedRunRequest {
  readonly objective: Objective;
  /** theta_0, shape [dim]; not modified. */
  readonly start: Float64Array;
  readonly config: RunConfig;
  /** The user's optimizer, instead of that of the configuration. */
  readonly optimizer?: Optimizer | undefined;
}

/**
 * A run that an analysis controls evaluation by evaluation. It has the same mini-batches, `random`, clipping,
 * rounding and optimizer as `run`, but no stopping criteria and no evaluations besides those of the steps.
 */
export class SteppedRun {
  readonly #objective: Objective;
  readonly #seed: number;
  readonly #batches: Batches;
  readonly #update: Update;
  #drewRandom = false;
  #t = 0;

  constructor({ objective, start, config, optimizer }: SteppedRunRequest) {
    this.#objective = objective;
    this.#seed = config.seed;
    this.#batches = batchesOf(config.samples, config.batch, config.seed);
    this.#update = new Update(config, start, optimizer);
  }

  /** The view of the last step; before the first step it holds the start. Overwritten by the next step. */
  get view(): StepView {
    return this.#update.view;
  }

  /** Whether the loss has drawn a random number so far, that is whether the seed matters. */
  get drewRandom(): boolean {
    return this.#drewRandom;
  }

  /**
   * Evaluates the loss at the current point in the context of the next step. Its gradient is kept for `step`.
   */
  async evaluate(): Promise<number> {
    const t = this.#t + 1;
    const open = contextAt(this.#seed, this.#batches, t, this.#batches.indicesOf(t));
    const { params, grad } = this.view;
    return this.#objective.valueAndGradient(params, grad, () => this.#watched(open()));
  }

  /**
   * Takes the step with the gradient of the last `evaluate`.
   *
   * @param lrByHand  a learning rate that replaces the configured one; NaN: none
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
