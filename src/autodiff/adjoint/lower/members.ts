import type { Node } from '@babel/types';
import type { Temp } from '../ir';
import { rootOf } from '../shapes';
import { getter, methodOf, staticMember } from './classes';
import type { Lowering } from './lowering';
import { exportedClass, exportedFunction } from './modules';
import { scalarOf, topFrame, type Value } from './values';

/** `object.name` */
export function property(low: Lowering, object: Value, name: string, node: Node): Value {
  switch (object.type) {
    case 'scalar': {
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

/** `object[index]` */
export function element(low: Lowering, object: Value, index: Temp, node: Node): Value {
  switch (object.type) {
    case 'scalar':
      return { type: 'scalar', temp: low.plain(['', '[', ']'], [object.temp, index], node) };
    case 'object': {
      const key = index.op.type === 'text' ? /^"([A-Za-z_$][\w$]*)"$/.exec(index.op.text)?.[1] : undefined;
      return key === undefined ? low.element(object.temp, index, node) : property(low, object, key, node);
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
