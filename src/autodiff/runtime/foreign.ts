import { refuse } from '../refusal';
import { Traced } from '../traced';

/** The largest number of objects that are searched for traced values; larger arguments are refused. */
const maximalObjects = 1_000_000;

/**
 * Whether the values contain a traced value: among elements, own properties, and entries of maps and sets.
 */
export function holdsTraced(...values: readonly unknown[]): boolean {
  const seen = new Set<object>();
  const open: unknown[] = [...values];
  while (open.length > 0) {
    const value = open.pop();
    if (value instanceof Traced) return true;
    if (typeof value !== 'object' || value === null || seen.has(value) || ArrayBuffer.isView(value)) continue;
    seen.add(value);
    if (seen.size > maximalObjects) return true;
    if (value instanceof Map) for (const [key, held] of value) open.push(key, held);
    else if (value instanceof Set) for (const held of value) open.push(held);
    if (Array.isArray(value)) for (const element of value) open.push(element);
    else
      for (const key of Reflect.ownKeys(value)) {
        const own = Object.getOwnPropertyDescriptor(value, key);
        if (own && 'value' in own) open.push(own.value);
      }
  }
  return false;
}

/**
 * `fn.apply(thisArg, args)` for code that is not instrumented, which would use a traced value as an object.
 */
export function foreign(fn: unknown, thisArg: unknown, args: readonly unknown[], site: number): unknown {
  if (holdsTraced(thisArg, ...args))
    refuse(
      'foreign-call',
      `a value that depends on the parameters is passed to ${nameOf(fn)}, which is not differentiated, so its derivative would be lost`,
      site,
    );
  return Reflect.apply(fn as () => unknown, thisArg, args);
}

function nameOf(fn: unknown): string {
  return typeof fn === 'function' && fn.name !== '' ? `${fn.name}()` : 'a function';
}
