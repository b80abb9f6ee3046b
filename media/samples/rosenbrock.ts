/**
 * Rosenbrock's banana: a curved valley with steep walls and an almost flat floor, minimum 0 at (1, 1).
 *
 * Look at the contour plot: the run falls into the valley in a few steps and spends the rest creeping along it. Then
 * set lr to 0.1: fast, until about step 2700, when the steps have outgrown the walls and the loss jumps back to 0.7.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adam lr=0.02
 * @steps 3000
 */
export function rosenbrock([x, y]: number[]): number {
  return 100 * (y - x ** 2) ** 2 + (1 - x) ** 2;
}
