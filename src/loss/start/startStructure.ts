/** The numbers of a start in order, and the names that its structure gives to them. */
export interface FlatStart {
  readonly values: Float64Array;
  /** Entries as in `@names`; null for a plain list, and if there would be too many. */
  readonly names: readonly string[] | null;
}

/** A start with more arrays has the names of a plain list. */
const mostEntries = 10_000;
const deepest = 16;

/**
 * The numbers of a start that is built of arrays and objects, as `{ w: [[1, 2], [3, 4]], b: 0 }`: depth first, in the order of the
 * keys. Arrays of equal shape in an array become one with several axes, `w[0..1][0..1]`.
 *
 * @param vector  names an array that is the whole start
 * @param most    the largest number of numbers
 * @returns null if it contains anything but finite numbers, or none; else the count of its numbers if that is above `most`
 */
export function flatStart(given: unknown, vector: string, most: number): FlatStart | number | null {
  const count = countIn(given, 0);
  if (!(count > 0)) return null;
  if (count > most) return count;
  const values = new Float64Array(count);
  const names: string[] = [];
  let at = 0;
  const add = (part: unknown): void => {
    if (typeof part === 'number') values[at++] = part;
    else if (isList(part)) for (let i = 0; i < part.length; i++) add(part[i]);
    else for (const inner of Object.values(part as object)) add(inner);
  };
  const name = (part: unknown, prefix: string): void => {
    const shape = shapeOf(part);
    if (names.length > mostEntries) return;
    if (shape) names.push(prefix + shape.map((length) => `[0..${length - 1}]`).join(''));
    else if (isList(part)) for (let i = 0; i < part.length; i++) name(part[i], `${prefix}[${i}]`);
    else
      for (const [key, inner] of Object.entries(part as object))
        name(inner, prefix === '' ? key : `${prefix}.${key}`);
  };
  add(given);
  if (!values.every(Number.isFinite)) return null;
  const isPlain = isList(given) && shapeOf(given)?.length === 1;
  if (!isPlain) name(given, isList(given) ? vector : '');
  return { values, names: isPlain || names.length > mostEntries ? null : names };
}

type List = ArrayLike<unknown>;

function isList(value: unknown): value is List {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** The number of numbers; NaN if there is anything else. */
function countIn(value: unknown, depth: number): number {
  if (typeof value === 'number') return 1;
  if (typeof value !== 'object' || value === null || depth > deepest) return Number.NaN;
  if (isList(value) && !Array.isArray(value)) return value.length;
  let count = 0;
  for (const inner of isList(value) ? (value as unknown[]) : Object.values(value))
    count += countIn(inner, depth + 1);
  return count;
}

/** The lengths of the axes of an array of numbers, or of arrays of equal shape; empty for a number; null for anything else. */
function shapeOf(value: unknown): readonly number[] | null {
  if (typeof value === 'number') return [];
  if (!isList(value) || value.length === 0) return null;
  if (!Array.isArray(value)) return [value.length];
  const first = shapeOf(value[0]);
  if (!first) return null;
  const isUniform = value.every((inner) => {
    const shape = typeof inner === 'number' ? [] : shapeOf(inner);
    return shape?.length === first.length && shape.every((length, axis) => length === first[axis]);
  });
  return isUniform ? [value.length, ...first] : null;
}
