import type { CoordinateQuantity, GlobalQuantity } from '../trace/names';

/** Values with one number per step: the quantities of a step, its number, and the bound of its updates. */
export type StepValue = GlobalQuantity | 'step' | 'bound';

/** The type of an expression: one value, or one for each of several coordinates. */
export type ValueType = 'number' | 'boolean' | 'numbers' | 'booleans';

export type UnaryOperator = '-' | '!' | 'abs' | 'sqrt' | 'exp' | 'log' | 'log10' | 'isnan' | 'isfinite';

export type ComparisonOperator = '<' | '<=' | '>' | '>=' | '==' | '!=';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '**';
export type LogicOperator = '&&' | '||';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | LogicOperator | 'min' | 'max';

/** From the numbers of several coordinates to one; `sum` of a condition counts where it holds. */
export type Fold = 'sum' | 'mean' | 'norm' | 'min' | 'max' | 'any' | 'all';

/**
 * A checked expression as a tree of plain JSON, which may be sent to another thread. True is 1 and false is 0 inside. A node for
 * several coordinates has `isVector`.
 */
export type ExpressionNode =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'scalar'; readonly name: StepValue }
  | { readonly kind: 'coordinate'; readonly name: CoordinateQuantity; readonly coordinate: number }
  /** Of the coordinate whose index is computed; NaN if there is none. */
  | { readonly kind: 'element'; readonly name: CoordinateQuantity; readonly index: ExpressionNode }
  /** Of the recorded coordinates `from` to `to`, both included. */
  | {
      readonly kind: 'vector';
      readonly name: CoordinateQuantity;
      readonly from: number;
      readonly to: number;
      readonly isVector: true;
    }
  | {
      readonly kind: 'unary';
      readonly operator: UnaryOperator;
      readonly of: ExpressionNode;
      readonly isVector: boolean;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: ExpressionNode;
      readonly right: ExpressionNode;
      readonly isVector: boolean;
    }
  | {
      readonly kind: 'choice';
      readonly test: ExpressionNode;
      readonly whenTrue: ExpressionNode;
      readonly whenFalse: ExpressionNode;
      readonly isVector: boolean;
    }
  | { readonly kind: 'fold'; readonly fold: Fold; readonly of: ExpressionNode }
  /** The index of the coordinate with the largest number, among those from `from` on. */
  | { readonly kind: 'position'; readonly of: ExpressionNode; readonly from: number };

/** A compiled expression: plain JSON. */
export interface StepExpression {
  readonly type: ValueType;
  readonly node: ExpressionNode;
}

export type ExpressionValue = number | boolean | Float64Array;

/** The values of one step. Only those that an evaluation reads are computed. */
export interface ExpressionStep {
  scalar(name: StepValue): number;
  /** NaN if the coordinate does not exist or is not recorded. */
  at(name: CoordinateQuantity, coordinate: number): number;
  /** Of the recorded coordinates `from` to `to`, both included. The caller may not write to it, and the next step may overwrite it. */
  vector(name: CoordinateQuantity, from: number, to: number): Float64Array;
  /** The `place`-th recorded coordinate, counted from the first one that is not before `from`. */
  coordinateAt(from: number, place: number): number;
}
