import type { AssignmentExpression, Node, UpdateExpression } from '@babel/types';
import { bare } from '../../syntax/nodes';
import type { Temp } from '../ir';
import { rootOf } from '../shapes';
import { listOfValues, listRecord } from './arrays';
import { isFixedMember } from './classes';
import { nameOfMember } from './classMembers';
import type { Lowering } from './lowering';
import { property } from './members';
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
    destructure(low, target, value, (name, part) => assignTo(low, name, part));
    return value;
  }
  const place = memberTarget(low, target);
  if (operator === '=') {
    const right = low.evaluate(node.right);
    if (place) place.set(right, node);
    else assignTo(low, target, right);
    return right;
  }
  if (operator === '&&=' || operator === '||=' || operator === '??=')
    low.refuse(node, `the operator ${operator} cannot be generated`);
  const symbol = operator.slice(0, -1);
  if (place?.add && !isUsed && (symbol === '+' || symbol === '-')) {
    // JavaScript reads the element before it evaluates the right side. Only a call there could change the
    // element.
    if (isCallFree(node.right)) {
      const added = low.scalar(node.right);
      place.add(added, symbol === '+' ? '+=' : '-=', node);
      return scalarOf(added);
    }
  }
  const old = place ? low.asScalar(place.get(target), target) : low.scalar(target);
  const value = scalarOf(operate(low, symbol, old, low.scalar(node.right), node));
  if (place) place.set(value, node);
  else assignTo(low, target, value);
  return value;
}

export function update(low: Lowering, node: UpdateExpression): Temp {
  const target = bare(node.argument);
  const place = memberTarget(low, target);
  const old = place ? low.asScalar(place.get(target), target) : low.scalar(target);
  // `old - (-1)`, because `old + 1` would concatenate if `old` is text.
  const one = low.builder.number(node.operator === '++' ? -1 : 1);
  const temp = low.builder.rule('sub', [old, one], low.site(node));
  if (place) place.set(scalarOf(temp), node);
  else assignTo(low, target, scalarOf(temp));
  return node.prefix ? temp : old;
}

function assignTo(low: Lowering, node: Node, value: Value): void {
  const target = bare(node);
  if (target.type === 'Identifier') {
    const binding = low.binding(target);
    if (!binding) low.refuse(target, `${target.name} is not declared`);
    if (binding.isModule) low.refuse(target, `${target.name} outlives the evaluation and is changed`);
    const cell = low.cell(binding, target);
    if (cell.type !== 'slot') low.refuse(target, `${target.name} cannot be assigned`);
    low.builder.write(cell.slot, low.held(value, target), low.site(target));
    return;
  }
  const place = memberTarget(low, target);
  if (!place) low.refuse(target, 'this cannot be assigned');
  place.set(value, target);
}

/** An element or field that is assigned. Its object and key are evaluated once. */
interface Place {
  get(node: Node): Value;
  set(value: Value, node: Node): void;
  readonly add?: (value: Temp, operator: '+=' | '-=', node: Node) => void;
}

function memberTarget(low: Lowering, target: Node): Place | null {
  if (target.type !== 'MemberExpression') return null;
  const object = low.evaluate(target.object);
  const name = nameOfMember(target);
  if (object.type === 'instance' && name !== null)
    return {
      get: (node) => property(low, object, name, node),
      set: (value) => object.fields.set(name, value),
    };
  if (object.type === 'scalar') low.builder.changesData(object.temp, low.site(target));
  if (object.type !== 'object') return low.refuse(target, 'only objects that the loss makes can be changed');
  const { temp } = object;
  const shape = rootOf(temp.shape!);
  if (shape.isParameters) low.refuse(target, 'the loss changes its parameters');
  if (name !== null && shape.form !== 'list') return fieldPlace(low, object, name, target);
  if (name !== null) low.refuse(target, 'a property of an array is assigned');
  const index = low.scalar(target.property);
  return {
    get: (node) => low.element(temp, index, node),
    set: (value, node) => low.store(temp, index, low.held(value, node), node),
    add: (value, operator, node) => low.store(temp, index, value, node, { operator }),
  };
}

function fieldPlace(
  low: Lowering,
  object: Extract<Value, { type: 'object' }>,
  name: string,
  target: Node,
): Place {
  const { temp } = object;
  const shape = rootOf(temp.shape!);
  shape.form ??= 'record';
  if (isFixedMember(low, shape, name)) low.refuse(target, `${name} is a function, or has a setter or getter`);
  if (name === 'length') low.refuse(target, 'a length is set');
  const store = (value: Temp, operator: '=' | '+=' | '-=', node: Node) =>
    low.builder.store({
      object: low.seen(temp, node),
      key: name,
      index: null,
      value,
      operator,
      isInitial: false,
      site: low.site(node),
    });
  return {
    get: (node) => low.field(temp, name, node),
    set: (value, node) => store(low.held(value, node), '=', node),
    add: (value, operator, node) => store(value, operator, node),
  };
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
