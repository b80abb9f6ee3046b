/**
 * A run that leaves the domain of its loss: the logarithm needs x > 0, and the minimum is at 0.01, close to 0.
 *
 * Look at the step where NaN first appears: one step before, x was still positive. A smaller learning rate only delays
 * this. The solution is to optimize u = log x, which can be any number.
 *
 * @loss
 * @start [1]
 * @optimizer adam lr=0.15
 * @steps 200
 */
export function offTheDomain([x]: number[]): number {
  return 100 * x - Math.log(x);
}
