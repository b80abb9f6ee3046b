import type { Identifier, Node, ObjectExpression, OptionalMemberExpression } from '@babel/types';
import { bare, isPlainFunction } from '../../syntax/nodes';
import type { Temp } from '../ir';
import type { TempKind } from '../shapes';
import { rootOf } from '../shapes';
import { arrayLiteral } from './arrays';
import { assignment, update } from './assignments';
import { callValue } from './calls';
import { functionOn } from './captures';
import { recordOf, superMethod } from './classes';
import { nameOfClass, nameOfMember } from './classMembers';
import type { Lowering } from './lowering';
import { element, literalMember, property } from './members';
import { functionOf, mathMethodOf } from './modules';
import { binary, choice, logical, unary } from './operators';
import { nameOfSyntax } from './syntaxNames';
import { type CallFrame, runtimeValue, scalarOf, selfOf, type Value } from './values';

export function expression(low: Lowering, written: Node): Value {
  const node = bare(written);
  switch (node.type) {
    case 'NumericLiteral':
      return scalarOf(low.builder.number(node.value));
    case 'StringLiteral':
      return scalarOf(low.text(JSON.stringify(node.value)));
    case 'BooleanLiteral':
      return scalarOf(low.text(String(node.value), 'bool'));
    case 'NullLiteral':
      return scalarOf(low.text('null'));
    case 'Identifier':
      return identifier(low, node);
    case 'UnaryExpression':
      return scalarOf(unary(low, node));
    case 'BinaryExpression':
      return scalarOf(binary(low, node));
    case 'LogicalExpression':
      return runtimeValue(logical(low, node));
    case 'ConditionalExpression':
      return choice(low, node);
    case 'AssignmentExpression':
      return assignment(low, node, true);
    case 'UpdateExpression':
      return scalarOf(update(low, node));
    case 'SequenceExpression': {
      for (const each of node.expressions.slice(0, -1)) low.evaluate(each);
      return low.evaluate(node.expressions.at(-1)!);
    }
    case 'TemplateLiteral': {
      const parts = node.quasis.map(({ value }) => value.raw);
      const last = parts.length - 1;
      const texts = parts.map((part, k) => `${k === 0 ? '`' : '}'}${part}${k === last ? '`' : '${'}`);
      return scalarOf(
        low.plain(
          texts,
          node.expressions.map((each) => low.scalar(each)),
          node,
        ),
      );
    }
    case 'MemberExpression': {
      const name = nameOfMember(node);
      if (node.object.type === 'Super') return superMethod(low, name ?? '', node);
      const constant = name === null ? null : literalMember(low, node.object, name);
      if (constant) return constant;
      const object = low.evaluate(node.object);
      if (name !== null) return property(low, object, name, node);
      return element(low, object, low.scalar(node.property), node);
    }
    case 'OptionalMemberExpression':
      return optionalMember(low, node);
    case 'CallExpression':
      return callValue(low, node);
    case 'NewExpression':
      return callValue(low, node);
    case 'ArrayExpression':
      return arrayLiteral(low, node);
    case 'ObjectExpression': {
      return objectLiteral(low, node);
    }
    case 'ThisExpression': {
      return selfOf(low.frame) ?? low.refuse(node, '`this` is not known here');
    }
    default:
      if (isPlainFunction(node)) return { type: 'function', node, frame: low.frame };
      return low.refuse(node, `${nameOfSyntax(node)} cannot be generated`);
  }
}

function objectLiteral(low: Lowering, node: ObjectExpression): Value {
  const fields = new Map<string, Value>();
  let spread: Temp | null = null;
  const copied: { from: Temp; count: number }[] = [];
  for (const [k, each] of node.properties.entries()) {
    if (each.type === 'SpreadElement') {
      const value = low.evaluate(each.argument);
      if (value.type === 'scalar' && k === 0) spread = value.temp;
      else copyFields(low, value, fields, each);
      if (value.type === 'object')
        copied.push({ from: value.temp, count: rootOf(value.temp.shape!).cells.size });
      continue;
    }
    const { key } = each;
    if (each.computed || (each.type === 'ObjectMethod' && each.kind !== 'method'))
      low.refuse(each, 'objects can only hold plain properties');
    if (
      (key.type !== 'Identifier' && key.type !== 'StringLiteral') ||
      !/^[A-Za-z_$][\w$]*$/.test(nameOfKey(key))
    )
      low.refuse(key, 'only plain names are supported here');
    if (nameOfKey(key) === '__proto__') low.refuse(key, 'a prototype cannot be set');
    const value: Value =
      each.type === 'ObjectMethod'
        ? { type: 'function', node: each, frame: low.frame }
        : low.evaluate(each.value);
    fields.set(nameOfKey(key), value);
  }
  const made = recordOf(low, fields, node, null, spread);
  if (made.type === 'object')
    for (const { from, count } of copied) low.builder.copiesFields(from, made.temp, count);
  return made;
}

