/**
 * Adam for the first part of the way, gradient descent with momentum for the rest: what is called SWATS.
 *
 * Look at the effective learning rate: until step 300 every coordinate has its own, from then on both have that of
 * gradient descent, and the second moment ends. Change `at` to `plateau` to switch when the loss stops falling.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adam lr=0.05
 * @switch sgd lr=0.001 momentum=0.9 at=300
 * @steps 2000
 */
export function switching([x, y]: number[]): number {
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
}
