/** The functions that stand in the place of globals, and the globals themselves. */
const natives = new WeakMap<object, object>();

/** What `===` compares: `x.constructor === Array` must hold for the Array that rewritten code sees. */
export function nativeOf(value: object): object {
  return natives.get(value) ?? value;
}

/**
 * Makes `standIn` look like `native`: its name, length, prototype and statics, except those given.
 *
 * @param standIn  modified and returned
 */
export function standingInFor<T extends object>(
  native: T,
  standIn: object,
  statics: { readonly [name: string]: unknown } = {},
): T {
  for (const key of Reflect.ownKeys(native)) {
    const own = Object.getOwnPropertyDescriptor(native, key)!;
    const given = typeof key === 'string' && Object.hasOwn(statics, key) ? { value: statics[key] } : {};
    Object.defineProperty(standIn, key, { ...own, ...given });
  }
  natives.set(standIn, native);
  return standIn as T;
}
