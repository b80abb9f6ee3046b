/** The codes that have an example. */
export const charted: readonly string[];
/**
 * The chart of a diagnosis, as SVG.
 *
 * @throws if the example's first run does not have the finding
 */
export function chartOf(code: string): Promise<string>;
