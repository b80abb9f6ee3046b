/**
 * The Rosenbrock function: a curved valley with steep walls and an almost flat floor, minimum 0 at (1, 1).
 *
 * Look at the contour plot: the run enters the valley within a few steps and then moves slowly along it. Then set lr to
 * 0.1: it converges faster, but near step 2700 the steps have become unstable, and the loss rises to 0.7.
 *
 * @loss
 * @start [-1.2, 1]
 * @optimizer adam lr=0.02
 * @steps 3000
 */
export function rosenbrock([x, y]: number[]): number {
  return 100 * (y - x ** 2) ** 2 + (1 - x) ** 2;
}
