import type { CallExpression, ClassMethod, MemberExpression, NewExpression, Node } from '@babel/types';
import { bare, walk } from '../../syntax/nodes';
import type { Temp } from '../ir';
import { rootOf, type Shape, type SharedFunction } from '../shapes';
import { functionOn, sharedFunction } from './captures';
import type { Lowering } from './lowering';
import type { ClassNode, ClassPlace } from './modules';
import { runtimeValue, scalarOf, topFrame, type Value } from './values';

type ClassValue = Extract<Value, { type: 'class' }>;
type ObjectValue = Extract<Value, { type: 'object' }>;

/** The name of a member that is written down: `object.name`, `object['name']`. */
export function nameOfMember({ computed, property }: MemberExpression): string | null {
  const key = bare(property);
  if (!computed) return key.type === 'Identifier' ? key.name : null;
  return key.type === 'StringLiteral' && /^[A-Za-z_$][\w$]*$/.test(key.value) ? key.value : null;
}

/** `new Name(…)` for a class of the modules that were read. */
export function construct(low: Lowering, place: ClassPlace, node: NewExpression): Value {
  refuseUnusual(low, place, node);
  const args = node.arguments.map((each) => low.evaluate(each));
  const initializer = methodNamed(place.node, 'constructor');
  const site = low.site(node);
  if (initializer && !setsOnlyFields(initializer)) {
    const made = low.builder.make({ type: 'record', fields: new Map(), spread: null }, node, site);
    rootOf(made.shape!).classPlace = place;
    const self = runtimeValue(made);
    initializeFields(low, place, self, (name, value, at) => {
      const fixed = { object: made, key: name, index: null, operator: '=', isInitial: false } as const;
      low.builder.store({ ...fixed, value: low.held(value, at), site: low.site(at) });
    });
    low.invoke(initializer, topFrame(place.module), args, node, { self });
    return self;
  }
  const fields = new Map<string, Value>();
  const self: Value = { type: 'instance', fields };
  initializeFields(low, place, self, (name, value) => fields.set(name, value));
  if (initializer) low.invoke(initializer, topFrame(place.module), args, node, { self });
  for (const name of fields.keys())
    if (hidesMember(place.node, name)) low.refuse(node, `${name} is a field and a member of the class`);
  return recordOf(low, fields, node, place);
}

/**
 * An object with fields. Functions that capture nothing belong to its shape; with other functions, it exists
 * only during lowering.
 */
export function recordOf(
  low: Lowering,
  values: ReadonlyMap<string, Value>,
  node: Node,
  place: ClassPlace | null = null,
  spread: Temp | null = null,
): Value {
  const fields = new Map<string, Temp>();
  const methods: [string, SharedFunction][] = [];
  for (const [name, value] of values) {
    if (value.type === 'record') {
      if (place) low.refuse(node, `the field ${name} holds functions`);
      return { type: 'record', fields: values, isList: false };
    }
    const shared = sharedFunction(value);
    if (shared) methods.push([name, shared]);
    else if (value.type === 'function' || value.type === 'method') {
      if (place || spread) low.refuse(node, `the field ${name} is a function with variables of its own`);
      return { type: 'record', fields: values, isList: false };
    } else fields.set(name, low.held(value, node));
  }
  const made = low.builder.make({ type: 'record', fields, spread }, node, low.site(node));
  const shape = rootOf(made.shape!);
  shape.classPlace = place;
  for (const [name, shared] of methods) shape.methods.set(name, shared);
  return runtimeValue(made);
}

function initializeFields(
  low: Lowering,
  { node, module }: ClassPlace,
  self: Value,
  set: (name: string, value: Value, at: Node) => void,
): void {
  low.within({ ...topFrame(module), self }, () => {
    for (const each of node.body.body) {
      if (each.type !== 'ClassProperty' || each.static || each.declare) continue;
      const { key } = each;
      if (each.computed || key.type !== 'Identifier')
        low.refuse(each, 'only plain names of fields are supported');
      set(key.name, each.value ? low.evaluate(each.value) : scalarOf(low.text('(void 0)')), each);
    }
  });
}

function refuseUnusual(
  low: Lowering,
  { node: { superClass, body, decorators } }: ClassPlace,
  node: Node,
): void {
  if (superClass) low.refuse(node, 'a class that extends another one cannot be generated');
  if (decorators?.length) low.refuse(node, 'a class with decorators cannot be generated');
  for (const each of body.body)
    if (
      each.type !== 'ClassMethod' &&
      each.type !== 'ClassProperty' &&
      each.type !== 'TSDeclareMethod' &&
      each.type !== 'TSIndexSignature' &&
      each.type !== 'StaticBlock'
    )
      low.refuse(node, 'a class with private members cannot be generated');
}

/**
 * Whether a constructor uses `this` only to read fields and to set each in a statement of its own. Then the
 * object can be made at its end.
 */
