import { readEntry, sizeOfEntry } from '../coordinates/nameEntry';

/**
 * The places of the coordinates of one program in the vector of another one that has the same arrays in another order.
 *
 * @param theirs  the names of the other program, as entries of `@names`
 * @param ours  those of this one
 * @returns for each of our coordinates, the index of theirs; or which array only one of them has, without a full stop
 */
export function placesByName(theirs: readonly string[], ours: readonly string[]): Uint32Array | string {
  const starts = new Map<string, number>();
  let dim = 0;
  for (const entry of theirs) {
    starts.set(entry, dim);
    dim += sizeOf(entry);
  }
  const missing = ours.find((entry) => !starts.has(entry));
  if (missing !== undefined) return `it has ${missing}, which the recording does not have`;
  const known = new Set(ours);
  const extra = theirs.find((entry) => !known.has(entry));
  if (extra !== undefined) return `it does not have ${extra}, which the recording has`;
  const places = new Uint32Array(dim);
  let next = 0;
  for (const entry of ours) {
    const start = starts.get(entry)!;
    for (let i = 0; i < sizeOf(entry); i++) places[next++] = start + i;
  }
  return places;
}

function sizeOf(entry: string): number {
  const read = readEntry(entry);
  return 'problem' in read ? 1 : sizeOfEntry(read);
}
