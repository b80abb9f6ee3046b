/** Maps each replacement of a global to the global. */
const natives = new WeakMap<object, object>();

/**
 * The value that `===` compares: `x.constructor === Array` must hold for the Array that instrumented code
 * sees.
 */
export function nativeOf(value: object): object {
  return natives.get(value) ?? value;
}

/** Makes `===` treat a replacement as the object that it stands for. */
export function standsFor(standIn: object, native: object): void {
  natives.set(standIn, native);
}

/**
 * Gives `standIn` the name, length, prototype and static members of `native`, except the given ones.
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
