/** Gradients that sum over the data in variables outside of the function. */
const points = [
  [-1, -1.9], [-0.5, -1.1], [0, 0.1], [0.5, 0.9], [1, 2.1],
];
const squares = (slope: number, offset: number): number =>
  points.reduce((sum, [x, y]) => sum + (slope * x! + offset - y!) ** 2, 0) / points.length;

const kept = [0, 0];
export function neverZeroed([slope, offset]: number[]): number[] {
  for (const [x, y] of points) {
    const miss = slope! * x! + offset! - y!;
    kept[0]! += (2 * miss * x!) / points.length;
    kept[1]! += (2 * miss) / points.length;
  }
  return [...kept];
}

/**
 * Finds: gradient-mismatch at «neverZeroed»
 * Silent: edge-of-stability; oscillation; divergence
 * Because: the sums are not set to 0, so from the second step on the gradient contains all earlier ones. The run oscillates like
 * one with momentum 1, which says nothing about lr: with 0.05, the curvatures 1 and 2 are far below the limit of 40.
 *
 * @loss
 * @start [0, 1]
 * @optimizer sgd lr=0.05
 * @gradient neverZeroed
 * @steps 60
 */
export function summedOn([slope, offset]: number[]): number {
  return squares(slope!, offset!);
}

const buffer = [0, 0];
export function zeroedFirst([slope, offset]: number[]): number[] {
  buffer.fill(0);
  for (const [x, y] of points) {
    const miss = slope! * x! + offset! - y!;
    buffer[0]! += (2 * miss * x!) / points.length;
    buffer[1]! += (2 * miss) / points.length;
  }
  return buffer;
}

/**
 * Finds: nothing
 * Silent: gradient-mismatch; edge-of-stability
 * Verdict: converged
 * Because: the same sums are set to 0 first, so each call is the gradient; with curvatures 1 and 2, lr 0.3 converges.
 *
 * @loss
 * @start [0, 1]
 * @optimizer sgd lr=0.3
 * @gradient zeroedFirst
 * @steps 80
 */
export function summedAnew([slope, offset]: number[]): number {
  return squares(slope!, offset!);
}
