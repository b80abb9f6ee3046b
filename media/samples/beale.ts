/**
 * Beale's function: a flat plain that drops off sharply at its edges, minimum 0 at (3, 0.5).
 *
 * Look at the effective learning rate: on the plain the gradients are small, and it is Adam's division by their size
 * that keeps the steps going. Compare with sgd, which needs a learning rate that the edges do not forgive.
 *
 * @loss
 * @start [1, 1]
 * @optimizer adam lr=0.05
 * @steps 1500
 */
export function beale([x, y]: number[]): number {
  return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y ** 2) ** 2 + (2.625 - x + x * y ** 3) ** 2;
}
