import type {
  BinaryExpression,
  ConditionalExpression,
  LogicalExpression,
  Node,
  UnaryExpression,
} from '@babel/types';
import type { ArithmeticOperation, OperationName } from '../../rules';
import type { Temp } from '../ir';
import type { Lowering } from './lowering';
import { runtimeValue, type Value } from './values';

const arithmetic: Readonly<Record<string, ArithmeticOperation | 'pow'>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'mod',
  '**': 'pow',
};
const comparisons = new Set(['<', '<=', '>', '>=', '==', '!=', '===', '!==']);
const identities = new Set(['==', '!=', '===', '!==']);
const integer = new Set(['|', '&', '^', '<<', '>>', '>>>']);

/** The rule of an operator or of the operator of a compound assignment. */
export function ruleOf(operator: string): OperationName | null {
  return arithmetic[operator] ?? null;
}

export function binary(low: Lowering, node: BinaryExpression): Temp {
  const isIdentity = identities.has(node.operator);
  const left = isIdentity ? low.operand(node.left) : low.scalar(node.left);
  const right = isIdentity ? low.operand(node.right) : low.scalar(node.right);
  return operate(low, node.operator, left, right, node);
}

export function operate(low: Lowering, operator: string, left: Temp, right: Temp, node: Node): Temp {
  const rule = ruleOf(operator);
  if (rule) return low.builder.rule(rule, [left, right], low.site(node));
  if (comparisons.has(operator)) return low.question(['(', ` ${operator} `, ')'], [left, right], node);
  if (integer.has(operator)) return low.plain(['(', ` ${operator} `, ')'], [left, right], node, 'int');
  return low.refuse(node, `the operator ${operator} cannot be generated`);
}

export function unary(low: Lowering, node: UnaryExpression): Temp {
  const { operator } = node;
  if (operator === 'delete' || operator === 'throw') low.refuse(node, `${operator} cannot be generated`);
  if (operator === '!') return low.question(['(!', ')'], [low.condition(node.argument)], node);
  if (operator === 'typeof') {
    const value = low.evaluate(node.argument);
    if (value.type === 'function') return low.text('"function"');
    return low.builder.plain(['(typeof ', ')'], [low.held(value, node.argument)], {
      kind: 'any',
      site: low.site(node),
      onActive: 'inactive',
    });
  }
  const operand = low.scalar(node.argument);
  switch (operator) {
    case '-':
      return operand.op.type === 'text' && operand.kind === 'int' && /^\d+$/.test(operand.op.text)
        ? low.builder.number(-Number(operand.op.text))
        : low.builder.rule('neg', [operand], low.site(node));
    case '+':
      return numberOf(low, operand, node);
    case 'void':
      return low.text('(void 0)');
    default:
      return low.plain([`(${operator}`, ')'], [operand], node, 'int');
  }
}

/** `+x`, `Number(x)`: a number is returned unchanged. */
export function numberOf(low: Lowering, operand: Temp, node: Node): Temp {
  const isNumber = operand.op.type === 'rule' || operand.op.type === 'counter';
  return isNumber ? operand : low.builder.rule('sub', [operand, low.builder.number(0)], low.site(node));
}

/** `&&`, `||`, `??`: the right side is evaluated only if needed. */
export function logical(low: Lowering, node: LogicalExpression): Temp {
  const left = low.held(low.evaluate(node.left), node.left);
  const takesRight =
    node.operator === '??'
      ? low.question(['(', ' == null)'], [left], node)
      : node.operator === '&&'
        ? left
        : low.question(['(!', ')'], [left], node);
  let right = left;
  const branch = low.builder.branch(
    takesRight,
    () => {
      right = low.held(low.evaluate(node.right), node.right);
    },
    () => {},
  );
  return low.builder.phi(branch, right, left, low.site(node));
}

export function choice(low: Lowering, node: ConditionalExpression): Value {
  const condition = low.condition(node.test);
  let then: Temp | null = null;
  let otherwise: Temp | null = null;
  const branch = low.builder.branch(
    condition,
    () => {
      then = chosen(low, node.consequent);
    },
    () => {
      otherwise = chosen(low, node.alternate);
    },
  );
  return runtimeValue(low.builder.phi(branch, then!, otherwise!, low.site(node)));
}

function chosen(low: Lowering, node: Node): Temp {
  const value = low.evaluate(node);
  if (value.type === 'function') low.refuse(node, 'a choice between two functions is not supported');
  return low.held(value, node);
}
