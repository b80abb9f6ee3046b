/** A place in the user's source; offsets count UTF-16 units of the original text, `to` is exclusive. */
export interface Site {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** Places by number: instrumented code refers to a place by its index here. */
export type Sites = readonly Site[];

/**
 * The place of an operation is unknown: a detached function, or `Math.max(...xs)` before its call is located.
 */
export const noSite = -1;

/** The place with this number; null if it is unknown. */
export function siteAt(sites: Sites, site: number): Site | null {
  return sites[site] ?? null;
}
