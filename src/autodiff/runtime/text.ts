import { Traced } from '../traced';

/**
 * ToPrimitive (ECMA-262, 7.1.1), except that a user's valueOf or Symbol.toPrimitive may return a traced
 * value, which the native one would treat as an object.
 */
export function toPrimitive(value: unknown, hint: 'default' | 'number' | 'string'): unknown {
  if (value instanceof Traced || !isObject(value)) return value;
  const exotic = (value as { [Symbol.toPrimitive]?: unknown })[Symbol.toPrimitive];
  if (exotic !== undefined && exotic !== null) {
    const result: unknown = Reflect.apply(exotic as () => unknown, value, [hint]);
    if (isPrimitive(result)) return result;
    throw new TypeError('Cannot convert object to primitive value');
  }
  for (const name of hint === 'string' ? textFirst : numberFirst) {
    const method: unknown = (value as Record<string, unknown>)[name];
    if (typeof method !== 'function') continue;
    const result: unknown =
      method === Array.prototype.toString && Array.isArray(value) && value.join === Array.prototype.join
        ? joined(value, ',')
        : Reflect.apply(method, value, []);
    if (isPrimitive(result)) return result;
  }
  throw new TypeError('Cannot convert object to primitive value');
}

const textFirst = ['toString', 'valueOf'] as const;
const numberFirst = ['valueOf', 'toString'] as const;

function isPrimitive(value: unknown): boolean {
  return value instanceof Traced || !isObject(value);
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** `${value}`: ToString, where traced values become their numbers, also inside arrays. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Traced) return value.toString();
  const primitive = toPrimitive(value, 'string');
  return primitive instanceof Traced ? primitive.toString() : `${primitive as string}`;
}

const beingJoined = new Set<ArrayLike<unknown>>();

/** Array.prototype.join, which skips circular references. */
export function joined(array: ArrayLike<unknown>, separator: string): string {
  if (beingJoined.has(array)) return '';
  beingJoined.add(array);
  try {
    let result = '';
    for (let i = 0; i < array.length; i++) {
      if (i > 0) result += separator;
      const element = array[i];
      if (element !== undefined && element !== null) result += text(element);
    }
    return result;
  } finally {
    beingJoined.delete(array);
  }
}
