import type { CallExpression, NewExpression, Node } from '@babel/types';
import { type OperationName, rules } from '../../rules';
import { bare } from '../../syntax/nodes';
import type { Temp } from '../ir';
import { rootOf } from '../shapes';
import { arrayMethod, dataMethod } from './arrayMethods';
import { callSuper, construct, methodOf, superMethod } from './classes';
import { nameOfMember } from './classMembers';
import { arrayFrom, newArray } from './creation';
import { invoke } from './invocation';
import { overElements, sourceOf } from './iteration';
import type { Lowering } from './lowering';
import { literalMember, memberOfLiteral, property } from './members';
import { numberOf } from './operators';
import { scalarOf, type Value } from './values';

export function callValue(low: Lowering, node: CallExpression | NewExpression): Value {
  const callee = bare(node.callee);
  if (isOfSpread(low, node, callee)) return scalarOf(extremeOf(low, node));
  for (const each of node.arguments)
    if (each.type === 'SpreadElement') low.refuse(each, 'a spread among arguments cannot be generated');
  if (node.type === 'NewExpression') return constructed(low, node);
  if (callee.type === 'Super') {
    callSuper(low, node);
    return scalarOf(low.text('(void 0)'));
  }
  if (callee.type === 'Import') low.refuse(callee, 'this call cannot be generated');
  const name = callee.type === 'MemberExpression' ? nameOfMember(callee) : null;
  if (callee.type === 'MemberExpression' && name !== null) {
    if (callee.object.type === 'Super') return called(low, superMethod(low, name, callee), callee, node);
    const constant = literalMember(low, callee.object, name);
    if (constant) return called(low, constant, callee, node);
    const object = low.evaluate(callee.object);
    switch (object.type) {
      case 'object': {
        const method = methodOf(low, object, name);
        if (method) return called(low, method, callee, node);
        return rootOf(object.temp.shape!).form === 'record'
          ? low.refuse(callee, `${name} is not a function that this object is known to have`)
          : arrayMethod(low, object.temp, name, node);
      }
      case 'record':
        if (object.isList) return arrayMethod(low, low.held(object, callee), name, node);
        return called(low, withSelf(property(low, object, name, callee), object), callee, node);
      case 'class':
      case 'namespace':
        return called(low, property(low, object, name, callee), callee, node);
      case 'scalar': {
        const method = memberOfLiteral(low, object.temp, name);
        if (method) return called(low, method, callee, node);
        return dataMethod(low, object.temp, name, node);
      }
      case 'global':
        return method(low, object.name, name, node);
      case 'context':
        if (name !== 'random') low.refuse(callee, `${name} of the context cannot be called`);
        break;
    }
  }
  return called(low, low.evaluate(callee), callee, node);
}

function called(low: Lowering, value: Value, callee: Node, node: CallExpression): Value {
  switch (value.type) {
    case 'function': {
      const args = node.arguments.map((each) => low.evaluate(each));
      return invoke(low, value.node, value.frame, args, node, { self: value.self });
    }
    case 'method':
      return method(low, value.object, value.name, node);
    case 'global':
      return convert(low, value.name, node);
    case 'random':
      low.builder.usesRandom = true;
      return scalarOf(low.builder.impure([`${low.contextName}.random()`], 'num', low.site(node)));
    default:
      return low.refuse(callee, 'the called value is not a function of the modules that were read');
  }
}

function withSelf(value: Value, self: Value): Value {
  return value.type === 'function' ? { ...value, self: value.self ?? self } : value;
}

/** `Math.max(...list)`, `Math.min(...list)` */
function isOfSpread(
  low: Lowering,
  node: CallExpression | NewExpression,
  callee: Node,
): node is CallExpression {
  if (node.type !== 'CallExpression' || node.arguments.length !== 1) return false;
  if (node.arguments[0]!.type !== 'SpreadElement') return false;
  if (callee.type !== 'MemberExpression' && callee.type !== 'Identifier') return false;
  const value = low.evaluate(callee);
  return value.type === 'method' && value.object === 'Math' && (value.name === 'max' || value.name === 'min');
}

function extremeOf(low: Lowering, node: CallExpression): Temp {
  const [spread] = node.arguments;
  const callee = low.evaluate(node.callee);
  if (spread?.type !== 'SpreadElement' || callee.type !== 'method')
    return low.refuse(node, 'this spread cannot be generated');
  const isMax = callee.name === 'max';
  const site = low.site(node);
  const source = sourceOf(low, low.evaluate(spread.argument), spread, 'any');
  const extreme = low.builder.slot(low.text(isMax ? '(-Infinity)' : 'Infinity', 'num'), node);
  overElements(
    low,
    source,
    node,
    ({ item }) => {
      const operands = [low.builder.read(extreme, site), low.asScalar(item, spread)];
      low.builder.write(extreme, low.builder.rule(isMax ? 'max' : 'min', operands, site));
    },
    { changing: [extreme] },
  );
  return low.builder.read(extreme, site);
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
    if (value.type === 'object' && rootOf(value.temp.shape!).isParameters)
      return scalarOf(low.text('true', 'bool'));
    if (value.type === 'object') return scalarOf(low.question(['Array.isArray(', ')'], [value.temp], node));
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

function constructed(low: Lowering, node: NewExpression): Value {
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
  const value = low.evaluate(called);
  if (value.type === 'class') return construct(low, value.place, node);
  return low.refuse(node, 'this constructor call cannot be generated');
}
