/** Valleys whose floor is level where the run ends, and falls at a distance. */
const xs = [0, 1, 2, 3, 4, 5, 6, 7];
const ys = [1.1, 2.9, 5.2, 7.0, 8.9, 11.1, 40, 15.0];
const width = 4.685;

function biweight(r: number): number {
  if (Math.abs(r) > width) return width ** 2 / 6;
  return (width ** 2 / 6) * (1 - (1 - (r / width) ** 2) ** 3);
}

/**
 * Finds: nothing
 * Silent: plateau:converged; plateau:saddle; ill-conditioned
 * Verdict: stalled
 * Because: only one point is near the line, so the loss is the same along all lines through it: a valley with a level floor at 25.6. The
 * lines through the others are in the same valley, at a distance, with a loss of 4.
 *
 * @loss
 * @start [-30, 9]
 * @names intercept slope
 * @optimizer adam lr=0.05
 * @steps 1000
 */
export function throughOnePoint([intercept, slope]: number[]): number {
  return xs.reduce((sum, x, i) => sum + biweight(ys[i]! - intercept - slope * x), 0);
}

/**
 * Finds: nothing
 * Silent: plateau:saddle; ill-conditioned
 * May: plateau:converged
 * Verdict: converged
 * Because: only the sum of both parameters counts, so the valley is level everywhere: nothing lower exists.
 *
 * @loss
 * @start [1, 4]
 * @optimizer adam lr=0.05
 * @schedule cosine
 * @steps 2000
 */
export function sumOfTwo([a, b]: number[]): number {
  return 1 + Math.cosh(a + b - 2);
}
