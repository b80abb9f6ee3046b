/** Runs that end early. */

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small; edge-of-stability
 * Verdict: still-improving
 * Because: 30 steps of 0.005 down the side of the valley of Rosenbrock’s function: they lead 0.15 down, and the loss falls in each.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adam lr=0.005
 * @steps 30
 */
export function thirtySteps([x, y]: number[]): number {
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small; plateau:converged
 * Verdict: still-improving
 * Because: five steps that each reduce the distance by 10 %.
 *
 * @loss
 * @start [2, -1, 0.5]
 * @optimizer sgd lr=0.1
 * @steps 5
 */
export function fiveSteps([a, b, c]: number[]): number {
  return 0.5 * (a * a + b * b + c * c);
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small; oscillation
 * Verdict: converged
 * Because: each step halves the distance: after 40 steps the loss is 1e-24 of its start.
 *
 * @loss
 * @start [2, -1]
 * @optimizer sgd lr=0.5
 * @steps 40
 */
export function fortySteps([a, b]: number[]): number {
  return 0.5 * (a * a + b * b);
}

/**
 * Finds: divergence at «lr=0.25»
 * Silent: plateau:converged; oscillation
 * Verdict: diverged
 * Because: lr·curvature is 2.5: the distance grows by 1.5 in each of 25 steps, and the loss 2.25-fold.
 *
 * @loss
 * @start [0.1]
 * @optimizer sgd lr=0.25
 * @steps 25
 */
export function growsAtOnce([x]: number[]): number {
  return 5 * x * x;
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small; plateau:flat-valley
 * Verdict: still-improving
 * Because: the newcomer’s defaults, lr 0.001, cover 0.1 in 100 steps; the minimum is at a distance of 0.4.
 *
 * @loss
 * @start [0, 0]
 * @steps 100
 */
export function defaultRate([a, b]: number[]): number {
  return (a - 0.4) ** 2 + (b + 0.3) ** 2;
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small; instability-at-start
 * Verdict: still-improving
 * Because: momentum needs about 20 steps to build up, and the run has 15.
 *
 * @loss
 * @start [3, 3]
 * @optimizer sgd lr=0.01 momentum=0.95
 * @steps 15
 */
export function buildingUp([a, b]: number[]): number {
  return 0.5 * (a - 1) ** 2 + 0.5 * (b + 1) ** 2;
}

/**
 * Finds: nothing
 * Silent: plateau:lr-too-small; loss-spike; instability-at-start
 * May: noise-limited
 * Verdict: still-improving
 * Because: two epochs of batches: each step reduces the distance by 4 %, to 0.6 of the start.
 *
 * @loss
 * @start [0, 0]
 * @optimizer sgd lr=0.02
 * @samples 30
 * @batch 5
 * @epochs 2
 * @seed 14
 */
export function twoEpochs([a, b]: number[], { indices }: { indices: readonly number[] }): number {
  return indices.reduce((sum, i) => sum + (a - 3 - 0.1 * Math.sin(i)) ** 2 + (b + 1 - 0.1 * Math.cos(i)) ** 2, 0) / indices.length;
}

/**
 * Finds: non-finite-loss at «Math.sqrt(1 - x)»
 * Silent: divergence
 * Verdict: broken
 * Because: steps of 0.1 lead x beyond 1 at t = 12, where the root is NaN.
 *
 * @loss
 * @start [0, 1]
 * @optimizer signsgd lr=0.1
 * @steps 40
 */
export function beyondTheRoot([x, y]: number[]): number {
  return Math.sqrt(1 - x) + y * y;
}

/**
 * Finds: zero-gradient at «ghost» in «[x, ghost]»
 * Silent: plateau:saddle; eps-dominates
 * Verdict: converged
 * Because: only x has an effect, and it has reached its minimum to the last digit after 90 steps.
 *
 * @loss
 * @start [2, 5]
 * @optimizer sgd lr=0.3
 * @steps 90
 */
export function oneHasNoEffect([x, ghost]: number[]): number {
  return (x - 1) ** 2;
}
