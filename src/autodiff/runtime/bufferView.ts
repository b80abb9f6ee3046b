/** The interface of a buffer to its views. */
interface Viewed {
  readonly length: number;
  readonly buffer: ArrayBuffer;
  readonly byteOffset: number;
  readonly BYTES_PER_ELEMENT: number;
  [index: number]: unknown;
  slice(from: number, to: number): unknown;
}

/**
 * A part of a buffer with its own indices, as returned by `subarray`. It is a proxy and therefore slower than
 * a buffer.
 *
 * @param own    of the view's kind and length; its elements are not used
 * @param from   where the view begins
 */
export function bufferView<B extends Viewed>(whole: B, own: B, from: number): B {
  // What console.log shows; it looks through the proxy.
  Object.defineProperty(own, Symbol.for('nodejs.util.inspect.custom'), {
    value: () => whole.slice(from, from + own.length),
  });
  return new Proxy(own, {
    get(target, key, receiver) {
      const index = indexOf(key);
      if (index >= 0) return index < target.length ? whole[from + index] : undefined;
      if (key === 'buffer') return whole.buffer;
      if (key === 'byteOffset') return whole.byteOffset + from * whole.BYTES_PER_ELEMENT;
      return Reflect.get(target, key, receiver);
    },
    set(target, key, value) {
      const index = indexOf(key);
      if (index < 0) return Reflect.set(target, key, value);
      if (index < target.length) whole[from + index] = value;
      return true;
    },
    getOwnPropertyDescriptor(target, key) {
      const index = indexOf(key);
      if (index >= 0 && index < target.length) target[index] = whole[from + index];
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    deleteProperty: () => false,
  });
}

/** −1 if the key names no element. */
function indexOf(key: string | symbol): number {
  if (typeof key === 'symbol') return -1;
  const index = Number(key);
  return Number.isInteger(index) && String(index) === key ? index : -1;
}
