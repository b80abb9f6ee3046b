import type { StepView } from '../../update';

/**
 * The path length of each coordinate since the start of the run, and its first-order effect on the loss.
 * Rules take differences of these sums, so that each step is processed once for all windows.
 */
export class Moves {
  /** Σ abs(Δ) by coordinate. */
  readonly path: Float64Array;
  /** Σ abs(g Δ) by coordinate. */
  readonly work: Float64Array;
  /** Largest abs(g) by coordinate. */
  readonly peakGrad: Float64Array;
  /** Σ abs(g Δ) over the coordinates, of the last step alone. */
  stepWork = 0;

  constructor(dim: number) {
    this.path = new Float64Array(dim);
    this.work = new Float64Array(dim);
    this.peakGrad = new Float64Array(dim);
  }

  onStep({ grad, before, params }: StepView): void {
    const { path, work, peakGrad } = this;
    let sum = 0;
    for (let i = 0; i < path.length; i++) {
      const size = Math.abs(grad[i]!);
      const distance = Math.abs(params[i]! - before[i]!);
      const worth = size * distance;
      sum += worth;
      path[i] = path[i]! + distance;
      work[i] = work[i]! + worth;
      if (size > peakGrad[i]!) peakGrad[i] = size;
    }
    this.stepWork = sum;
  }
}
