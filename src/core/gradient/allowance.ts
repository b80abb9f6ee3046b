/** Above this number of coordinates, a few gradients take as long as a user waits for. */
export const wide = 2 ** 16;

/**
 * The number of gradients that may be evaluated beside the first t steps of a run, for one purpose: 10 % of those of the run, and
 * 100 more; above 65,536 coordinates, 100 · (65,536 / dim)² more.
 */
export function allowance(t: number, dim: number): number {
  return 0.1 * t + 100 * Math.min(1, wide / dim) ** 2;
}

/**
 * Whether so many gradients may be evaluated at once, beside a run of a number of steps. Always up to 65,536 coordinates, where a user
 * does not wait for them.
 */
export function isAffordable(gradients: number, steps: number, dim: number): boolean {
  return dim <= wide || gradients <= allowance(steps, dim);
}

/**
 * The number of seconds that a search after a run may take: `most`, and above 65,536 coordinates at most a tenth of the run.
 *
 * @param seconds  the duration of the run
 */
export function secondsAfter(seconds: number, dim: number, most: number): number {
  return dim <= wide ? most : Math.min(most, 0.1 * seconds);
}
