/** Above this number of coordinates, a few gradients take as long as a user waits for. */
export const wide = 2 ** 16;

/**
 * The number of gradients that may be evaluated beside the first t steps of a run, for one purpose: 10 % of those of the run, and
 * 100 more; above 65,536 coordinates, 100 · 65,536 / dim more.
 */
export function allowance(t: number, dim: number): number {
  return 0.1 * t + 100 * Math.min(1, wide / dim);
}

/**
 * The number of seconds that a search after a run may take: `most`, and above 65,536 coordinates at most a tenth of the run.
 *
 * @param seconds  the duration of the run
 */
export function secondsAfter(seconds: number, dim: number, most: number): number {
  return dim <= wide ? most : Math.min(most, 0.1 * seconds);
}
