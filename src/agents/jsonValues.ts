import * as v from 'valibot';
import { toJson } from '../core/numerics/json';

/** A number of a result. JSON has no NaN and no infinities, so they are texts, as in the output of `adamscope run --json`. */
export const anyNumber = v.union([v.number(), v.picklist(['NaN', 'Infinity', '-Infinity'])]);

/** The value as JSON has it. */
export function asJson(value: unknown): Record<string, unknown> {
  return JSON.parse(toJson(value)) as Record<string, unknown>;
}
