/**
 * Adam for the first part of the run, gradient descent with momentum for the rest (known as SWATS).
 *
 * Look at the effective learning rate: until step 300 each coordinate has its own; after that both have the learning rate
 * of gradient descent, and there is no second moment. Change `at` to `plateau` to switch when the loss stops improving.
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
