import type { Fold, UnaryOperator } from './expression';

/**
 * What a function takes and gives:
 *
 *   each   a number, or each number of several          min, max   one argument: a fold; several: one after another
 *   test   the same, and the result is true or false    position   the coordinate of the largest number
 *   fold   the numbers of several coordinates
 */
export type FunctionKind =
  | { readonly kind: 'each' | 'test'; readonly operator: UnaryOperator }
  | { readonly kind: 'fold'; readonly fold: Fold; readonly takes: 'numbers' | 'booleans' | 'either' }
  | { readonly kind: 'least'; readonly operator: 'min' | 'max' }
  | { readonly kind: 'position' };

/** The functions of the language. */
export const functions = {
  abs: { kind: 'each', operator: 'abs' },
  sqrt: { kind: 'each', operator: 'sqrt' },
  exp: { kind: 'each', operator: 'exp' },
  log: { kind: 'each', operator: 'log' },
  log10: { kind: 'each', operator: 'log10' },
  isnan: { kind: 'test', operator: 'isnan' },
  isfinite: { kind: 'test', operator: 'isfinite' },
  min: { kind: 'least', operator: 'min' },
  max: { kind: 'least', operator: 'max' },
  sum: { kind: 'fold', fold: 'sum', takes: 'numbers' },
  // The mean of a condition is the share of coordinates for which it holds.
  mean: { kind: 'fold', fold: 'mean', takes: 'either' },
  norm: { kind: 'fold', fold: 'norm', takes: 'numbers' },
  any: { kind: 'fold', fold: 'any', takes: 'booleans' },
  all: { kind: 'fold', fold: 'all', takes: 'booleans' },
  count: { kind: 'fold', fold: 'sum', takes: 'booleans' },
  argmax: { kind: 'position' },
} as const satisfies { readonly [name: string]: FunctionKind };

export type FunctionName = keyof typeof functions;

export const functionNames = Object.keys(functions) as readonly FunctionName[];

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(functions, name);
}
