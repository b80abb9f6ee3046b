/** A place in the user's source; offsets count UTF-16 units of the original text, `to` is exclusive. */
export interface Site {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** Places by number: rewritten code names a place by its index here. */
export type Sites = readonly Site[];

/** An operation whose place was not told: a detached function, `Math.max(...xs)` before its call is located. */
export const noSite = -1;

/** The place of that number; null if none was told. */
export function siteAt(sites: Sites, site: number): Site | null {
  return sites[site] ?? null;
}
