import type { Node } from '@babel/types';
import { bare, isPlainFunction } from '../../syntax/nodes';
import type { Temp } from '../ir';
import { rootOf } from '../shapes';
import { getter, methodOf, staticMember } from './classes';
import { nameOfKey } from './classMembers';
import type { Lowering } from './lowering';
import { exportedClass, exportedFunction } from './modules';
import { scalarOf, topFrame, type Value } from './values';

/** `object.name` */
export function property(low: Lowering, object: Value, name: string, node: Node): Value {
  switch (object.type) {
    case 'scalar': {
      if (name.startsWith('#')) low.refuse(node, 'a private member of data cannot be read');
      const kind = name === 'length' ? 'int' : 'any';
      return { type: 'scalar', temp: low.plain(['', `.${name}`], [object.temp], node, kind) };
    }
    case 'context':
      if (name === 'random') return { type: 'random' };
      return {
        type: 'scalar',
        temp: low.plain(
          [`${low.contextName}.${name}`],
          [],
          node,
          name === 'step' || name === 'epoch' ? 'int' : 'any',
        ),
      };
    case 'object': {
      const shape = rootOf(object.temp.shape!);
      if (shape.form !== 'record' && name === 'length')
        return { type: 'scalar', temp: low.lengthOf(object.temp, node) };
      const method = methodOf(low, object, name);
      if (method) return method;
      return getter(low, object, name, node) ?? low.field(object.temp, name, node);
    }
    case 'instance':
      return object.fields.get(name) ?? low.refuse(node, `${name} is read before it is set`);
    case 'class':
      return (
        staticMember(low, object, name, node) ??
        property(low, scalarOf(low.asScalar(object, node)), name, node)
      );
    case 'record': {
      const field = object.fields.get(name);
      if (field) return field;
      if (object.isList && name === 'length')
        return { type: 'scalar', temp: low.builder.number(object.fields.size) };
      return low.refuse(node, `${name} is not written down in the object`);
    }
    case 'namespace': {
      const place = exportedFunction(object.module, name);
      if (place)
        return {
          type: 'function',
          node: place.node,
          frame: topFrame(place.module),
        };
      const found = exportedClass(object.module, name);
      if (found)
        return { type: 'class', place: found, text: object.text === null ? null : `${object.text}.${name}` };
      return property(low, scalarOf(low.asScalar(object, node)), name, node);
    }
    case 'global':
      return globalProperty(low, object.name, name);
    default:
      return low.refuse(node, `${name} of this is not supported`);
  }
}

/**
 * A function that is written in an object literal of a module, such as `const kernels = { linear: (x) => x }`. null
 * for anything else, or if something may replace it.
 */
export function literalMember(low: Lowering, object: Node, name: string): Value | null {
  const target = bare(object);
  const binding = target.type === 'Identifier' ? low.binding(target) : null;
  if (!binding?.isModule || binding.assignments.length > 0) return null;
  const { declaration } = binding;
  if (declaration.type !== 'VariableDeclarator' || declaration.id.type !== 'Identifier' || !declaration.init)
    return null;
  const init = bare(declaration.init);
  if (init.type !== 'ObjectExpression') return null;
  const self = low.asScalar(low.evaluate(object), object);
  low.objectLiterals.set(self, init);
  return memberOfLiteral(low, self, name);
}

/** The same for a value that is an object literal of a module. */
export function memberOfLiteral(low: Lowering, self: Temp, name: string): Value | null {
  const literal = low.objectLiterals.get(self);
  if (!literal || low.module.assignsMember(name)) return null;
  const found = literal.properties.filter(
    (each) => each.type === 'SpreadElement' || nameOfKey(each.key) === name,
  );
  const [only] = found;
  if (found.length !== 1 || !only || only.type === 'SpreadElement' || only.computed) return null;
  const value = only.type === 'ObjectMethod' ? only : bare(only.value);
  if (only.type === 'ObjectMethod' && only.kind !== 'method') return null;
  if (value.type !== 'ObjectMethod' && !isPlainFunction(value)) return null;
  return { type: 'function', node: value, frame: topFrame(low.module), self: scalarOf(self) };
}

/** `object[index]` */
export function element(low: Lowering, object: Value, index: Temp, node: Node): Value {
  switch (object.type) {
    case 'scalar':
      return { type: 'scalar', temp: low.plain(['', '[', ']'], [object.temp, index], node) };
    case 'object': {
      const key = index.op.type === 'text' ? /^"([A-Za-z_$][\w$]*)"$/.exec(index.op.text)?.[1] : undefined;
      if (key !== undefined) return property(low, object, key, node);
      const isTuple = rootOf(object.temp.shape!).form === 'record' && index.op.type === 'text';
      return isTuple
        ? low.field(object.temp, (index.op as { text: string }).text, node)
        : low.element(object.temp, index, node);
    }
    case 'record': {
      const field = index.op.type === 'text' ? object.fields.get(index.op.text) : undefined;
      return field ?? low.refuse(node, 'this list can only be indexed by literal numbers');
    }
    default:
      return low.refuse(node, 'this cannot be indexed');
  }
}

/** Arrays unchanged; other iterables converted to an array. */
export function asList(low: Lowering, temp: Temp, node: Node): Temp {
  return low.plain([`${low.prefix}list(`, ')'], [temp], node);
}

const numberConstants = new Set([
  'EPSILON',
  'MAX_VALUE',
  'MIN_VALUE',
  'MAX_SAFE_INTEGER',
  'MIN_SAFE_INTEGER',
  'POSITIVE_INFINITY',
  'NEGATIVE_INFINITY',
  'NaN',
]);

function globalProperty(low: Lowering, object: string, name: string): Value {
  const isConstant =
    object === 'Math' ? /^[A-Z][A-Z0-9_]*$/.test(name) : object === 'Number' && numberConstants.has(name);
  if (isConstant) return { type: 'scalar', temp: low.text(`${object}.${name}`, 'num') };
  if (object === 'Float64Array' || object === 'Float32Array') {
    if (name === 'BYTES_PER_ELEMENT') return { type: 'scalar', temp: low.text(`${object}.${name}`, 'int') };
  }
  return { type: 'method', object, name };
}
