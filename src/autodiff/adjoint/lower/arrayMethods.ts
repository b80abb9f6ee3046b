import type { CallExpression, Node } from '@babel/types';
import { bare } from '../../syntax/nodes';
import type { LocalArray, Temp } from '../ir';
import { append, copyOf } from './arrays';
import { invoke } from './invocation';
import { itemOf, lengthOfSource, overElements, type Source, sourceOf } from './iteration';
import type { Lowering } from './lowering';
import { scalarOf, type Value } from './values';

const withCallback = new Set(['reduce', 'reduceRight', 'forEach', 'map', 'filter', 'some', 'every']);

/** A method of an array that the loss made, or of its parameters. */
export function arrayMethod(low: Lowering, array: LocalArray, name: string, node: CallExpression): Value {
  const source: Source = { type: 'array', array };
  if (withCallback.has(name)) {
    if (array.form.type === 'typed' && (name === 'map' || name === 'filter'))
      low.refuse(node, `${name} of a typed array cannot be generated`);
    return withFunction(low, source, name, node);
  }
  const [first] = node.arguments;
  switch (name) {
    case 'push':
      if (node.arguments.length !== 1 || !first) return low.refuse(node, 'push takes one value here');
      append(low, array, low.scalar(first), node);
      return scalarOf(low.lengthOf(array, node));
    case 'fill': {
      if (node.arguments.length !== 1 || !first) return low.refuse(node, 'fill takes one value here');
      if (array.form.type === 'parameters') return low.refuse(node, 'the loss changes its parameters');
      const value = low.scalar(first);
      const fresh = justMade(low, array);
      if (fresh) return { type: 'array', array: fill(low, array, value) };
      overElements(low, source, node, ({ index }) =>
        low.builder.store(array, index, value, '=', low.site(node)),
      );
      return { type: 'array', array };
    }
    case 'slice': {
      if (array.form.type === 'typed') return low.refuse(node, 'a copy of a typed array cannot be generated');
      const [from, to] = node.arguments.map((each) => low.scalar(each));
      return { type: 'array', array: copyOf(low, array, { from, to }, node) };
    }
    default:
      return low.refuse(node, `the method ${name} of an array cannot be generated`);
  }
}

/** Whether the last statement created this array with holes: `new Array(n).fill(x)`. */
function justMade(low: Lowering, array: LocalArray): boolean {
  const last = low.builder.block.statements.at(-1);
  return array.form.type === 'sized' && last?.type === 'array' && last.array === array;
}

function fill(low: Lowering, array: LocalArray, value: Temp): LocalArray {
  low.builder.block.statements.pop();
  low.builder.arrays.pop();
  if (array.form.type !== 'sized') return array;
  return low.builder.array({ type: 'sized', length: array.form.length, fill: value }, array.site);
}

/** Methods of data without side effects and without callbacks. */
const pureMethods = new Set([
  'slice',
  'at',
  'includes',
  'indexOf',
  'lastIndexOf',
  'concat',
  'subarray',
  'get',
  'has',
  'charCodeAt',
  'toLowerCase',
  'toUpperCase',
  'startsWith',
  'endsWith',
]);

/** A method of something that does not depend on the parameters. */
export function dataMethod(low: Lowering, object: Temp, name: string, node: CallExpression): Value {
  if (withCallback.has(name)) {
    const list = sourceOf(low, scalarOf(object), node, 'array');
    return withFunction(low, list, name, node);
  }
  if (!pureMethods.has(name)) return low.refuse(node, `the method ${name} cannot be generated`);
  const args = node.arguments.map((each) => low.scalar(each));
  const parts = ['', `.${name}(`, ...args.slice(1).map(() => ', '), ...(args.length > 0 ? [')'] : [])];
  if (args.length === 0) parts[1] += ')';
  // A pure call may be evaluated again, so the object must be a built-in one: its methods always return the
  // same.
  const data = low.plain([`${low.prefix}builtIn(`, ')'], [object], node);
  return scalarOf(low.plain(parts, [data, ...args], node));
}

