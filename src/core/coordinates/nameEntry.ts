/**
 * An entry of the names of a run: the name of one coordinate, `b`, or of an array of them with the ranges of its indices, both ends
 * included: `w1[0..63]`, `net.w[0..7][0..7]`. The last index changes fastest.
 */
export interface NameEntry {
  /** The name without its ranges. */
  readonly name: string;
  /** The first and the last index along each axis; empty for one coordinate. */
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** What is wrong with the text of an entry. */
export interface EntryProblem {
  readonly problem: string;
  /** The text that was probably meant. */
  readonly replacement?: string;
}

/** The largest number of coordinates of an entry. More cannot be run. */
const mostCoordinates = 1e7;

/** Reads an entry. A text without a range, `w[3]` too, is the name of one coordinate. */
export function readEntry(text: string): NameEntry | EntryProblem {
  if (/^[\p{ID_Start}$_][^\]]*\[[^\]]*$/u.test(text) && text.includes('..'))
    return { problem: `the closing ] of ${text} is missing`, replacement: `${text}]` };
  if (!/\[[^\]]*\.\.[^\]]*\]/.test(text)) return { name: text, ranges: [] };
  const [, name, written] = /^(.*?[^.[\]](?:\[\d+\])*)((?:\[[^[\]]*\])+)$/.exec(text) ?? [];
  if (name === undefined || written === undefined)
    return { problem: `${text} must be a name with its ranges at the end, such as w[0..7][0..7]` };
  const ranges: [number, number][] = [];
  for (const [whole, inner] of written.matchAll(/\[([^[\]]*)\]/g)) {
    const [, first, last] = /^\s*(\d+)\s*\.\.\s*(\d+)\s*$/.exec(inner!) ?? [];
    if (first === undefined || last === undefined)
      return { problem: `${whole} in ${text} must be a range of whole numbers, such as [0..63]` };
    if (Number(first) > Number(last))
      return {
        problem: `the range ${whole} of ${name} goes down: write [${last}..${first}]`,
        replacement: text.replace(whole, `[${last}..${first}]`),
      };
    ranges.push([Number(first), Number(last)]);
  }
  const size = sizeOfEntry({ name, ranges });
  if (size > mostCoordinates)
    return { problem: `${text} has ${size} coordinates; at most ${mostCoordinates} can be run` };
  return { name, ranges };
}

/** The number of coordinates of an entry. */
export function sizeOfEntry({ ranges }: NameEntry): number {
  return ranges.reduce((size, [from, to]) => size * (to - from + 1), 1);
}

/** The index of the entry that names a coordinate, and its first coordinate; null if there is none. */
export function entryOf(
  entries: readonly string[],
  coordinate: number,
): { readonly index: number; readonly from: number } | null {
  let from = 0;
  for (const [index, text] of entries.entries()) {
    const entry = readEntry(text);
    if ('problem' in entry) return null;
    const size = sizeOfEntry(entry);
    if (coordinate < from + size) return { index, from };
    from += size;
  }
  return null;
}

/** The number of coordinates that entries name; null if one of them cannot be read. */
export function countOfNames(entries: readonly string[]): number | null {
  let count = 0;
  for (const text of entries) {
    const entry = readEntry(text);
    if ('problem' in entry) return null;
    count += sizeOfEntry(entry);
  }
  return count;
}
