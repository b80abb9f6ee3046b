import { refuse } from '../refusal';
import { holdsTraced } from './foreign';
import { float32, float64, WorkBuffer } from './workBuffer';

/** structuredClone, which would copy a traced value as an object without its derivative. */
export function cloned(value: unknown, options?: unknown): unknown {
  if (holdsTraced(value))
    refuse(
      'coercion',
      'a value that depends on the parameters is passed to structuredClone, so its derivative would be lost',
    );
  const natively = mapped(value, (each) => (each instanceof WorkBuffer ? each.copied() : each), new Map());
  const copy = structuredClone(natively, options as Parameters<typeof structuredClone>[1]);
  return natively === value ? copy : mapped(copy, workBufferOf, new Map());
}

function workBufferOf(value: unknown): unknown {
  if (value instanceof Float64Array) return new float64(value);
  return value instanceof Float32Array ? new float32(value) : value;
}

/**
 * A value with some of its parts replaced, in arrays and plain objects.
 *
 * @param known  what became of the objects that were met, because they may be circular
 * @returns the value itself if nothing was replaced
 */
function mapped(value: unknown, replace: (part: unknown) => unknown, known: Map<object, unknown>): unknown {
  const replaced = replace(value);
  if (replaced !== value || typeof value !== 'object' || value === null) return replaced;
  if (known.has(value)) return known.get(value);
  known.set(value, value);
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return value;
  const parts = Object.entries(value).map(([key, part]) => [key, mapped(part, replace, known)] as const);
  if (parts.every(([key, part]) => part === (value as Record<string, unknown>)[key])) return value;
  const made = Object.assign(Array.isArray(value) ? [] : {}, Object.fromEntries(parts));
  known.set(value, made);
  return made;
}
