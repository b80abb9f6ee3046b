/**
 * A run that leaves the domain of its loss: the logarithm wants x > 0, the minimum lies at 0.01, close to the edge.
 *
 * Look at where NaN first appears: the step before, x was still positive. A smaller learning rate only hides it; the
 * cure is to run on u = log x, which can be any number.
 *
 * @loss
 * @start [1]
 * @optimizer adam lr=0.15
 * @steps 200
 */
export function offTheDomain([x]: number[]): number {
  return 100 * x - Math.log(x);
}
