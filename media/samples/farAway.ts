/**
 * A minimum that the run cannot reach. Adam moves a coordinate by about lr per step, so N steps move it by about lr·N:
 * here 0.5, but the minimum is at a distance of 40.
 *
 * Look at the update chart: every step has length lr, and the gradient hardly changes. The finding reports this after
 * a hundred steps, long before the end.
 *
 * @loss
 * @start [0]
 * @optimizer adam lr=0.001
 * @steps 500
 */
export function farAway([x]: number[]): number {
  return Math.sqrt(1 + (x - 40) ** 2);
}
