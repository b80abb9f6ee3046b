/**
 * The derivative table: every operation with its value and its partial derivatives.
 *
 * The texts are JavaScript expressions in the operands `a` and `b`, the result `r` and `Math`. They use no
 * other names but `tie`, have no side effects, and can be inserted in parentheses anywhere. Code that needs a
 * derivative compiles or inlines them.
 */
export interface DerivativeRule {
  /** The result in terms of `a` and `b`; bit-identical to the native operation. */
  readonly value: string;
  /**
   * For each operand the partial derivative in terms of `a`, `b` and `r`. '0': the operand has no derivative.
   * `tie`: it depends on a direction.
   */
  readonly partials: readonly [string] | readonly [string, string];
  /** The condition, in terms of `a`, `b` and `r`, under which the partial derivatives depend on a direction: see ties.ts. */
  readonly tie?: string;
}

/** The functions of `Math` that return a number, except `random`, which has no operand. */
export type MathOperation = Exclude<
  { [Name in keyof Math]: Math[Name] extends (...numbers: number[]) => number ? Name : never }[keyof Math],
  'random'
>;

/** `pow` stands for both `**` and Math.pow, which give the same results for numbers. */
export type ArithmeticOperation = 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'neg';

export type OperationName = ArithmeticOperation | MathOperation;

/** The operations with a kink, where the derivative depends on a direction. */
export type TieName = 'max' | 'min' | 'abs' | 'hypot';

export function isTieName(name: string): name is TieName {
  return Object.hasOwn(rules, name) && rules[name as OperationName].tie !== undefined;
}

/**
 * Where a derivative does not exist, the table chooses:
 *
 *   abs at 0; hypot at (0, 0); max, min of equal operands                              see ties.ts
 *   sign at 0; atan2 at (0, 0); floor, ceil, round, trunc, imul, clz32                 0
 *   x % y                                                                              1 and −trunc(x / y)
 *   x ** 0 by x; 0 ** y by y, y ≥ 0                                                    0
 *   sqrt, log, cbrt, x ** y (0 < y < 1) at 0; asin, acos, atanh at ±1; acosh at 1      ±∞
 *   fround                                                                             1
 *
 * Outside of the domain, and for a selection with a NaN operand, the derivative is NaN. `max`, `min` and
 * `hypot` are binary here. For more operands, the partial derivatives of hypot are operand / r.
 */
