import type { Data } from 'apache-arrow';

/** Integers below 2^53 as int64, written as two words, because a BigInt per number takes ten times as long. */
export function integersOf(values: Float64Array): BigInt64Array {
  const words = new Uint32Array(2 * values.length);
  values.forEach((value, i) => {
    words[2 * i] = value >>> 0;
    words[2 * i + 1] = Math.floor(value / 2 ** 32);
  });
  return new BigInt64Array(words.buffer);
}

/** The inverse of `integersOf`. */
export function floatsOf({ values, length }: Data): Float64Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * length);
  return Float64Array.from({ length }, (_, i) => words[2 * i]! + 2 ** 32 * words[2 * i + 1]!);
}
