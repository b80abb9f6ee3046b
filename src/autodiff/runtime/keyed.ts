import { numberOf, Traced } from '../traced';
import { standingInFor } from './standIn';

/** Map and Set compare keys by value, so a traced key is represented by its number. */
function keyOf(key: unknown): unknown {
  return key instanceof Traced ? numberOf(key) : key;
}

/**
 * The keys that were inserted as traced values, by their numbers, so that iteration returns the traced
 * values. As in native maps, a later equal key does not replace the first one.
 */
class TracedKeys {
  readonly #keys = new Map<unknown, Traced>();

  put(key: unknown): void {
    if (key instanceof Traced) this.#keys.set(numberOf(key), key);
  }

  drop(key: unknown): void {
    if (this.#keys.size > 0) this.#keys.delete(keyOf(key));
  }

  clear(): void {
    this.#keys.clear();
  }

  original(key: unknown): unknown {
    return this.#keys.size === 0 ? key : (this.#keys.get(key) ?? key);
  }
}

type Entry = readonly [unknown, unknown];

class ValueMap extends Map<unknown, unknown> {
  readonly #traced = new TracedKeys();

  constructor(entries?: Iterable<Entry> | null) {
    // The native constructor would call `set` before the field exists.
    super();
    if (entries === undefined || entries === null) return;
    for (const entry of entries) {
      if (typeof entry !== 'object' || entry === null)
        throw new TypeError(`Iterator value ${String(entry)} is not an entry object`);
      this.set(entry[0], entry[1]);
    }
  }

  override get(key: unknown): unknown {
    return super.get(keyOf(key));
  }

  override has(key: unknown): boolean {
    return super.has(keyOf(key));
  }

  override set(key: unknown, value: unknown): this {
    if (key instanceof Traced && !this.has(key)) this.#traced.put(key);
    return super.set(keyOf(key), value);
  }

  override delete(key: unknown): boolean {
    this.#traced.drop(key);
    return super.delete(keyOf(key));
  }

  override clear(): void {
    this.#traced.clear();
    super.clear();
  }

  override *entries(): MapIterator<[unknown, unknown]> {
    for (const [key, value] of super.entries()) yield [this.#traced.original(key), value];
  }

  override *keys(): MapIterator<unknown> {
    for (const key of super.keys()) yield this.#traced.original(key);
  }

  override [Symbol.iterator](): MapIterator<[unknown, unknown]> {
    return this.entries();
  }

  override forEach(
    callback: (value: unknown, key: unknown, map: Map<unknown, unknown>) => void,
    thisArg?: unknown,
  ): void {
    super.forEach((value, key) => {
      callback.call(thisArg, value, this.#traced.original(key), this);
    });
  }
}

class ValueSet extends Set<unknown> {
  readonly #traced = new TracedKeys();

  constructor(elements?: Iterable<unknown> | null) {
    super();
    if (elements !== undefined && elements !== null) for (const element of elements) this.add(element);
  }

  override has(element: unknown): boolean {
    return super.has(keyOf(element));
  }

  override add(element: unknown): this {
    if (element instanceof Traced && !this.has(element)) this.#traced.put(element);
    return super.add(keyOf(element));
  }

  override delete(element: unknown): boolean {
    this.#traced.drop(element);
    return super.delete(keyOf(element));
  }

  override clear(): void {
    this.#traced.clear();
    super.clear();
  }

  override *values(): SetIterator<unknown> {
    for (const element of super.values()) yield this.#traced.original(element);
  }

  override keys(): SetIterator<unknown> {
    return this.values();
  }

  override *entries(): SetIterator<[unknown, unknown]> {
    for (const element of this.values()) yield [element, element];
  }

  override [Symbol.iterator](): SetIterator<unknown> {
    return this.values();
  }

  override forEach(
    callback: (element: unknown, again: unknown, set: Set<unknown>) => void,
    thisArg?: unknown,
  ): void {
    super.forEach((key) => {
      const element = this.#traced.original(key);
      callback.call(thisArg, element, element, this);
    });
  }
}

/** Makes `instanceof` true also for a native Map or Set that was created by code that is not instrumented. */
function withNativeInstances<T extends MapConstructor | SetConstructor>(native: T, own: object): T {
  return Object.defineProperties(standingInFor(native, own, { prototype: (own as T).prototype }), {
    [Symbol.hasInstance]: {
      value(this: object, value: unknown): boolean {
        return (
          Function.prototype[Symbol.hasInstance].call(this, value) ||
          (this === own && value instanceof native)
        );
      },
    },
  });
}

export const valueMap = withNativeInstances(Map, ValueMap);
export const valueSet = withNativeInstances(Set, ValueSet);
