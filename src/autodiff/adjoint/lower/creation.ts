import type { CallExpression, NewExpression, Node } from '@babel/types';
import { bare } from '../../syntax/nodes';
import type { Temp } from '../ir';
import { applied } from './arrayMethods';
import { append, emptyList } from './arrays';
import { changingSlots } from './changingSlots';
import { overElements, sourceOf } from './iteration';
import type { Lowering } from './lowering';
import { runtimeValue, scalarOf, type Value } from './values';

const typedArrays = new Set([
  'Float64Array',
  'Float32Array',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
]);

/** `new Float64Array(n)`, `new Float64Array([…])`, `new Array(n)` */
export function newArray(low: Lowering, name: string, node: CallExpression | NewExpression): Value {
  const [argument, more] = node.arguments;
  if (more) low.refuse(more, 'an array constructor takes one argument here');
  if (name === 'Array') {
    const length = argument ? wholeNumber(low, low.scalar(argument), argument) : low.builder.number(0);
    return runtimeValue(low.builder.make({ type: 'sized', length, fill: null }, node, low.site(node)));
  }
  if (!typedArrays.has(name)) low.refuse(node, `${name} cannot be generated`);
  const given = argument ? low.evaluate(argument) : scalarOf(low.builder.number(0));
  if (given.type === 'object') return copyTyped(low, name, given, node);
  const length = wholeNumber(low, low.asScalar(given, node), node);
  const form = { type: 'typed', constructor: name, length } as const;
  return runtimeValue(low.builder.make(form, node, low.site(node)));
}

/** A length. If it may not be an integer, the generated code checks it. */
function wholeNumber(low: Lowering, temp: Temp, node: Node): Temp {
  if (temp.kind === 'int') return temp;
  return low.plain([`${low.prefix}whole(`, ')'], [temp], node, 'int');
}

function copyTyped(low: Lowering, name: string, given: Value, node: Node): Value {
  const source = sourceOf(low, given, node, 'array');
  const length =
    source.type === 'object'
      ? low.lengthOf(source.temp, node)
      : low.plain(['', '.length'], [source.list], node, 'int');
  const list = low.builder.make({ type: 'typed', constructor: name, length }, node, low.site(node));
  overElements(low, source, node, ({ item, index }) =>
    low.store(list, index, low.asScalar(item, node), node, { isInitial: true }),
  );
  return runtimeValue(list);
}

/** `Array.from({ length: n }, (_, i) => …)`, `Array.from(list, f)` */
export function arrayFrom(low: Lowering, node: CallExpression): Value {
  const [from, by] = node.arguments;
  if (!from || from.type === 'SpreadElement') return low.refuse(node, 'Array.from needs a list');
  const mapping = by ? low.evaluate(by) : null;
  const counted = lengthObject(low, from);
  const list = emptyList(low, node);
  const add = (value: Value, index: Temp) => append(low, list, value, node, { index, isInitial: true });
  if (counted === null) {
    const source = sourceOf(low, low.evaluate(from), from, 'any');
    overElements(low, source, node, ({ item, index }) =>
      add(mapping ? applied(low, mapping, [item, scalarOf(index)], node) : item, index),
    );
    return runtimeValue(list);
  }
  const length = wholeNumber(low, low.scalar(counted), counted);
  low.builder.loop(
    { start: low.builder.number(0), step: 1, exit: null, changing: changingSlots(low, node) },
    {
      test: (index) => low.question(['(', ' < ', ')'], [index, length], node),
      body: (index) => {
        const none = scalarOf(low.text('(void 0)'));
        add(mapping ? applied(low, mapping, [none, scalarOf(index)], node) : none, index);
      },
    },
    low.site(node),
  );
  return runtimeValue(list);
}

function lengthObject(low: Lowering, from: Node): Node | null {
  const node = bare(from);
  if (node.type !== 'ObjectExpression') return null;
  const [only] = node.properties;
  const isLength =
    node.properties.length === 1 &&
    only?.type === 'ObjectProperty' &&
    !only.computed &&
    only.key.type === 'Identifier' &&
    only.key.name === 'length';
  return isLength ? only.value : low.refuse(from, 'only { length } can be converted to an array here');
}
