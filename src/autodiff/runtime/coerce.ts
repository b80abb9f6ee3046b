import { numberOfText } from '../texts';
import { numberOf, Traced } from '../traced';
import { joined } from './text';

/**
 * ToPrimitive (ECMA-262, 7.1.1), except that a user's valueOf or Symbol.toPrimitive may give a traced value, which the
 * native one would take for an object.
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

/**
 * ToNumeric: a number, a BigInt, or the traced value itself.
 *
 * @throws Refusal if the value is stale, or text was made and is turned back
 */
export function toNumeric(value: unknown): number | bigint | Traced {
  if (typeof value === 'number') return value;
  if (value instanceof Traced) return current(value);
  const primitive = toPrimitive(value, 'number');
  if (primitive instanceof Traced) return current(primitive);
  return typeof primitive === 'bigint' ? primitive : plainNumber(primitive);
}

/** ToNumber: a number, or the traced value itself; throws at a BigInt. */
export function toNumber(value: unknown): number | Traced {
  if (typeof value === 'number') return value;
  if (value instanceof Traced) return current(value);
  const primitive = toPrimitive(value, 'number');
  return primitive instanceof Traced ? current(primitive) : plainNumber(primitive);
}

/** @throws Refusal if it belongs to another evaluation */
export function current(handle: Traced): Traced {
  numberOf(handle);
  return handle;
}

/** The number that a traced value stands for; anything else as it is. */
export function plain(value: unknown): unknown {
  return value instanceof Traced ? numberOf(value) : value;
}

function plainNumber(primitive: unknown): number {
  return typeof primitive === 'string' ? numberOfText(primitive) : +(primitive as number);
}
