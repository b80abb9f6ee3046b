import { type NameEntry, readEntry, sizeOfEntry } from './nameEntry';

/**
 * A named part of the parameter vector: a coordinate, an array of them, or a group of such parts. Its coordinates follow each other.
 */
export interface CoordinateGroup {
  /** The full name: `net.w1`, `net.w1[3]`. */
  readonly name: string;
  /** The index of its first coordinate. */
  readonly offset: number;
  /** The number of its coordinates. */
  readonly size: number;
  /** The lengths of the axes of an array; empty for one coordinate, and for a group of parts. */
  readonly shape: readonly number[];
  /** The first index along each axis. */
  readonly firsts: readonly number[];
  /** The parts of a group; empty for an array, whose parts are computed (`partsOf`). */
  readonly children: readonly CoordinateGroup[];
}

/**
 * The names of the coordinates of a run, from which all others follow. There is an object for each entry, not for each coordinate.
 *
 * Dots and indices before the ranges make groups: `a.w[0..3] a.b[0..1]` is a group `a` of two arrays.
 */
export class CoordinateLayout {
  readonly dim: number;
  /** The parts of the vector at the highest level, in order. */
  readonly groups: readonly CoordinateGroup[];
  /** The parts at the lowest level, in order, to find the one of a coordinate. */
  readonly #arrays: readonly CoordinateGroup[];

  /**
   * @param entries  see `NameEntry`; ignored unless they name every coordinate
   * @param vector   the name of the parameter vector, for coordinates without names; null: `theta`
   */
  constructor(entries: readonly string[] | null, vector: string | null, dim: number) {
    const unnamed: NameEntry = { name: vector ?? 'theta', ranges: [[0, dim - 1]] };
    this.dim = dim;
    this.#arrays = dim === 0 ? [] : (named(entries, dim) ?? arraysOf([unnamed]));
    this.groups = grouped(this.#arrays, 0);
  }

  /** The name of a coordinate. */
  nameOf(index: number): string {
    const array = this.#arrayOf(index);
    return array ? nameIn(array, index) : `[${index}]`;
  }

  /** The group, array, row of an array or coordinate with a name; null if there is none. */
  find(name: string): CoordinateGroup | null {
    let parts = this.groups;
    for (;;) {
      const next: CoordinateGroup | undefined =
        parts.find((part) => part.name === name) ??
        parts.find((part) => name.startsWith(part.name) && /^[.[]/.test(name.slice(part.name.length)));
      if (!next || next.name === name) return next ?? null;
      const index = next.children.length === 0 ? indexAfter(next, name) : null;
      parts = index === null ? next.children : [partAt(next, index)].filter((part) => part !== null);
    }
  }

  /**
   * The coordinates that a name or an entry with ranges selects: [first, last] pairs, both included; null if there are none. `w1`
   * selects an array, `w1[0..3]` its first four parts.
   */
  select(name: string): readonly [from: number, to: number] | null {
    const part = this.find(name);
    if (part) return [part.offset, part.offset + part.size - 1];
    const entry = readEntry(name);
    if ('problem' in entry || entry.ranges.length !== 1) return null;
    const [[from, to]] = entry.ranges as [[number, number]];
    const [first, last] = [this.find(`${entry.name}[${from}]`), this.find(`${entry.name}[${to}]`)];
    return first && last ? [first.offset, last.offset + last.size - 1] : null;
  }

  /**
   * The parts at a level, in order. Level 1 has the highest groups, every further level the parts of the groups and the rows of the
   * arrays. Arrays with one axis remain whole at every level.
   */
  level(level: number): readonly CoordinateGroup[] {
    let parts = this.groups;
    for (let at = 1; at < level; at++)
      parts = parts.flatMap((part) => (isDivided(part) ? partsOf(part) : [part]));
    return parts;
  }

  /**
   * The deepest level with at most `most` parts; 0 if there is none with several parts of several coordinates.
   */
  deepestLevel(most: number): number {
    let level = 0;
    let parts = this.groups;
    while (parts.length <= most) {
      level++;
      const count = parts.reduce((sum, part) => sum + (isDivided(part) ? countOfParts(part) : 1), 0);
      if (count > most || !parts.some(isDivided)) break;
      parts = this.level(level + 1);
    }
    return parts.length > 1 && parts.length <= most && parts.some(({ size }) => size > 1) ? level : 0;
  }

  #arrayOf(index: number): CoordinateGroup | null {
    let [low, high] = [0, this.#arrays.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#arrays[middle]!.offset <= index) low = middle;
      else high = middle - 1;
    }
    const found = this.#arrays[low];
    return found && index >= found.offset && index < found.offset + found.size ? found : null;
  }
}

/** The parts of a group, or the rows or coordinates of an array. */
export function partsOf(part: CoordinateGroup): readonly CoordinateGroup[] {
  if (part.children.length > 0 || part.shape.length === 0) return part.children;
  return Array.from({ length: part.shape[0]! }, (_, i) => partAt(part, part.firsts[0]! + i)!);
}

function countOfParts({ children, shape }: CoordinateGroup): number {
  return children.length > 0 ? children.length : (shape[0] ?? 0);
}

/** Whether it has parts that are more than one coordinate. */
function isDivided({ children, shape }: CoordinateGroup): boolean {
  return children.some(({ size }) => size > 1) || shape.length > 1;
}

/** The row or coordinate of an array at an index of its first axis; null outside of it. */
function partAt(
  { name, offset, size, shape, firsts }: CoordinateGroup,
  index: number,
): CoordinateGroup | null {
  const at = index - (firsts[0] ?? 0);
  if (!(at >= 0 && at < (shape[0] ?? 0))) return null;
  const length = size / shape[0]!;
  return {
    name: `${name}[${index}]`,
    offset: offset + at * length,
    size: length,
    shape: shape.slice(1),
    firsts: firsts.slice(1),
    children: [],
  };
}

/** The index in a name after that of an array: 3 for `w1[3][0]` after `w1`; null if there is none. */
function indexAfter(array: CoordinateGroup, name: string): number | null {
  const [, index] = /^\[(\d+)\]/.exec(name.slice(array.name.length)) ?? [];
  return index === undefined ? null : Number(index);
}

function nameIn({ name, offset, shape, firsts }: CoordinateGroup, index: number): string {
  let rest = index - offset;
  const indices: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    indices.unshift(firsts[axis]! + (rest % shape[axis]!));
    rest = Math.floor(rest / shape[axis]!);
  }
  return name + indices.map((each) => `[${each}]`).join('');
}

