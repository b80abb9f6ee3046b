import * as v from 'valibot';

/**
 * Numbers in a record's JSON. A number that JSON does not have is stored as { number: "NaN" }, not as the
 * word alone, because a name may be "NaN". A long vector is { float64: base64 of its bytes, little endian },
 * so that a million numbers are read in milliseconds.
 */
const words = ['NaN', 'Infinity', '-Infinity', '-0'] as const;

export function replaceNumbers(_key: string, value: unknown): unknown {
  if (Object.is(value, -0)) return { number: '-0' };
  if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) };
  if (value instanceof Float64Array)
    return { float64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
  return value;
}

/** A number, finite or not. */
export const number = v.union([
  v.number(),
  v.pipe(
    v.strictObject({ number: v.picklist(words) }),
    v.transform((value) => Number(value.number)),
  ),
]);

export const vector = v.pipe(
  v.strictObject({ float64: v.string() }),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const text = dataset.value.float64;
    const bytes = Buffer.from(text, 'base64');
    // Node ignores characters that are not base64, and then returns fewer bytes than the length of the text
    // implies.
    const expected = (text.length / 4) * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
    if (bytes.length !== expected || bytes.length % Float64Array.BYTES_PER_ELEMENT !== 0) {
      addIssue({ message: 'the numbers of a vector are cut off' });
      return NEVER;
    }
    const values = new Float64Array(bytes.length / Float64Array.BYTES_PER_ELEMENT);
    new Uint8Array(values.buffer).set(bytes);
    return values;
  }),
);
