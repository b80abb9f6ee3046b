import type { CallExpression, Node } from '@babel/types';
import { type OperationName, rules } from '../../rules';
import { bare } from '../../syntax/nodes';
import type { Temp } from '../ir';
import { rootOf } from '../shapes';
import { append, copyOf, emptyList } from './arrays';
import { methodOfData } from './classes';
import { invoke } from './invocation';
import { itemOf, lengthOfSource, overElements, type Source, sourceOf } from './iteration';
import type { Lowering } from './lowering';
import { runtimeValue, scalarOf, type Value } from './values';

const withCallback = new Set([
  'reduce',
  'reduceRight',
  'forEach',
  'map',
  'filter',
  'some',
  'every',
  'flatMap',
]);

/** A method of a list that the loss made, or of its parameters. */
export function arrayMethod(low: Lowering, list: Temp, name: string, node: CallExpression): Value {
  const source: Source = { type: 'object', temp: list };
  const shape = low.listShape(list, node);
  if (withCallback.has(name)) {
    if (shape.typed && (name === 'map' || name === 'filter'))
      low.refuse(node, `${name} of a typed array cannot be generated`);
    return withFunction(low, source, name, node);
  }
  const [first] = node.arguments;
  switch (name) {
    case 'push':
      for (const value of node.arguments.map((each) => low.evaluate(each))) append(low, list, value, node);
      return scalarOf(low.lengthOf(list, node));
    case 'fill': {
      if (node.arguments.length !== 1 || !first) return low.refuse(node, 'fill takes one value here');
      if (shape.isParameters) return low.refuse(node, 'the loss changes its parameters');
      const value = low.held(low.evaluate(first), first);
      const filled = fillNew(low, list, value, node);
      if (filled) return runtimeValue(filled);
      overElements(low, source, node, ({ index }) => low.store(list, index, value, node));
      return runtimeValue(list);
    }
    case 'slice': {
      if (shape.typed) return low.refuse(node, 'a copy of a typed array cannot be generated');
      const [from, to] = node.arguments.map((each) => low.scalar(each));
      return runtimeValue(copyOf(low, list, { from, to }, node));
    }
    case 'concat': {
      if (shape.typed) return low.refuse(node, 'a copy of a typed array cannot be generated');
      const all = emptyList(low, node);
      for (const each of [source, ...node.arguments.map((argument) => otherList(low, argument))])
        overElements(low, each, node, ({ item }) => append(low, all, item, node, { isInitial: true }));
      return runtimeValue(all);
    }
    case 'at': {
      const index = first ? low.scalar(first) : low.builder.number(0);
      const length = low.lengthOf(list, node);
      const text = index.op.type === 'text' ? Number(index.op.text.replace(/[()]/g, '')) : Number.NaN;
      if (Number.isInteger(text) && text >= 0) return low.element(list, index, node);
      const at = low.plain([`${low.prefix}at(`, ', ', ')'], [index, length], node, 'int');
      return low.element(list, at, node);
    }
    case 'flat': {
      if (first) return low.refuse(node, 'flat takes no depth here');
      const all = emptyList(low, node);
      overElements(low, source, node, ({ item }) => flatten(low, all, item, node));
      return runtimeValue(all);
    }
    default:
      return low.refuse(node, `the method ${name} of an array cannot be generated`);
  }
}

/** A list among the arguments of `concat`. Numbers would be appended as they are. */
function otherList(low: Lowering, argument: Node): Source {
  const value = low.evaluate(argument);
  if (value.type !== 'object' || rootOf(value.temp.shape!).form !== 'list')
    low.refuse(argument, 'only lists that the loss makes can be appended');
  return sourceOf(low, value, argument, 'array');
}

function flatten(low: Lowering, all: Temp, item: Value, node: Node): void {
  if (item.type !== 'object' || rootOf(item.temp.shape!).form === 'record')
    low.refuse(node, 'only lists of lists can be flattened');
  overElements(low, item, node, (inner) => append(low, all, inner.item, node, { isInitial: true }));
}

