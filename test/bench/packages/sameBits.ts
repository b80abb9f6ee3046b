/** How deep two results are compared. */
const deepest = 8;

/**
 * Whether two results of calls are equal bit for bit: numbers by their bits, objects by their own properties
 * and the name of their class. Functions are equal, because two copies of a package have different ones.
 */
export function sameBits(a: unknown, b: unknown, depth = 0): boolean {
  if (typeof a === 'function' && typeof b === 'function') return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (depth > deepest) return true;
  if (classOf(a) !== classOf(b)) return false;
  if (a instanceof Map && b instanceof Map) return sameBits([...a], [...b], depth + 1);
  if (a instanceof Set && b instanceof Set) return sameBits([...a], [...b], depth + 1);
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) &&
      sameBits((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], depth + 1),
  );
}

function classOf(value: object): string {
  const own = (value as { readonly constructor?: { readonly name?: unknown } }).constructor;
  return typeof own?.name === 'string' ? own.name : '';
}
