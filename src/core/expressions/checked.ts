import type { ExpressionNode, ValueType } from './expression';
import type { Span } from './problem';

/** The coordinates that the numbers of an expression belong to. */
export interface Domain {
  /** The first coordinate; null if the expression combines different parts. */
  readonly first: number | null;
  /** The number of recorded coordinates. */
  readonly count: number;
}

/** A part of an expression whose names and types are known. */
export interface Checked extends Span {
  readonly node: ExpressionNode;
  readonly type: ValueType;
  /** null for one value. */
  readonly domain: Domain | null;
}

export function isCondition({ type }: Checked): boolean {
  return type === 'boolean' || type === 'booleans';
}
