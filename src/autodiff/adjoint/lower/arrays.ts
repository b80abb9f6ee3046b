import type { ArrayExpression, Node } from '@babel/types';
import { bare } from '../../syntax/nodes';
import type { LocalArray, Temp } from '../ir';
import { changingSlots } from './changingSlots';
import { overElements, sourceOf } from './iteration';
import type { Lowering } from './lowering';
import { scalarOf, type Value } from './values';

/** `[a, b, ...c]`: a work array, or a list of lists if its elements are lists. */
export function arrayLiteral(low: Lowering, node: ArrayExpression): Value {
  const { elements } = node;
  if (elements.some((each) => each && isNested(each)) && isLiteralData(node))
    return scalarOf(constantData(low, node));
  if (elements.some((each) => each?.type === 'SpreadElement')) return spreadLiteral(low, node);
  const values = listOfValues(low, node);
  if (values.every((value) => value.type === 'scalar' || value.type === 'context')) {
    const items = values.map((value, k) => low.asScalar(value, elements[k]!));
    return { type: 'array', array: low.builder.array({ type: 'list', items }, low.site(node)) };
  }
  return listRecord(values);
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
  const array = low.builder.array({ type: 'list', items: [] }, low.site(node));
  for (const each of node.elements) {
    if (!each) low.refuse(node, 'a list with holes cannot be generated');
    if (each.type !== 'SpreadElement') {
      append(low, array, low.scalar(each), each);
      continue;
    }
    const source = sourceOf(low, low.evaluate(each.argument), each, 'any');
    overElements(low, source, each, ({ item }) => append(low, array, low.asScalar(item, each), each));
  }
  return { type: 'array', array };
}

/** `array.slice(from, to)` */
export function copyOf(
  low: Lowering,
  array: LocalArray,
  { from, to }: { from?: Temp | undefined; to?: Temp | undefined },
  node: Node,
): LocalArray {
  const length = low.lengthOf(array, node);
  const place = (index: Temp) => low.plain([`${low.prefix}place(`, ', ', ')'], [index, length], node, 'int');
  const first = from ? place(from) : low.builder.number(0);
  const end = to ? place(to) : length;
  const copy = low.builder.array({ type: 'list', items: [] }, low.site(node));
  low.builder.loop(
    { start: first, step: 1, exit: null, changing: changingSlots(low, node) },
    {
      test: (index) => low.question(['(', ' < ', ')'], [index, end], node),
      body: (index) => append(low, copy, low.builder.load(array, index, low.site(node)), node),
    },
    low.site(node),
  );
  return copy;
}

/**
 * `array.push(value)`
 *
 * @param index  its length, if it is known
 */
export function append(low: Lowering, array: LocalArray, value: Temp, node: Node, index?: Temp): void {
  if (array.form.type === 'typed' || array.form.type === 'parameters')
    low.refuse(node, 'this array cannot grow');
  array.grows = true;
  low.builder.store(array, index ?? low.lengthOf(array, node), value, '=', low.site(node));
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
  return low.text(name);
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
