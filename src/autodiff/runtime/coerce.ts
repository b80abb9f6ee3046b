import { numberOfText } from '../texts';
import { numberOf, Traced } from '../traced';
import { toPrimitive } from './text';

/**
 * ToNumeric: a number, a BigInt, or the traced value itself.
 *
 * @throws Refusal if the value is stale, or if it is text after a traced value was converted to text
 */
export function toNumeric(value: unknown): number | bigint | Traced {
  if (typeof value === 'number') return value;
  if (value instanceof Traced) return current(value);
  const primitive = toPrimitive(value, 'number');
  if (primitive instanceof Traced) return current(primitive);
  return typeof primitive === 'bigint' ? primitive : plainNumber(primitive);
}

/** ToNumber: a number, or the traced value itself; throws at a BigInt. */
export function toNumber(value: unknown): number | Traced {
  if (typeof value === 'number') return value;
  if (value instanceof Traced) return current(value);
  const primitive = toPrimitive(value, 'number');
  return primitive instanceof Traced ? current(primitive) : plainNumber(primitive);
}

/** @throws Refusal if it belongs to another evaluation */
export function current(handle: Traced): Traced {
  numberOf(handle);
  return handle;
}

/** The number of a traced value; any other value unchanged. */
export function plain(value: unknown): unknown {
  return value instanceof Traced ? numberOf(value) : value;
}

function plainNumber(primitive: unknown): number {
  return typeof primitive === 'string' ? numberOfText(primitive) : +(primitive as number);
}
