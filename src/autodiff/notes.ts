/**
 * Places where a traced value became an integer, which ends its derivative: `| 0`, a store into an Int32Array. Kept until
 * they are taken, since a note is worth telling once.
 */
const integerSites = new Set<number>();

/** @param site  −1 if the place is not known */
export function noteInteger(site: number): void {
  integerSites.add(site);
}

/** The places noted since the last call. */
export function takeIntegerNotes(): readonly number[] {
  const taken = [...integerSites];
  integerSites.clear();
  return taken;
}
