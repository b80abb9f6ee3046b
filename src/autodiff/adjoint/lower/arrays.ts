import type { ArrayExpression, Node } from '@babel/types';
import { bare } from '../../syntax/nodes';
import type { Temp } from '../ir';
import { rootOf } from '../shapes';
import { changingSlots } from './changingSlots';
import { overElements, sourceOf } from './iteration';
import type { Lowering } from './lowering';
import { runtimeValue, scalarOf, type Value } from './values';

/** `[a, b, ...c]` */
export function arrayLiteral(low: Lowering, node: ArrayExpression): Value {
  const { elements } = node;
  if (
    elements.some((each) => each && isNested(each)) &&
    isLiteralData(node) &&
    !low.builder.isChangedLiteral(node)
  )
    return scalarOf(constantData(low, node));
  if (elements.some((each) => each?.type === 'SpreadElement')) return spreadLiteral(low, node);
  const values = listOfValues(low, node);
  if (values.some((value) => !canBeHeld(value))) return listRecord(values);
  const items = values.map((value, k) => low.held(value, elements[k]!));
  if (isTuple(items)) {
    const fields = new Map(items.map((item, k) => [String(k), item]));
    return runtimeValue(low.builder.make({ type: 'record', fields, spread: null }, node, low.site(node)));
  }
  return runtimeValue(low.builder.make({ type: 'list', items }, node, low.site(node)));
}

/** The values of a list that is destructured immediately, or of a literal without spread. */
export function listOfValues(low: Lowering, node: ArrayExpression): Value[] {
  return node.elements.map((each) => {
    if (!each) return low.refuse(node, 'a list with holes cannot be generated');
    return low.evaluate(each);
  });
}

export function listRecord(values: readonly Value[]): Value {
  const fields = new Map(values.map((value, k) => [String(k), value]));
  return { type: 'record', fields, isList: true };
}

function spreadLiteral(low: Lowering, node: ArrayExpression): Value {
  const list = emptyList(low, node);
  for (const each of node.elements) {
    if (!each) low.refuse(node, 'a list with holes cannot be generated');
    if (each.type !== 'SpreadElement') {
      append(low, list, low.evaluate(each), each, { isInitial: true });
      continue;
    }
    const source = sourceOf(low, low.evaluate(each.argument), each, 'any');
    overElements(low, source, each, ({ item }) => append(low, list, item, each, { isInitial: true }));
  }
  return runtimeValue(list);
}

export function emptyList(low: Lowering, node: Node): Temp {
  return low.builder.make({ type: 'list', items: [] }, node, low.site(node));
}

/** `[row, 1]`: a list that holds both objects and numbers is taken apart, so it becomes a record. */
function isTuple(items: readonly Temp[]): boolean {
  return items.some(({ shape }) => shape) && items.some(({ shape, kind }) => !shape && kind !== 'any');
}

/** Whether a value can be the content of an object. Functions and records with functions cannot. */
export function canBeHeld({ type }: Value): boolean {
  return type === 'scalar' || type === 'context' || type === 'object';
}

/** `array.slice(from, to)` */
export function copyOf(
  low: Lowering,
  list: Temp,
  { from, to }: { from?: Temp | undefined; to?: Temp | undefined },
  node: Node,
): Temp {
  const length = low.lengthOf(list, node);
  const place = (index: Temp) => low.plain([`${low.prefix}place(`, ', ', ')'], [index, length], node, 'int');
  const first = from ? place(from) : low.builder.number(0);
  const end = to ? place(to) : length;
  const copy = emptyList(low, node);
  low.builder.loop(
    { start: first, step: 1, exit: null, changing: changingSlots(low, node) },
    {
      test: (index) => low.question(['(', ' < ', ')'], [index, end], node),
      body: (index) => append(low, copy, low.element(list, index, node), node, { isInitial: true }),
    },
    low.site(node),
  );
  return copy;
}

/**
 * `list.push(value)`
 *
 * @param index      its length, if it is known
 * @param isInitial  whether the list is not complete yet, so that nothing can have read it
 */
export function append(
  low: Lowering,
  list: Temp,
  value: Value,
  node: Node,
  { index, isInitial = false }: { index?: Temp; isInitial?: boolean } = {},
): void {
  const shape = low.listShape(list, node);
  if (shape.typed || rootOf(shape).isParameters) low.refuse(node, 'this array cannot grow');
  low.store(list, index ?? low.lengthOf(list, node), low.held(value, node), node, { isInitial });
}

function isNested(node: Node): boolean {
  const { type } = bare(node);
  return type === 'ArrayExpression' || type === 'ObjectExpression' || type === 'StringLiteral';
}

/** Whether the expression consists of literals only, including all nested elements. */
function isLiteralData(expression: Node): boolean {
  const node = bare(expression);
  switch (node.type) {
    case 'NumericLiteral':
    case 'StringLiteral':
    case 'BooleanLiteral':
    case 'NullLiteral':
      return true;
    case 'UnaryExpression':
      return node.operator === '-' && node.argument.type === 'NumericLiteral';
    case 'ArrayExpression':
      return node.elements.every((each) => each !== null && isLiteralData(each));
    case 'ObjectExpression':
      return node.properties.every(
        (each) =>
          each.type === 'ObjectProperty' &&
          !each.computed &&
          (each.key.type === 'Identifier' || each.key.type === 'StringLiteral') &&
          isLiteralData(each.value),
      );
    default:
      return false;
  }
}

function constantData(low: Lowering, node: Node): Temp {
  const name = `${low.prefix}k${low.constants.length}`;
  low.constants.push(`const ${name} = ${literalText(node)};`);
  const temp = low.text(name);
  low.builder.literals.set(temp, node);
  return temp;
}

function literalText(expression: Node): string {
  const node = bare(expression);
  switch (node.type) {
    case 'ArrayExpression':
      return `[${node.elements.map((each) => literalText(each!)).join(', ')}]`;
    case 'ObjectExpression': {
      const fields = node.properties.map((each) => {
        if (each.type !== 'ObjectProperty') return '';
        const name = each.key.type === 'Identifier' ? each.key.name : (each.key as { value: unknown }).value;
        return `${JSON.stringify(name)}: ${literalText(each.value)}`;
      });
      return `{ ${fields.join(', ')} }`;
    }
    case 'UnaryExpression':
      return `-${literalText(node.argument)}`;
    case 'NullLiteral':
      return 'null';
    case 'NumericLiteral':
    case 'BooleanLiteral':
      return String(node.value);
    case 'StringLiteral':
      return JSON.stringify(node.value);
    default:
      throw new Error(`${node.type} is no literal`);
  }
}
