/**
 * JSON as the command line prints it: the numbers that JSON lacks are the strings "NaN", "Infinity", "-Infinity", and typed
 * arrays are plain lists. For readers outside: a string and a number may look alike in it. What the product reads back
 * itself, run records and frames, is written otherwise (`runs/files/jsonNumbers.ts`, `protocol/frames.ts`).
 */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, replacer, indent);
}

function replacer(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value instanceof Float64Array) return Array.from(value);
  return value;
}
