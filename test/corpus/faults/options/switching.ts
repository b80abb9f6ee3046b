/**
 * Finds: divergence at «lr=0.05»
 * Because: the curvature along a is 60, so gradient descent is stable below lr 1/30; Adam has reached the minimum before, and after
 * the switch the distance along a is multiplied by −2 in every step.
 * Silent: loss-spike
 * Verdict: diverged
 *
 * @loss
 * @start [0.9, -1]
 * @optimizer adam lr=0.02
 * @switch sgd lr=0.05 at=250
 * @steps 600
 */
export function descendsTooFar([a, b]: number[]): number {
  return 30 * (a - 0.3) ** 2 + (b + 0.7) ** 2;
}

/**
 * Finds: nothing
 * Silent: divergence; edge-of-stability; plateau:lr-too-small
 * Because: the same with lr 0.02, which multiplies the distance along a by −0.2 and the one along b by 0.96.
 * May: plateau:converged
 * Verdict: converged
 *
 * @loss
 * @start [0.9, -1]
 * @optimizer adam lr=0.02
 * @switch sgd lr=0.02 at=250
 * @steps 600
 */
export function descendsToTheEnd([a, b]: number[]): number {
  return 30 * (a - 0.3) ** 2 + (b + 0.7) ** 2;
}
