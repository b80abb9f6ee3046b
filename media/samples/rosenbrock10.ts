/**
 * The Rosenbrock function in ten dimensions: each parameter determines the best value of the next.
 *
 * Look at the effective learning rates: the parameters converge one after another, in order of their index. The
 * learning rate follows a cosine schedule, so the end of the loss curve is smooth.
 *
 * @loss
 * @start [-1.2, 1, -1.2, 1, -1.2, 1, -1.2, 1, -1.2, 1]
 * @optimizer adam lr=0.1
 * @schedule cosine
 * @steps 5000
 */
export function rosenbrock10(x: number[]): number {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    sum += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2;
  }
  return sum;
}
