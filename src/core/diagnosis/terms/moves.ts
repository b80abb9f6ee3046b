import { wide } from '../../gradient/allowance';
import { addMoves, raise } from '../../kernels/passes';
import { vectorBeside } from '../../kernels/vectorMemory';
import type { StepView } from '../../update';

/** A gradient stays large for several steps. */
const everyOfWide = 4;

/**
 * The path length of each coordinate since the start of the run, its first-order effect on the loss, and how often it turned.
 * Rules take differences of these sums, so that each step is processed once for all windows.
 */
export class Moves {
  /** Σ abs(Δ) by coordinate. */
  get path(): Float64Array {
    return this.#sums.path;
  }
  /** Σ abs(g Δ) by coordinate. */
  get work(): Float64Array {
    return this.#sums.work;
  }
  /** Largest abs(g) by coordinate; of very many coordinates, over every fourth step. */
  get peakGrad(): Float64Array {
    return this.#peak;
  }
  /** The number of steps in which Δ had another sign than in the step before, by coordinate. */
  get turns(): Float64Array {
    return this.#sums.turns;
  }
  /** Σ abs(g Δ) over the coordinates, of the last step alone. */
  stepWork = 0;
  /** Σ ½(g_t + g_{t+1})·Δ_t over the coordinates, of the step before the last one: the change of the loss by its slope. */
  stepSlope = 0;
  #sums: ReturnType<typeof sumsOf>;
  #peak: Float64Array;
  #isBesideRun = false;

  constructor(dim: number) {
    this.#sums = sumsOf(() => new Float64Array(dim));
    this.#peak = new Float64Array(dim);
  }

  onStep({ t, grad, lastGrad, before, previous, params }: StepView): void {
    // In the memory of the run, the pass is faster.
    if (!this.#isBesideRun) {
      this.#sums = sumsOf(() => vectorBeside(grad));
      this.#peak = vectorBeside(grad);
    }
    this.#isBesideRun = true;
    [this.stepWork, this.stepSlope] = addMoves({ grad, lastGrad, params, before, previous }, this.#sums);
    if (grad.length <= wide || t % everyOfWide === 1) raise(grad, this.#peak);
  }
}

function sumsOf(vector: () => Float64Array) {
  return {
    path: vector(),
    work: vector(),
    turns: vector(),
  };
}
