import type { Draw } from './draw';

/** The loss at step t is Σ (h_i/2 x_i + c_ti) x_i. test/support/python/dialects/problem.py computes the same operations. */
export interface NoisyQuadratic {
  readonly start: readonly number[];
  /** h, shape [dim] */
  readonly curvature: readonly number[];
  /** c, shape [steps][dim]; null: the gradient of that coordinate is 0 in that step. */
  readonly noise: readonly (readonly (number | null)[])[];
}

export interface ProblemShape {
  readonly steps: number;
  /** The size of gradients. */
  readonly scale: number;
  /** The share of zero gradients. */
  readonly zeros: number;
  readonly leastDim: number;
}

export function drawProblem(draw: Draw, { steps, scale, zeros, leastDim }: ProblemShape): NoisyQuadratic {
  const dim = draw.integer(leastDim, 7);
  const each = <T>(make: () => T) => Array.from({ length: dim }, make);
  return {
    start: each(() => draw.normal()),
    curvature: each(() => scale * draw.between(0, 2)),
    noise: Array.from({ length: steps }, () =>
      each(() => (draw.random() < zeros ? null : scale * draw.normal())),
    ),
  };
}

export function lossOf({ curvature, noise }: NoisyQuadratic, step: number, params: Float64Array): number {
  let sum = 0;
  for (const [i, c] of noise[step]!.entries())
    if (c !== null) sum += (0.5 * curvature[i]! * params[i]! + c) * params[i]!;
  return sum;
}

export function writeGradient(
  { curvature, noise }: NoisyQuadratic,
  step: number,
  params: Float64Array,
  grad: Float64Array,
): void {
  for (const [i, c] of noise[step]!.entries()) grad[i] = c === null ? 0 : curvature[i]! * params[i]! + c;
}