function named(entries: readonly string[] | null, dim: number): CoordinateGroup[] | null {
  if (entries === null) return null;
  const read = entries.map(readEntry);
  const sound = read.filter((entry): entry is NameEntry => !('problem' in entry));
  const count = sound.reduce((sum, entry) => sum + sizeOfEntry(entry), 0);
  return sound.length === entries.length && count === dim ? arraysOf(sound) : null;
}

function arraysOf(entries: readonly NameEntry[]): CoordinateGroup[] {
  let offset = 0;
  return entries.map((entry) => {
    const { name, ranges } = entry;
    const array = {
      name,
      offset,
      size: sizeOfEntry(entry),
      shape: ranges.map(([from, to]) => to - from + 1),
      firsts: ranges.map(([from]) => from),
      children: [],
    };
    offset += array.size;
    return array;
  });
}

const identifier = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const divided = new RegExp(String.raw`^${identifier}(?:\.${identifier}|\[\d+\])+$`, 'u');

/** The steps that lead to a name: `layers[0].w` has `layers`, `layers[0]`, `layers[0].w`. */
function pathOf(name: string): readonly string[] {
  if (!divided.test(name)) return [name];
  const ends = [...name.matchAll(/[.[]/g)].map(({ index }) => index);
  return [...ends.map((end) => name.slice(0, end)), name];
}

/** Puts neighbours that begin with the same name into groups, from the part of the name at `depth` on. */
function grouped(arrays: readonly CoordinateGroup[], depth: number): CoordinateGroup[] {
  const groups: CoordinateGroup[] = [];
  for (let i = 0; i < arrays.length; ) {
    const first = arrays[i]!;
    const path = pathOf(first.name);
    const prefix = path[depth]!;
    let end = i + 1;
    while (end < arrays.length && pathOf(arrays[end]!.name)[depth] === prefix) end++;
    if (depth === path.length - 1) {
      groups.push(first);
      i++;
      continue;
    }
    const members = arrays.slice(i, end);
    const offset = first.offset;
    groups.push({
      name: prefix,
      offset,
      size: members.reduce((size, member) => size + member.size, 0),
      shape: [],
      firsts: [],
      children: grouped(members, depth + 1),
    });
    i = end;
  }
  return groups;
}