function nameOfKey(key: Node): string {
  return key.type === 'Identifier' ? key.name : String((key as { value?: unknown }).value);
}

/** `{ ...object }`: the fields that the object is known to have. */
function copyFields(low: Lowering, value: Value, fields: Map<string, Value>, node: Node): void {
  if (value.type === 'record' && !value.isList) {
    for (const [name, field] of value.fields) fields.set(name, field);
    return;
  }
  if (value.type !== 'object') low.refuse(node, 'a spread of this cannot be generated');
  const shape = rootOf(value.temp.shape!);
  if (shape.form !== 'record' || shape.classPlace) low.refuse(node, 'a spread of this cannot be generated');
  for (const name of shape.cells.keys()) fields.set(name, low.field(value.temp, name, node));
  for (const [name, method] of shape.methods) fields.set(name, functionOn(method, value));
}

const globals = new Set([
  'Math',
  'Number',
  'Array',
  'Object',
  'Boolean',
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
const globalFunctions = new Set(['isNaN', 'isFinite']);

function identifier(low: Lowering, node: Identifier): Value {
  const { name } = node;
  const binding = low.binding(node);
  if (!binding) {
    if (name === 'undefined') return scalarOf(low.text('(void 0)'));
    if (name === 'NaN' || name === 'Infinity') return scalarOf(low.text(name, 'num'));
    if (globals.has(name)) return { type: 'global', name };
    if (globalFunctions.has(name)) return { type: 'method', object: 'globalThis', name };
    return low.refuse(node, `${name} reaches outside of the modules that were read`);
  }
  if (!binding.isModule) {
    const cell = low.cell(binding, node);
    if (cell.type === 'slot') return runtimeValue(low.builder.read(cell.slot, low.site(node)));
    if (cell.type === 'value') return cell.value;
    return low.refuse(node, `${name} is not known`);
  }
  const place = low.modules.classOf(low.module, binding);
  if (place) return { type: 'class', place, text: nameOfClass(low, place) };
  const called = functionOf(binding);
  const top: CallFrame = { module: low.module, parent: null, cells: new Map() };
  if (called) return { type: 'function', node: called, frame: top };
  const method = mathMethodOf(binding, low.module.scopes);
  if (method !== null) return { type: 'method', object: 'Math', name: method };
  if (binding.kind === 'import') {
    const imported = low.modules.importedFunction(low.module, binding);
    if (imported)
      return {
        type: 'function',
        node: imported.node,
        frame: { module: imported.module, parent: null, cells: new Map() },
      };
  }
  const namespace = low.modules.importedNamespace(low.module, binding);
  if (namespace) return { type: 'namespace', module: namespace, text: low.module.isHome ? name : null };
  const literal = literalOf(binding);
  if (low.module.isHome)
    return scalarOf(low.text(name, literal === null ? 'any' : low.builder.number(literal).kind));
  if (literal !== null) return scalarOf(low.builder.number(literal));
  return low.refuse(node, `${name} belongs to another module than the loss`);
}

/** The value of a module constant that is declared as a number literal; null for any other declaration. */
function literalOf({
  declaration,
  assignments,
}: {
  declaration: Node;
  assignments: readonly Node[];
}): number | null {
  if (assignments.length > 0 || declaration.type !== 'VariableDeclarator' || !declaration.init) return null;
  if (declaration.id.type !== 'Identifier') return null;
  const init = bare(declaration.init);
  if (init.type === 'NumericLiteral') return init.value;
  if (init.type !== 'UnaryExpression' || init.operator !== '-') return null;
  const { argument } = init;
  return argument.type === 'NumericLiteral' ? -argument.value : null;
}

/** `a?.b.c`: a single null check for the whole chain. */
function optionalMember(low: Lowering, node: OptionalMemberExpression): Value {
  const names: string[] = [];
  let at: Node = node;
  while (at.type === 'OptionalMemberExpression') {
    if (at.computed || at.property.type !== 'Identifier')
      low.refuse(at, 'only plain names are supported after ?.');
    names.unshift(`${at.optional ? '?' : ''}.${at.property.name}`);
    at = at.object;
  }
  const kind: TempKind = 'any';
  return scalarOf(low.plain(['', names.join('')], [low.scalar(at)], node, kind));
}
