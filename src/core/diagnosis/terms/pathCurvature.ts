import type { StepView } from '../../update';

/**
 * Curvature along the path, from the gradients that the run computes anyway:
 *
 *   λ_t = Δg · Δθ / ‖Δθ‖²,   Δθ = theta_{t−1} − theta_{t−2},   Δg = g_t − g_{t−1}
 *
 * For a quadratic loss this is a Rayleigh quotient of the Hessian: never above the largest eigenvalue, and
 * close to it when the steps grow along its eigenvector. For other losses it is the mean curvature along the
 * last step. With mini-batches it includes the noise of the gradients. Clipping by norm is undone; after
 * clipping by value the quotient is a lower estimate.
 */
export class PathCurvature {
  readonly #lastGrad: Float64Array;
  readonly #lastDelta: Float64Array;
  #steps = 0;

  constructor(dim: number) {
    this.#lastGrad = new Float64Array(dim);
    this.#lastDelta = new Float64Array(dim);
  }

  /** λ of the last step; NaN at the first step, after a step of length 0, and on overflow. */
  onStep({ grad, before, params, clipFactor }: StepView): number {
    const lastGrad = this.#lastGrad;
    const lastDelta = this.#lastDelta;
    const unclip = 1 / clipFactor;
    let bent = 0;
    let moved = 0;
    for (let i = 0; i < grad.length; i++) {
      const g = grad[i]! * unclip;
      const delta = lastDelta[i]!;
      bent += (g - lastGrad[i]!) * delta;
      moved += delta * delta;
      lastGrad[i] = g;
      lastDelta[i] = params[i]! - before[i]!;
    }
    const curvature = bent / moved;
    return this.#steps++ > 0 && Number.isFinite(curvature) ? curvature : Number.NaN;
  }
}
