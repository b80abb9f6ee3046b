/**
 * A fit that has converged and then becomes unstable. The gradients are almost 0 now, so v decays, and Adam's effective
 * learning rate grows.
 *
 * Run `beforeTheEdge` and look at the chart Stability: it rises toward the dashed limit 38, and the text below it states in
 * how many steps it will pass the limit. Then run `overTheEdge`, the same with more steps: the line passes the limit at
 * step 1762. From there on every step increases the distance from the minimum, and a hundred steps later the loss rises
 * from 0.003 to 0.26. The fixes that are offered have been tried.
 */

/** Measured at 0, 0.5, 1, …: about 2 sin(1.5 x). */
const measured = [0.02, 1.34, 2.01, 1.53, 0.31, -1.12, -1.97];

function misfit([amplitude, frequency]: number[]): number {
  return measured.reduce((sum, y, i) => sum + (amplitude * Math.sin(frequency * 0.5 * i) - y) ** 2, 0);
}

/**
 * @loss
 * @start [1, 1.2]
 * @names amplitude frequency
 * @optimizer adam lr=0.3
 * @steps 1700
 */
export function beforeTheEdge(params: number[]): number {
  return misfit(params);
}

/**
 * @loss
 * @start [1, 1.2]
 * @names amplitude frequency
 * @optimizer adam lr=0.3
 * @steps 1900
 */
export function overTheEdge(params: number[]): number {
  return misfit(params);
}