function setsOnlyFields({ body }: ClassMethod): boolean {
  const statements = new Set<Node>();
  const fields = new Set<Node>();
  for (const statement of body.body) {
    if (statement.type !== 'ExpressionStatement') continue;
    const assigned = bare(statement.expression);
    if (assigned.type === 'AssignmentExpression' && assigned.operator === '=') statements.add(assigned);
  }
  let isSimple = true;
  walk(body, (node) => {
    switch (node.type) {
      case 'AssignmentExpression': {
        const target = bare(node.left);
        if (isField(target) && !statements.has(node)) isSimple = false;
        break;
      }
      case 'UpdateExpression':
        if (isField(bare(node.argument))) isSimple = false;
        break;
      case 'CallExpression':
        if (isField(bare(node.callee))) isSimple = false;
        break;
      case 'MemberExpression':
        if (isField(node)) fields.add(bare(node.object));
        break;
      case 'ThisExpression':
        if (!fields.has(node)) isSimple = false;
        break;
      case 'ArrayPattern':
      case 'ObjectPattern':
        walk(node, (inner) => {
          if (inner.type === 'ThisExpression') isSimple = false;
          return true;
        });
        break;
      case 'ReturnStatement':
        if (node.argument) isSimple = false;
    }
    return true;
  });
  return isSimple;
}

function isField(node: Node): boolean {
  return (
    node.type === 'MemberExpression' &&
    bare(node.object).type === 'ThisExpression' &&
    nameOfMember(node) !== null
  );
}

function methodNamed(
  { body }: ClassNode,
  name: string,
  {
    kind = name === 'constructor' ? 'constructor' : 'method',
    isStatic = false,
  }: { kind?: ClassMethod['kind']; isStatic?: boolean } = {},
): ClassMethod | null {
  for (const each of body.body)
    if (
      each.type === 'ClassMethod' &&
      each.kind === kind &&
      Boolean(each.static) === isStatic &&
      !each.computed &&
      each.key.type === 'Identifier' &&
      each.key.name === name
    )
      return each;
  return null;
}

/** The method that objects of a shape have under a name. */
export function methodOf(low: Lowering, self: ObjectValue, name: string): Value | null {
  const shape = rootOf(self.temp.shape!);
  const own = shape.methods.get(name);
  if (own) return functionOn(own, self);
  if (shape.form === null && !isListMethod.has(name)) shape.classPlace = onlyClassWith(low, name);
  return shape.classPlace && classMethod(shape.classPlace, name, self);
}

/** Names that are more likely methods of a list than of a class. */
const isListMethod = new Set([
  'map',
  'forEach',
  'reduce',
  'filter',
  'slice',
  'push',
  'fill',
  'concat',
  'at',
  'some',
  'every',
  'length',
]);

export function classMethod(place: ClassPlace, name: string, self: Value): Value | null {
  const node = methodNamed(place.node, name);
  return node && { type: 'function', node, frame: topFrame(place.module), self };
}

/** The value of a getter; null if there is none. */
export function getter(low: Lowering, self: ObjectValue, name: string, node: Node): Value | null {
  const { classPlace } = rootOf(self.temp.shape!);
  const read = classPlace && methodNamed(classPlace.node, name, { kind: 'get' });
  return read ? low.invoke(read, topFrame(classPlace.module), [], node, { self }) : null;
}

/** Whether a class has a method, getter or setter of a name. */
function hidesMember(node: ClassNode, name: string): boolean {
  return (['method', 'get', 'set'] as const).some((kind) => methodNamed(node, name, { kind }) !== null);
}

/** Whether a field of this name may not be set: it is a function, or has a setter or getter. */
export function isFixedMember({ classPlace, methods }: Shape, name: string): boolean {
  return methods.has(name) || (classPlace !== null && hidesMember(classPlace.node, name));
}

/** A static method, or the value of a static getter; null for anything else. */
export function staticMember(low: Lowering, self: ClassValue, name: string, node: Node): Value | null {
  const { place } = self;
  const method = methodNamed(place.node, name, { isStatic: true });
  if (method) return { type: 'function', node: method, frame: topFrame(place.module), self };
  const read = methodNamed(place.node, name, { kind: 'get', isStatic: true });
  return read && low.invoke(read, topFrame(place.module), [], node, { self });
}

/** The class whose objects have a method, if only one class of the modules that were read has it. */
export function onlyClassWith(low: Lowering, name: string): ClassPlace | null {
  const found: ClassPlace[] = [];
  for (const module of low.modules.all)
    for (const binding of module.scopes.top.values()) {
      const place = low.modules.classOf(module, binding);
      if (place?.module === module && methodNamed(place.node, name)) found.push(place);
    }
  return found.length === 1 && !found[0]!.node.superClass ? found[0]! : null;
}

/** The name of a class in the module of the loss; null if it has none. */
export function nameOfClass(low: Lowering, { node }: ClassPlace): string | null {
  const { home } = low.modules;
  for (const [name, binding] of home.scopes.top)
    if (low.modules.classOf(home, binding)?.node === node) return name;
  return null;
}

/**
 * A method of an object that does not depend on the parameters, if its class is known. The generated code checks
 * the class.
 */
export function methodOfData(low: Lowering, object: Temp, name: string, node: CallExpression): Value | null {
  const place = onlyClassWith(low, name);
  const text = place && nameOfClass(low, place);
  if (!text) return null;
  const checked = low.plain([`${low.prefix}instance(`, `, ${text})`], [object], node);
  return classMethod(place, name, scalarOf(checked));
}