/** Inlines a callback: a function written at the call, or a named one. */
export function applied(low: Lowering, callback: Value, args: readonly Value[], node: Node): Value {
  if (callback.type === 'function') return invoke(low, callback.node, callback.frame, args, node);
  return low.refuse(node, 'the callback is not a function of the modules that were read');
}

function withFunction(low: Lowering, source: Source, name: string, node: CallExpression): Value {
  const [first, second, third] = node.arguments;
  if (!first || third || (second && !name.startsWith('reduce')))
    low.refuse(node, `${name} is called with other arguments than a function`);
  const callback = low.evaluate(first);
  const self = selfOf(source);
  const call = (before: readonly Value[], item: Value, index: Temp) =>
    applied(low, callback, [...before, item, scalarOf(index), self], first);
  switch (name) {
    case 'reduce':
    case 'reduceRight': {
      const initial = second ? low.scalar(second) : null;
      return scalarOf(reduce(low, source, { initial, isBackward: name === 'reduceRight' }, call, node));
    }
    case 'forEach':
      overElements(low, source, node, ({ item, index }) => void call([], item, index));
      return scalarOf(low.text('(void 0)'));
    case 'map': {
      const result = low.builder.array({ type: 'list', items: [] }, low.site(node));
      overElements(low, source, node, ({ item, index }) =>
        append(low, result, low.asScalar(call([], item, index), resultNode(first)), first, index),
      );
      return { type: 'array', array: result };
    }
    case 'filter': {
      const result = low.builder.array({ type: 'list', items: [] }, low.site(node));
      overElements(low, source, node, ({ item, index }) => {
        const keeps = low.asScalar(call([], item, index), first);
        low.builder.branch(
          keeps,
          () => append(low, result, low.asScalar(item, node), first),
          () => {},
        );
      });
      return { type: 'array', array: result };
    }
    default:
      return scalarOf(search(low, source, name === 'some', call, node));
  }
}

type Call = (before: readonly Value[], item: Value, index: Temp) => Value;

function reduce(
  low: Lowering,
  source: Source,
  { initial, isBackward }: { readonly initial: Temp | null; readonly isBackward: boolean },
  call: Call,
  node: CallExpression,
): Temp {
  const { builder } = low;
  if (!initial) {
    const isEmpty = low.question(['(', ' === 0)'], [lengthOfSource(low, source, node)], node);
    const error = ['new TypeError("Reduce of empty array with no initial value")'];
    builder.branch(
      isEmpty,
      () => builder.push({ type: 'throw', value: low.plain(error, [], node) }),
      () => {},
    );
  }
  const firstIndex = () =>
    isBackward
      ? low.plain(['(', ' - 1)'], [lengthOfSource(low, source, node)], node, 'int')
      : builder.number(0);
  const first = initial ?? low.asScalar(itemOf(low, source, firstIndex(), node), node);
  const total = builder.slot(first);
  overElements(
    low,
    source,
    node,
    ({ item, index }) => {
      const before = scalarOf(builder.read(total, low.site(node)));
      const value = call([before], item, index);
      builder.write(total, low.asScalar(value, resultNode(node.arguments[0]!)));
    },
    { from: initial ? 0 : 1, changing: [total], isBackward },
  );
  return builder.read(total, low.site(node));
}

/** `some` and `every`: iterate until the result is known. */
function search(low: Lowering, source: Source, sought: boolean, call: Call, node: CallExpression): Temp {
  const { builder } = low;
  const found = builder.slot(low.text('false', 'bool'));
  overElements(
    low,
    source,
    node,
    ({ item, index }) => {
      const answer = low.asScalar(call([], item, index), node);
      const isFound = low.question([sought ? '(!!' : '(!', ')'], [answer], node);
      builder.write(found, isFound);
    },
    { exit: found, changing: [found] },
  );
  const answer = builder.read(found, low.site(node));
  return sought ? answer : low.question(['(!', ')'], [answer], node);
}

function selfOf(source: Source): Value {
  return source.type === 'array' ? source : scalarOf(source.list);
}

/** The node of the result of a function, for messages. */
function resultNode(callback: Node): Node {
  const node = bare(callback);
  return node.type === 'ArrowFunctionExpression' && node.body.type !== 'BlockStatement' ? node.body : node;
}
