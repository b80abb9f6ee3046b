import { cuts } from '../cuts';
import { noSite } from '../sites';
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

function lt(a: unknown, b: unknown, site: number = noSite): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  const result = comparable(a) < comparable(b);
  if (cuts.comparing) compared(a, b, result, site);
  return result;
}

function le(a: unknown, b: unknown, site: number = noSite): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a <= b;
  const result = comparable(a) <= comparable(b);
  if (cuts.comparing) compared(a, b, result, site);
  return result;
}

function gt(a: unknown, b: unknown, site: number = noSite): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a > b;
  const result = comparable(a) > comparable(b);
  if (cuts.comparing) compared(a, b, result, site);
  return result;
}

function ge(a: unknown, b: unknown, site: number = noSite): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a >= b;
  const result = comparable(a) >= comparable(b);
  if (cuts.comparing) compared(a, b, result, site);
  return result;
}

function eq(a: unknown, b: unknown, site: number = noSite): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  const result = loose(plain(a), plain(b));
  if (cuts.comparing) compared(a, b, result, site);
  return result;
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

function same(a: unknown, b: unknown, site: number = noSite): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  const result = identity(a) === identity(b);
  if (cuts.comparing) compared(a, b, result, site);
  return result;
}

/** Records a comparison of numbers of which at least one is traced. */
function compared(a: unknown, b: unknown, result: boolean, site: number): void {
  const [left, right] = [plain(a), plain(b)];
  if (typeof left !== 'number' || typeof right !== 'number') return;
  const nodeOf = (value: unknown) => (value instanceof Traced ? value.tapeIndex : -1);
  cuts.add(nodeOf(a), Number(result), site, { right: nodeOf(b), gap: left - right });
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
  ne: (a, b, site) => !eq(a, b, site),
  same,
  differ: (a, b, site) => !same(a, b, site),
  truthy,
  plain: identity,
  typeOf: (v) => (v instanceof Traced ? 'number' : typeof v),
  text,
};
