import type { ArithmeticOperation } from '../rules';
import type { IntegerOperator } from '../runtime/api';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '**';

/** The runtime's methods, which are the operations of the derivative table. */
export const arithmeticMethods: {
  readonly [O in ArithmeticOperator]: Exclude<ArithmeticOperation, 'neg'> | 'pow';
} = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'mod',
  '**': 'pow',
};

const integerOperators: ReadonlySet<string> = new Set(['|', '&', '^', '<<', '>>', '>>>']);

export function isArithmetic(operator: string): operator is ArithmeticOperator {
  return Object.hasOwn(arithmeticMethods, operator);
}

export function isInteger(operator: string): operator is IntegerOperator {
  return integerOperators.has(operator);
}
