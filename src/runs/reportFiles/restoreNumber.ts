import * as v from 'valibot';
import { number, vector } from '../format/jsonNumbers';

/** The reverse of `replaceNumbers`, for `JSON.parse`. */
export function restoreNumber(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return value;
  const schema = 'number' in value ? number : 'float64' in value ? vector : null;
  const result = schema && v.safeParse(schema, value);
  return result?.success ? result.output : value;
}
