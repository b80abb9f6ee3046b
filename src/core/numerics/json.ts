/**
 * The JSON that the command line prints. NaN and the infinities, which JSON does not have, become the strings
 * "NaN", "Infinity", "-Infinity"; a Float64Array becomes a plain list. For external readers only, because
 * such a string cannot be distinguished from a string value. Run records and frames, which the product reads
 * back, use other formats (`runs/files/jsonNumbers.ts`, `protocol/frames.ts`).
 */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, replacer, indent);
}

function replacer(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value instanceof Float64Array) return Array.from(value);
  return value;
}
