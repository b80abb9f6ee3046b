/**
 * A minimum out of reach. Adam's steps are at most about lr long, so a run of N steps goes no further than lr·N:
 * here 0.5, and the minimum is 40 away.
 *
 * Look at the update chart: every step is at its bound, and the gradient hardly changes. That is what the finding sees
 * after the first hundred steps, long before the end.
 *
 * @loss
 * @start [0]
 * @optimizer adam lr=0.001
 * @steps 500
 */
export function farAway([x]: number[]): number {
  return Math.sqrt(1 + (x - 40) ** 2);
}
