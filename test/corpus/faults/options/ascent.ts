const heights = [0.2, 0.9, 1.7, 2.4, 3.1, 4.2];
const counts = [1, 3, 5, 11, 22, 66];

/**
 * Finds: nothing
 * Silent: unbounded-loss; plateau:lr-too-small
 * May: plateau:converged
 * Verdict: converged
 * Because: the logarithm of the likelihood of a Poisson regression is concave. Adam covers the distance of 1 in about 50 steps of
 * 0.02, and the rest of the run converges.
 *
 * @loss
 * @start [0, 0.5]
 * @maximize
 * @optimizer adam lr=0.02
 * @steps 3000
 */
export function poissonLikelihood([a, b]: number[]): number {
  let sum = 0;
  for (let i = 0; i < heights.length; i++) sum += counts[i] * (a + b * heights[i]) - Math.exp(a + b * heights[i]);
  return sum;
}

/**
 * Finds: nothing
 * Silent: unbounded-loss; divergence
 * May: plateau:converged
 * Verdict: converged
 * Because: x* = 3 and y* = −1 maximize it, with curvatures of 1 and 4; lr·curvature is at most 0.8, so the distance shrinks at least
 * by a fifth in each of the 200 steps.
 *
 * @loss
 * @start [0, 0]
 * @maximize
 * @optimizer sgd lr=0.2
 * @steps 200
 */
export function concaveScore([x, y]: number[]): number {
  return 12 - 0.5 * (x - 3) ** 2 - 2 * (y + 1) ** 2;
}

/**
 * Finds: divergence at «lr=0.6»
 * Silent: unbounded-loss
 * Verdict: diverged
 * Because: the curvature of y is 4, so ascent is stable for lr below 0.5; here y + 1 is multiplied by −1.4 every step.
 *
 * @loss
 * @start [0, 0]
 * @maximize
 * @optimizer sgd lr=0.6
 * @steps 200
 */
export function scoreWithLongSteps([x, y]: number[]): number {
  return 12 - 0.5 * (x - 3) ** 2 - 2 * (y + 1) ** 2;
}

/**
 * Finds: unbounded-loss
 * Silent: divergence
 * Verdict: unbounded
 * Because: a loss was written, and is maximized: it grows by x² without a limit, by a factor of 1.1 in x every step.
 *
 * @loss
 * @start [1, -2]
 * @maximize
 * @optimizer sgd lr=0.05
 * @steps 150
 */
export function lossMaximized([x, y]: number[]): number {
  return x * x + 0.5 * y * y;
}
