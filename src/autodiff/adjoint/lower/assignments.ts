import type { AssignmentExpression, Node, UpdateExpression } from '@babel/types';
import { bare } from '../../syntax/nodes';
import type { LocalArray, Temp } from '../ir';
import { listOfValues, listRecord } from './arrays';
import type { Lowering } from './lowering';
import { operate } from './operators';
import { destructure } from './patterns';
import { scalarOf, type Value } from './values';

/** @param isUsed  whether the value of the assignment is used */
export function assignment(low: Lowering, node: AssignmentExpression, isUsed: boolean): Value {
  const target = bare(node.left);
  const { operator } = node;
  if (target.type === 'ArrayPattern' || target.type === 'ObjectPattern') {
    const right = bare(node.right);
    // `[a, b] = [b, a]` creates no list at run time.
    const isList =
      right.type === 'ArrayExpression' && right.elements.every((each) => each?.type !== 'SpreadElement');
    const value = isList ? listRecord(listOfValues(low, right)) : low.evaluate(right);
    destructure(low, target, value, (name, part) => assignTo(low, name, low.asScalar(part, name)));
    return value;
  }
  const element = elementTarget(low, target);
  if (operator === '=') {
    const right = low.evaluate(node.right);
    if (right.type === 'array') low.refuse(node, 'this would give an array a second name');
    const temp = low.asScalar(right, node.right);
    if (element) low.builder.store(element.array, element.index, temp, '=', low.site(node));
    else assignTo(low, target, temp);
    return scalarOf(temp);
  }
  if (operator === '&&=' || operator === '||=' || operator === '??=')
    low.refuse(node, `the operator ${operator} cannot be generated`);
  const symbol = operator.slice(0, -1);
  if (element && !isUsed && (symbol === '+' || symbol === '-')) {
    // JavaScript reads the element before it evaluates the right side. Only a call there could change the
    // element.
    if (isCallFree(node.right)) {
      const added = low.scalar(node.right);
      low.builder.store(element.array, element.index, added, symbol === '+' ? '+=' : '-=', low.site(node));
      return scalarOf(added);
    }
  }
  const old = element ? low.builder.load(element.array, element.index, low.site(target)) : low.scalar(target);
  const temp = operate(low, symbol, old, low.scalar(node.right), node);
  if (element) low.builder.store(element.array, element.index, temp, '=', low.site(node));
  else assignTo(low, target, temp);
  return scalarOf(temp);
}

export function update(low: Lowering, node: UpdateExpression): Temp {
  const target = bare(node.argument);
  const element = elementTarget(low, target);
  const old = element ? low.builder.load(element.array, element.index, low.site(target)) : low.scalar(target);
  // `old - (-1)`, because `old + 1` would concatenate if `old` is text.
  const one = low.builder.number(node.operator === '++' ? -1 : 1);
  const temp = low.builder.rule('sub', [old, one], low.site(node));
  if (element) low.builder.store(element.array, element.index, temp, '=', low.site(node));
  else assignTo(low, target, temp);
  return node.prefix ? temp : old;
}

function assignTo(low: Lowering, node: Node, temp: Temp): void {
  const target = bare(node);
  if (target.type === 'Identifier') {
    const binding = low.binding(target);
    if (!binding) low.refuse(target, `${target.name} is not declared`);
    if (binding.isModule) low.refuse(target, `${target.name} outlives the evaluation and is changed`);
    const cell = low.cell(binding, target);
    if (cell.type !== 'slot') low.refuse(target, `${target.name} cannot be assigned`);
    low.builder.write(cell.slot, temp);
    return;
  }
  const element = elementTarget(low, target);
  if (!element) low.refuse(target, 'this cannot be assigned');
  low.builder.store(element.array, element.index, temp, '=', low.site(target));
}

function elementTarget(low: Lowering, target: Node): { array: LocalArray; index: Temp } | null {
  if (target.type !== 'MemberExpression') return null;
  const object = low.evaluate(target.object);
  if (object.type !== 'array')
    return low.refuse(target, 'only elements of arrays that the loss makes can be assigned');
  if (!target.computed) low.refuse(target, 'a property of an array is assigned');
  if (object.array.form.type === 'parameters') low.refuse(target, 'the loss changes its parameters');
  return { array: object.array, index: low.scalar(target.property) };
}

function isCallFree(node: Node): boolean {
  const expression = bare(node);
  switch (expression.type) {
    case 'CallExpression': {
      const callee = bare(expression.callee);
      const isMath =
        callee.type === 'MemberExpression' &&
        callee.object.type === 'Identifier' &&
        callee.object.name === 'Math';
      return isMath && expression.arguments.every(isCallFree);
    }
    case 'BinaryExpression':
      return isCallFree(expression.left) && isCallFree(expression.right);
    case 'UnaryExpression':
      return isCallFree(expression.argument);
    case 'ConditionalExpression':
      return [expression.test, expression.consequent, expression.alternate].every(isCallFree);
    case 'MemberExpression':
      return isCallFree(expression.object) && (!expression.computed || isCallFree(expression.property));
    case 'Identifier':
    case 'NumericLiteral':
      return true;
    default:
      return false;
  }
}
