import type { BinaryExpression } from '@babel/types';

/**
 * What is known of a value without running the program. `none`: there is none yet (a loop that was not followed to its
 * end); `primitive`: any primitive, which is never traced; `untraced`: a primitive or an object that is no handle, though
 * it may hold some; `unknown`: it may be traced.
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

/** Whether a value is certainly no number, so that it is strictly equal to none. */
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

/** What an arithmetic operator gives, of operands that are not traced by the rewritten one. */
export function arithmeticKind(
  operator: BinaryExpression['operator'],
  a: StaticKind,
  b: StaticKind,
): StaticKind {
  if (operator === '+' && (a === 'string' || b === 'string')) return 'string';
  if (a === 'none' || b === 'none') return 'none';
  const mayBeBig = [a, b].some((kind) => kind === 'bigint' || kind === 'primitive' || !isPrimitive(kind));
  // Integer operators give plain values, whatever they are given.
  if (/^(?:[|&^]|<<|>>>?)$/.test(operator)) return mayBeBig ? 'primitive' : 'number';
  if (!isPrimitive(a) || !isPrimitive(b)) return 'unknown';
  return mayBeBig ? 'primitive' : 'number';
}
