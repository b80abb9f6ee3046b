/**
 * Beale's function: a flat plain with steep edges, minimum 0 at (3, 0.5).
 *
 * Look at the effective learning rate: on the plain the gradients are small, and Adam keeps its steps long because it
 * divides by their size. Compare with sgd: a learning rate large enough for the plain diverges at the edges.
 *
 * @loss
 * @start [1, 1]
 * @optimizer adam lr=0.05
 * @steps 1500
 */
export function beale([x, y]: number[]): number {
  return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y ** 2) ** 2 + (2.625 - x + x * y ** 3) ** 2;
}
