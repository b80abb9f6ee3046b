import type { ArithmeticOperator, ComparisonOperator, LogicOperator } from './expression';
import type { Span } from './problem';

/** A step of a path: `.x` and `["0.weight"]` are names, `[3]` is an index. */
export type PathPart = Span &
  ({ readonly kind: 'name'; readonly name: string } | { readonly kind: 'index'; readonly index: Syntax });

/** An expression as it is written, before its names are known. */
export type Syntax = Span &
  (
    | { readonly kind: 'number'; readonly value: number }
    /** `loss`, `update.x`, `params.w[0]` */
    | {
        readonly kind: 'path';
        readonly name: string;
        readonly nameSpan: Span;
        readonly parts: readonly PathPart[];
      }
    | { readonly kind: 'unary'; readonly operator: '-' | '+' | '!'; readonly of: Syntax }
    | {
        readonly kind: 'binary';
        readonly operator: ArithmeticOperator | ComparisonOperator | LogicOperator;
        readonly left: Syntax;
        readonly right: Syntax;
      }
    | {
        readonly kind: 'choice';
        readonly test: Syntax;
        readonly whenTrue: Syntax;
        readonly whenFalse: Syntax;
      }
    | {
        readonly kind: 'call';
        readonly name: string;
        readonly nameSpan: Span;
        readonly arguments: readonly Syntax[];
      }
  );
