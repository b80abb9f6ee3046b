/**
 * JSON with the numbers that JSON lacks: NaN and the infinities are the strings "NaN", "Infinity", "-Infinity"; typed
 * arrays are plain lists.
 */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, replacer, indent);
}

/** Reads what `toJson` wrote, the three strings back to numbers. A name that is "NaN" would turn into a number too. */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_key, value) =>
    value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : value,
  );
}

function replacer(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value instanceof Float64Array) return Array.from(value);
  return value;
}
