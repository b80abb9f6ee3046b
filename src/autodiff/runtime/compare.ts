import { numberOf, Traced } from '../traced';
import type { ComparisonOperators } from './api';
import { plain } from './coerce';
import { nativeOf } from './standIn';
import { isObject, text, toPrimitive } from './text';

/** The primitive of an operand of `<`; for a traced value its number. */
function comparable(value: unknown): number {
  // The types say number; strings and BigInts go through the same operators.
  return plain(toPrimitive(value, 'number')) as number;
}

function lt(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  return comparable(a) < comparable(b);
}

function le(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a <= b;
  return comparable(a) <= comparable(b);
}

function gt(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a > b;
  return comparable(a) > comparable(b);
}

function ge(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a >= b;
  return comparable(a) >= comparable(b);
}

function eq(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  return loose(plain(a), plain(b));
}

/** An object that is compared with a primitive is converted to a primitive, which may be traced. */
function loose(a: unknown, b: unknown): boolean {
  if (isObject(a) && isObject(b)) return nativeOf(a) === nativeOf(b);
  if (a === null || a === undefined || b === null || b === undefined) return equal(a, b);
  if (isObject(a)) return loose(plain(toPrimitive(a, 'default')), b);
  if (isObject(b)) return loose(a, plain(toPrimitive(b, 'default')));
  return equal(a, b);
}

function equal(a: unknown, b: unknown): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: this is the operator
  return a == b;
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  return identity(a) === identity(b);
}

/** The value that `===` compares. Only functions stand in for others. */
function identity(value: unknown): unknown {
  if (typeof value === 'object') return value instanceof Traced ? numberOf(value) : value;
  return typeof value === 'function' ? nativeOf(value) : value;
}

function truthy(a: unknown): boolean {
  return a instanceof Traced ? Boolean(numberOf(a)) : Boolean(a);
}

export const comparison: ComparisonOperators = {
  lt,
  le,
  gt,
  ge,
  eq,
  ne: (a, b) => !eq(a, b),
  same,
  differ: (a, b) => !same(a, b),
  truthy,
  plain: identity,
  typeOf: (v) => (v instanceof Traced ? 'number' : typeof v),
  text,
};
