import type { BinaryExpression } from '@babel/types';

/**
 * The static type of a value. `none`: not known yet (a loop whose analysis is not complete); `primitive`: any
 * primitive, which is never traced; `untraced`: a primitive or an object that is not a handle, but may
 * contain handles; `unknown`: it may be traced.
 */
export type StaticKind =
  | 'none'
  | 'number'
  | 'string'
  | 'boolean'
  | 'nullish'
  | 'bigint'
  | 'primitive'
  | 'object'
  | 'untraced'
  | 'unknown';

export function isPrimitive(kind: StaticKind): boolean {
  return kind !== 'object' && kind !== 'untraced' && kind !== 'unknown';
}

export function isUntraced(kind: StaticKind): boolean {
  return kind !== 'unknown';
}

/** Whether a value is certainly not a number, and therefore not strictly equal to any number. */
export function isNoNumber(kind: StaticKind): boolean {
  return (
    kind === 'string' || kind === 'boolean' || kind === 'nullish' || kind === 'bigint' || kind === 'object'
  );
}

export function join(a: StaticKind, b: StaticKind): StaticKind {
  if (a === b || b === 'none') return a;
  if (a === 'none') return b;
  if (isPrimitive(a) && isPrimitive(b)) return 'primitive';
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'untraced';
}

/** The result type of an arithmetic operator. */
export function arithmeticKind(
  operator: BinaryExpression['operator'],
  a: StaticKind,
  b: StaticKind,
): StaticKind {
  if (operator === '+' && (a === 'string' || b === 'string')) return 'string';
  if (a === 'none' || b === 'none') return 'none';
  const mayBeBig = [a, b].some((kind) => kind === 'bigint' || kind === 'primitive' || !isPrimitive(kind));
  // Integer operators always give plain values.
  if (/^(?:[|&^]|<<|>>>?)$/.test(operator)) return mayBeBig ? 'primitive' : 'number';
  if (!isPrimitive(a) || !isPrimitive(b)) return 'unknown';
  return mayBeBig ? 'primitive' : 'number';
}