/** `new Array(n).fill(x)`: the list is made with its elements. null if it was not made just now. */
function fillNew(low: Lowering, list: Temp, value: Temp, node: CallExpression): Temp | null {
  const callee = bare(node.callee);
  const made = callee.type === 'MemberExpression' ? bare(callee.object).type : null;
  if (made !== 'NewExpression' && made !== 'CallExpression') return null;
  const { op } = list;
  if (op.type !== 'make' || op.form.type !== 'sized' || op.form.fill) return null;
  return low.builder.make({ type: 'sized', length: op.form.length, fill: value }, node, low.site(node));
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
  if (name === 'push' || name === 'fill') low.builder.changesData(object, low.site(node));
  if (withCallback.has(name)) {
    const list = sourceOf(low, scalarOf(object), node, 'array');
    return withFunction(low, list, name, node);
  }
  if (!pureMethods.has(name)) {
    const method = methodOfData(low, object, name, node);
    if (method?.type !== 'function') return low.refuse(node, `the method ${name} cannot be generated`);
    const args = node.arguments.map((each) => low.evaluate(each));
    return invoke(low, method.node, method.frame, args, node, { self: method.self });
  }
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
  if (callback.type === 'function')
    return invoke(low, callback.node, callback.frame, args, node, { self: callback.self });
  const [first] = args;
  if (callback.type === 'method' && callback.object === 'Math' && first && isUnary(callback.name))
    return scalarOf(low.builder.rule(callback.name, [low.asScalar(first, node)], low.site(node)));
  return low.refuse(node, 'the callback is not a function of the modules that were read');
}

function isUnary(name: string): name is OperationName {
  return Object.hasOwn(rules, name) && name !== 'neg' && rules[name as OperationName].partials.length === 1;
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
      const initial = second ? low.held(low.evaluate(second), second) : null;
      return runtimeValue(reduce(low, source, { initial, isBackward: name === 'reduceRight' }, call, node));
    }
    case 'forEach':
      overElements(low, source, node, ({ item, index }) => void call([], item, index));
      return scalarOf(low.text('(void 0)'));
    case 'map': {
      const result = emptyList(low, node);
      overElements(low, source, node, ({ item, index }) =>
        append(low, result, call([], item, index), resultNode(first), { index, isInitial: true }),
      );
      return runtimeValue(result);
    }
    case 'flatMap': {
      const result = emptyList(low, node);
      overElements(low, source, node, ({ item, index }) => flatten(low, result, call([], item, index), node));
      return runtimeValue(result);
    }
    case 'filter': {
      const result = emptyList(low, node);
      overElements(low, source, node, ({ item, index }) => {
        const keeps = low.held(call([], item, index), first);
        low.builder.branch(
          keeps,
          () => append(low, result, item, first, { isInitial: true }),
          () => {},
        );
      });
      return runtimeValue(result);
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
  const first = initial ?? low.held(itemOf(low, source, firstIndex(), node), node);
  const total = builder.slot(first, node);
  overElements(
    low,
    source,
    node,
    ({ item, index }) => {
      const before = runtimeValue(builder.read(total, low.site(node)));
      const value = call([before], item, index);
      builder.write(total, low.held(value, resultNode(node.arguments[0]!)));
    },
    { from: initial ? 0 : 1, changing: [total], isBackward },
  );
  return builder.read(total, low.site(node));
}

/** `some` and `every`: iterate until the result is known. */
function search(low: Lowering, source: Source, sought: boolean, call: Call, node: CallExpression): Temp {
  const { builder } = low;
  const found = builder.slot(low.text('false', 'bool'), node);
  overElements(
    low,
    source,
    node,
    ({ item, index }) => {
      const answer = low.held(call([], item, index), node);
      const isFound = low.question([sought ? '(!!' : '(!', ')'], [answer], node);
      builder.write(found, isFound);
    },
    { exit: found, changing: [found] },
  );
  const answer = builder.read(found, low.site(node));
  return sought ? answer : low.question(['(!', ')'], [answer], node);
}

function selfOf(source: Source): Value {
  return source.type === 'object' ? source : scalarOf(source.list);
}

/** The node of the result of a function, for messages. */
function resultNode(callback: Node): Node {
  const node = bare(callback);
  return node.type === 'ArrowFunctionExpression' && node.body.type !== 'BlockStatement' ? node.body : node;
}
