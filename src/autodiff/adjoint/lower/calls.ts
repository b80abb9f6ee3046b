import type { CallExpression, Identifier, MemberExpression, NewExpression } from '@babel/types';
import { type OperationName, rules } from '../../rules';
import { bare } from '../../syntax/nodes';
import type { Temp } from '../ir';
import { arrayMethod, dataMethod } from './arrayMethods';
import { arrayFrom, newArray } from './creation';
import { invoke } from './invocation';
import type { Lowering } from './lowering';
import { property } from './members';
import { numberOf } from './operators';
import { scalarOf, type Value } from './values';

export function callValue(low: Lowering, node: CallExpression | NewExpression): Value {
  const callee = bare(node.callee);
  for (const each of node.arguments)
    if (each.type === 'SpreadElement') low.refuse(each, 'a spread among arguments cannot be generated');
  if (node.type === 'NewExpression') return construct(low, node);
  if (callee.type === 'Super' || callee.type === 'Import')
    low.refuse(callee, 'this call cannot be generated');
  if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier') {
    const object = low.evaluate(callee.object);
    const { name } = callee.property;
    if (object.type === 'array') return arrayMethod(low, object.array, name, node);
    if (object.type === 'namespace') return namespaceMethod(low, object, callee, node);
    if (object.type === 'scalar') return dataMethod(low, object.temp, name, node);
    if (object.type === 'context' && name !== 'random')
      low.refuse(callee, `${name} of the context cannot be called`);
    if (object.type === 'global') return method(low, object.name, name, node);
  }
  const called = low.evaluate(callee);
  switch (called.type) {
    case 'function':
      return invoke(
        low,
        called.node,
        called.frame,
        node.arguments.map((each) => low.evaluate(each)),
        node,
      );
    case 'method':
      return method(low, called.object, called.name, node);
    case 'global':
      return convert(low, called.name, node);
    case 'random':
      low.builder.usesRandom = true;
      return scalarOf(low.builder.impure([`${low.contextName}.random()`], 'num', low.site(node)));
    default:
      return low.refuse(callee, 'the called value is not a function of the modules that were read');
  }
}

/** `vectors.dot(a, b)` after `import * as vectors` */
function namespaceMethod(
  low: Lowering,
  namespace: Extract<Value, { type: 'namespace' }>,
  callee: MemberExpression,
  node: CallExpression,
): Value {
  const { name } = callee.property as Identifier;
  const called = property(low, namespace, name, callee);
  if (called.type !== 'function')
    return low.refuse(callee, 'the called value is not a function of the modules that were read');
  const args = node.arguments.map((each) => low.evaluate(each));
  return invoke(low, called.node, called.frame, args, node);
}

function scalarArguments(low: Lowering, node: CallExpression | NewExpression): Temp[] {
  return node.arguments.map((each) => low.scalar(each));
}

function method(low: Lowering, object: string, name: string, node: CallExpression): Value {
  if (object === 'Math') return scalarOf(mathCall(low, name, node));
  if (object === 'Array' && name === 'from') return arrayFrom(low, node);
  if (
    (object === 'Number' && ['isFinite', 'isNaN', 'isInteger', 'isSafeInteger'].includes(name)) ||
    object === 'globalThis'
  ) {
    const text = object === 'globalThis' ? name : `${object}.${name}`;
    return scalarOf(
      low.question([`${text}(`, ')'], [scalarArguments(low, node)[0] ?? low.text('(void 0)')], node),
    );
  }
  if (object === 'Array' && name === 'isArray' && node.arguments.length === 1) {
    const value = low.evaluate(node.arguments[0]!);
    if (value.type === 'scalar') return scalarOf(low.question(['Array.isArray(', ')'], [value.temp], node));
  }
  return low.refuse(node, `${object}.${name} cannot be generated`);
}

function mathCall(low: Lowering, name: string, node: CallExpression): Temp {
  if (!Object.hasOwn(rules, name) || ['add', 'sub', 'mul', 'div', 'mod', 'neg'].includes(name))
    low.refuse(
      node,
      name === 'random' ? 'Math.random is another number every time' : `Math.${name} has no rule`,
    );
  const rule = name as OperationName;
  const args = scalarArguments(low, node);
  const takes = rules[rule].partials.length;
  const takesMore = rule === 'max' || rule === 'min' || rule === 'hypot';
  if (args.length !== takes && !(takesMore && args.length > 2))
    low.refuse(node, `Math.${name} is called with ${args.length} argument${args.length === 1 ? '' : 's'}`);
  return low.builder.rule(rule, args, low.site(node));
}

/** `Number(x)`, `Boolean(x)`, `Array(n)` */
function convert(low: Lowering, name: string, node: CallExpression): Value {
  const [argument] = node.arguments;
  if (argument && name === 'Number') return scalarOf(numberOf(low, low.scalar(argument), node));
  if (argument && name === 'Boolean')
    return scalarOf(low.question(['(!!', ')'], [low.scalar(argument)], node));
  if (name === 'Array') return newArray(low, name, node);
  return low.refuse(node, `${name} cannot be called here`);
}

function construct(low: Lowering, node: NewExpression): Value {
  const called = bare(node.callee);
  if (called.type === 'Identifier' && !low.binding(called)) {
    if (/Array$/.test(called.name)) return newArray(low, called.name, node);
    if (/^(?:[A-Z][a-z]+)?Error$/.test(called.name)) {
      const args = scalarArguments(low, node);
      const parts = [`new ${called.name}(`, ...args.slice(1).map(() => ', '), ...(args.length ? [')'] : [])];
      if (args.length === 0) parts[0] += ')';
      return scalarOf(low.plain(parts, args, node));
    }
  }
  return low.refuse(node, 'this constructor call cannot be generated');
}
