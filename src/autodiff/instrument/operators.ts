import type { BinaryExpression, UnaryExpression } from '@babel/types';
import type { ComparisonOperators } from '../runtime/api';
import { bare } from '../syntax/nodes';
import { accumulateResult, asOneOperation } from './expressions';
import { inspectOperand } from './inspections';
import { isNoNumber, isPrimitive, isUntraced, type StaticKind } from './kind';
import { arithmeticMethods, isArithmetic, isInteger } from './operatorNames';
import type { Handlers, Rewrite } from './rewrite';
import { codeEnd, endOf, startOf } from './source';

type Operator = BinaryExpression['operator'];
type ComparisonOperator = '<' | '<=' | '>' | '>=' | '==' | '!=' | '===' | '!==';

const comparisonMethods: { readonly [O in ComparisonOperator]: keyof ComparisonOperators } = {
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '==': 'eq',
  '!=': 'ne',
  '===': 'same',
  '!==': 'differ',
};

/**
 * The call that replaces a binary operator, as the texts before its first and after its second operand. null
 * if the operator is not replaced.
 */
function callOf(
  rewrite: Rewrite,
  node: BinaryExpression,
): { readonly before: string; readonly after: string } | null {
  const { operator } = node;
  const a = rewrite.kinds.of(node.left);
  const b = rewrite.kinds.of(node.right);
  if (isNative(operator, a, b)) return null;
  const { runtime } = rewrite;
  if (isArithmetic(operator))
    return { before: `${runtime}.${arithmeticMethods[operator]}(`, after: `, ${rewrite.site(node)})` };
  if (isInteger(operator))
    return { before: `${runtime}.int("${operator}", `, after: `, ${rewrite.site(node)})` };
  const method = comparisonMethods[operator as ComparisonOperator];
  return { before: `${runtime}.${method}(`, after: `, ${rewrite.site(node)})` };
}

/** Whether the native operator gives the right result for these operands. */
function isNative(operator: Operator, a: StaticKind, b: StaticKind): boolean {
  switch (operator) {
    case 'in':
    case 'instanceof':
    case '|>':
      return true;
    case '===':
    case '!==':
      return isNoNumber(a) || isNoNumber(b) || (isUntraced(a) && isUntraced(b));
    case '==':
    case '!=':
      return a === 'nullish' || b === 'nullish' || (isPrimitive(a) && isPrimitive(b));
    default:
      return isPrimitive(a) && isPrimitive(b);
  }
}

function unary(rewrite: Rewrite, node: UnaryExpression): void {
  const { operator, argument } = node;
  switch (operator) {
    case '!':
      rewrite.visit(argument, 'test');
      return;
    case 'typeof':
      typeOf(rewrite, node);
      return;
    case '-':
      if (asOneOperation(rewrite, node)) return;
      break;
    case '+':
    case '~':
      break;
    default:
      if (operator === 'delete') rewrite.called.add(bare(argument));
      rewrite.visit(argument, operator === 'void' ? 'unused' : 'value');
      return;
  }
  rewrite.visit(argument);
  if (isPrimitive(rewrite.kinds.of(argument))) return;
  const { runtime } = rewrite;
  const before =
    operator === '-' ? `${runtime}.neg(` : operator === '+' ? `${runtime}.plus(` : `${runtime}.int("~", `;
  const after = operator === '~' ? ', 0, ' : ', ';
  rewrite.edits.replace(startOf(node), startOf(node) + 1, ' ');
  rewrite.wrap(node, before, `${after}${rewrite.site(node)})`);
}

/** Names that exist only in CommonJS modules and have another meaning in the published module. */
const moduleNames = new Set(['require', 'module', 'exports', '__filename', '__dirname']);

function typeOf(rewrite: Rewrite, node: UnaryExpression): void {
  const { argument } = node;
  rewrite.visit(argument);
  if (isUntraced(rewrite.kinds.of(argument))) return;
  const isFree = rewrite.isGlobal(argument);
  if (isFree && moduleNames.has(argument.name)) return;
  rewrite.edits.replace(startOf(node), startOf(node) + 'typeof'.length, ' ');
  const call = `${rewrite.runtime}.typeOf(`;
  // Only `typeof` may be applied to a name that does not exist.
  if (isFree) rewrite.wrap(node, `(typeof ${argument.name} === "undefined" ? "undefined" : ${call}`, '))');
  else rewrite.wrap(node, call, ')');
}

export const operators: Handlers = {
  BinaryExpression(rewrite, node) {
    if (rewrite.reduced.has(node)) {
      accumulateResult(rewrite, node);
      return;
    }
    if (asOneOperation(rewrite, node)) return;
    if (node.left.type !== 'PrivateName') rewrite.visit(node.left);
    rewrite.visit(node.right);
    inspectOperand(rewrite, node);
    const call = callOf(rewrite, node);
    if (!call) return;
    rewrite.token(endOf(node.left), node.operator, ',');
    rewrite.wrapStretch(startOf(node), codeEnd(node), call.before, call.after);
  },
  UnaryExpression: unary,
  TemplateLiteral(rewrite, node) {
    for (const each of node.expressions) {
      rewrite.visit(each);
      if (!isPrimitive(rewrite.kinds.of(each))) rewrite.wrap(each, `${rewrite.runtime}.text(`, ')');
    }
  },
  TaggedTemplateExpression(rewrite, node) {
    rewrite.called.add(bare(node.tag));
    rewrite.visit(node.tag);
    rewrite.visitAll(node.quasi.expressions);
  },
};