export const rules: { readonly [Name in OperationName]: DerivativeRule } & {
  readonly [Name in TieName]: { readonly tie: string };
} = {
  add: { value: 'a + b', partials: ['1', '1'] },
  sub: { value: 'a - b', partials: ['1', '-1'] },
  mul: { value: 'a * b', partials: ['b', 'a'] },
  div: { value: 'a / b', partials: ['1 / b', '-r / b'] },
  // a = qb + r with an integer q: rounding (a − r)/b finds q even where a/b was rounded across an integer.
  mod: { value: 'a % b', partials: ['1', 'Math.round((r - a) / b)'] },
  neg: { value: '-a', partials: ['-1'] },

  // By far the most common exponent is 2: a * a has the same result as Math.pow and is twenty times faster.
  pow: {
    value: 'b === 2 ? a * a : Math.pow(a, b)',
    partials: [
      'b === 2 ? 2 * a : b === 0 ? 0 : b * Math.pow(a, b - 1)',
      'r === 0 || (a === 0 && b === 0) ? 0 : r * Math.log(a)',
    ],
  },
  // sqrt(−0) is −0, but its derivative is +∞.
  sqrt: { value: 'Math.sqrt(a)', partials: ['a === 0 ? Infinity : 0.5 / r'] },
  cbrt: { value: 'Math.cbrt(a)', partials: ['1 / (3 * r * r)'] },
  hypot: {
    value: 'Math.hypot(a, b)',
    partials: ['r === 0 ? tie : a / r', 'r === 0 ? tie : b / r'],
    tie: 'r === 0',
  },

  exp: { value: 'Math.exp(a)', partials: ['r'] },
  // The derivative is not computed as r + 1, because r rounds to −1 for a ≤ −37.5, and r + 1 is then 0.
  expm1: { value: 'Math.expm1(a)', partials: ['Math.exp(a)'] },
  log: { value: 'Math.log(a)', partials: ['a > 0 ? 1 / a : a === 0 ? Infinity : NaN'] },
  log1p: { value: 'Math.log1p(a)', partials: ['a > -1 ? 1 / (1 + a) : a === -1 ? Infinity : NaN'] },
  log2: { value: 'Math.log2(a)', partials: ['a > 0 ? Math.LOG2E / a : a === 0 ? Infinity : NaN'] },
  log10: { value: 'Math.log10(a)', partials: ['a > 0 ? Math.LOG10E / a : a === 0 ? Infinity : NaN'] },

  sin: { value: 'Math.sin(a)', partials: ['Math.cos(a)'] },
  cos: { value: 'Math.cos(a)', partials: ['-Math.sin(a)'] },
  tan: { value: 'Math.tan(a)', partials: ['1 + r * r'] },
  asin: { value: 'Math.asin(a)', partials: ['1 / Math.sqrt((1 - a) * (1 + a))'] },
  acos: { value: 'Math.acos(a)', partials: ['-1 / Math.sqrt((1 - a) * (1 + a))'] },
  atan: { value: 'Math.atan(a)', partials: ['1 / (1 + a * a)'] },
  // a / (a² + b²) with the larger operand divided out, so that squares neither overflow nor vanish.
  atan2: {
    value: 'Math.atan2(a, b)',
    partials: [
      'a === 0 && b === 0 ? 0 : Math.abs(b) >= Math.abs(a) ? 1 / (b + a * (a / b)) : b / a / (a + b * (b / a))',
      'a === 0 && b === 0 ? 0 : Math.abs(a) >= Math.abs(b) ? -1 / (a + b * (b / a)) : -(a / b) / (b + a * (a / b))',
    ],
  },

  sinh: { value: 'Math.sinh(a)', partials: ['Math.cosh(a)'] },
  cosh: { value: 'Math.cosh(a)', partials: ['Math.sinh(a)'] },
  // 1 − r² loses all digits where tanh saturates, where a vanishing gradient must be distinguished from 0.
  tanh: {
    value: 'Math.tanh(a)',
    partials: ['Math.abs(r) < 0.9 ? 1 - r * r : 1 / (Math.cosh(a) * Math.cosh(a))'],
  },
  asinh: { value: 'Math.asinh(a)', partials: ['1 / Math.hypot(a, 1)'] },
  acosh: { value: 'Math.acosh(a)', partials: ['1 / (Math.sqrt(a - 1) * Math.sqrt(a + 1))'] },
  atanh: { value: 'Math.atanh(a)', partials: ['Math.abs(a) <= 1 ? 1 / ((1 - a) * (1 + a)) : NaN'] },

  max: {
    value: 'Math.max(a, b)',
    partials: ['a > b ? 1 : a < b ? 0 : a === b ? tie : NaN', 'b > a ? 1 : b < a ? 0 : a === b ? tie : NaN'],
    tie: 'a === b',
  },
  min: {
    value: 'Math.min(a, b)',
    partials: ['a < b ? 1 : a > b ? 0 : a === b ? tie : NaN', 'b < a ? 1 : b > a ? 0 : a === b ? tie : NaN'],
    tie: 'a === b',
  },
  abs: { value: 'Math.abs(a)', partials: ['a > 0 ? 1 : a < 0 ? -1 : a === 0 ? tie : NaN'], tie: 'a === 0' },
  sign: { value: 'Math.sign(a)', partials: ['0'] },
  floor: { value: 'Math.floor(a)', partials: ['0'] },
  ceil: { value: 'Math.ceil(a)', partials: ['0'] },
  round: { value: 'Math.round(a)', partials: ['0'] },
  trunc: { value: 'Math.trunc(a)', partials: ['0'] },
  fround: { value: 'Math.fround(a)', partials: ['1'] },
  imul: { value: 'Math.imul(a, b)', partials: ['0', '0'] },
  clz32: { value: 'Math.clz32(a)', partials: ['0'] },
};
