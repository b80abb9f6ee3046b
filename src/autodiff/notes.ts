import { placing } from './placing';
import { noSite } from './sites';

/**
 * Places where a traced value became an integer, which ends its derivative: `| 0`, a store into an Int32Array. Kept until
 * they are taken, since a note is worth telling once.
 */
const integerSites = new Set<number>();

/** @param site  −1: that of the operation under way */
export function noteInteger(site: number): void {
  integerSites.add(site === noSite ? placing.site : site);
}

/** What was noted without its place happened at `site`. */
export function placeNotes(site: number): void {
  if (integerSites.delete(noSite)) integerSites.add(site);
}

/** The places noted since the last call. */
export function takeIntegerNotes(): readonly number[] {
  const taken = [...integerSites];
  integerSites.clear();
  return taken;
}
