import { refuse } from '../refusal';
import { Traced } from '../traced';

type Native = Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

interface Elements {
  readonly length: number;
  [index: number]: unknown;
}

/** The bytes of the buffers whose `.buffer` was read. */
const known = new WeakMap<object, Native>();
/** Each element becomes an accessor, which takes memory. */
const longest = 2 ** 16;

/**
 * The bytes of a buffer that holds only plain numbers: `new Uint32Array(f64.buffer)`. From then on its elements are read from
 * and written to these bytes, which other views share. A traced value has no bytes, so none can be stored any more.
 *
 * @param native  a new typed array of the same kind and length
 * @throws Refusal 'buffer' if it holds a traced value
 */
export function bytesOf(buffer: Elements, native: () => Native): ArrayBuffer {
  const before = known.get(buffer);
  if (before) return before.buffer;
  const isTooLong = buffer.length > longest;
  for (let i = 0; i < buffer.length; i++)
    if (isTooLong || buffer[i] instanceof Traced)
      refuse(
        'buffer',
        isTooLong
          ? `the bytes of a typed array of more than ${longest} elements are accessed (\`.buffer\`), so derivatives could be lost`
          : 'the bytes of a typed array are accessed (`.buffer`) while it holds values that depend on the parameters, so derivatives would be lost',
      );
  const bytes = native();
  known.set(buffer, bytes);
  for (let i = 0; i < buffer.length; i++) {
    bytes[i] = buffer[i] as number;
    Object.defineProperty(buffer, i, {
      enumerable: true,
      get: () => bytes[i],
      set(value: unknown) {
        if (value instanceof Traced) refuseStored();
        bytes[i] = value as number;
      },
    });
  }
  return bytes.buffer;
}

function refuseStored(): never {
  refuse(
    'buffer',
    'a value that depends on the parameters is stored in a typed array whose bytes are shared with other views (`.buffer`), so its derivative would be lost',
  );
}
