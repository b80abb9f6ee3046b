/** A run with fewer steps is short: two of the longest windows do not fit. */
const shortBelow = 200;
/** In a short run, a window has at most this share of the steps, so that two of them fit into each half. */
const share = 1 / 4;

export function isShort(steps: number): boolean {
  return steps < shortBelow;
}

/**
 * The length of a window, in steps.
 *
 * @param steps  of the whole run
 * @param usual  the length in a run that is not short
 * @param least  the shortest window that shows anything, ≤ usual
 */
export function windowIn(steps: number, usual: number, least = 1): number {
  return isShort(steps) ? Math.max(least, Math.min(usual, Math.floor(share * steps))) : usual;
}
