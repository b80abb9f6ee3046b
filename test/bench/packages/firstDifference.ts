import { types } from 'node:util';

/** How deep two results are compared. */
const deepest = 8;

/**
 * The path of the first place where two results of calls are not equal bit for bit: numbers by their bits,
 * objects by their own properties and the name of their class, functions by their name, length and properties.
 *
 * @returns null if they are equal
 */
export function firstDifference(a: unknown, b: unknown): string | null {
  return difference(a, b, '', new Map(), 0);
}

/** @param compared  the pairs of objects that are equal, or are being compared */
function difference(
  a: unknown,
  b: unknown,
  at: string,
  compared: Map<object, object>,
  depth: number,
): string | null {
  if (typeof a === 'symbol' && typeof b === 'symbol' && a.description === b.description) return null;
  if (!isObject(a) || !isObject(b)) return Object.is(a, b) ? null : `${at}: ${shown(a)}, ${shown(b)}`;
  if (depth > deepest || compared.get(a) === b) return null;
  compared.set(a, b);
  const inner = (x: unknown, y: unknown, path: string) => difference(x, y, path, compared, depth + 1);
  if (typeof a === 'function' && typeof b === 'function') {
    // Packages define both anew, with values of any type.
    for (const key of ['name', 'length'] as const) {
      const found = inner(a[key], b[key], `${at}.${key}`);
      if (found !== null) return found;
    }
  } else if (classOf(a) !== classOf(b)) return `class of ${at}: ${classOf(a)}, ${classOf(b)}`;
  if ((types.isMap(a) && types.isMap(b)) || (types.isSet(a) && types.isSet(b)))
    return inner([...a], [...b], at);
  if (types.isDate(a) && types.isDate(b)) return inner(a.getTime(), b.getTime(), at);
  const keys = keysOf(a);
  if (keys.join() !== keysOf(b).join()) return `keys of ${at}: ${keys}; ${keysOf(b)}`;
  for (const key of keys) {
    const found = inner(valueAt(a, key), valueAt(b, key), `${at}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

/** A stack names the files, which differ. */
function keysOf(value: object): string[] {
  const keys = Object.keys(value);
  return types.isNativeError(value) || 'stack' in value ? keys.filter((key) => key !== 'stack') : keys;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function shown(value: unknown): string {
  if (isObject(value)) return typeof value === 'function' ? 'a function' : `a ${classOf(value) || 'value'}`;
  return String(Object.is(value, -0) ? '-0' : value).slice(0, 40);
}

/** A getter may throw. */
function valueAt(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key];
  } catch (error) {
    return { thrown: error instanceof Error ? error.constructor.name : String(error) };
  }
}

function classOf(value: object): string {
  const own = (value as { readonly constructor?: { readonly name?: unknown } }).constructor;
  return typeof own?.name === 'string' ? own.name : '';
}
