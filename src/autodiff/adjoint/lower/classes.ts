import type { CallExpression, ClassMethod, NewExpression, Node } from '@babel/types';
import { bare, walk } from '../../syntax/nodes';
import type { Temp } from '../ir';
import { rootOf, type Shape, type SharedFunction } from '../shapes';
import { functionOn, sharedFunction } from './captures';
import {
  ancestry,
  declaredMember,
  hasMember,
  type MethodPlace,
  memberOf,
  nameOfClass,
  nameOfKey,
  nameOfMember,
  onlyClassWith,
  parentOf,
} from './classMembers';
import { setField } from './fields';
import type { Lowering } from './lowering';
import type { ClassPlace } from './modules';
import { classPlaceOf, runtimeValue, scalarOf, selfOf, topFrame, type Value } from './values';

type ClassValue = Extract<Value, { type: 'class' }>;
type ObjectValue = Extract<Value, { type: 'object' }>;

/** `new Name(…)` for a class of the modules that were read. */
export function construct(low: Lowering, place: ClassPlace, node: NewExpression): Value {
  const classes = ancestry(low, place);
  if (!classes) return low.refuse(node, 'a class that extends an unknown one cannot be generated');
  for (const each of classes) refuseUnusual(low, each, node);
  const args = node.arguments.map((each) => low.evaluate(each));
  const initializers = classes.flatMap((each) => constructorOf(each) ?? []);
  if (!initializers.every(setsOnlyFields)) {
    const made = low.builder.make({ type: 'record', fields: new Map(), spread: null }, node, low.site(node));
    rootOf(made.shape!).classPlace = place;
    const self = runtimeValue(made);
    initialize(low, place, self, args, node);
    return self;
  }
  const fields = new Map<string, Value>();
  initialize(low, place, { type: 'instance', fields }, args, node);
  for (const name of fields.keys())
    if (hasMember(low, place, name)) low.refuse(node, `${name} is a field and a member of the class`);
  return recordOf(low, fields, node, place);
}

function constructorOf(place: ClassPlace): ClassMethod | null {
  const node = declaredMember(place, 'constructor', { kind: 'constructor' });
  return node?.type === 'ClassMethod' ? node : null;
}

/** Runs the constructor of a class. Its fields are initialized first, or after `super(…)`. */
function initialize(low: Lowering, place: ClassPlace, self: Value, args: readonly Value[], node: Node): void {
  const parent = parentOf(low, place);
  const written = constructorOf(place);
  if (!parent) initializeFields(low, place, self);
  else if (!written) {
    initialize(low, parent, self, args, node);
    initializeFields(low, place, self);
  }
  if (written) low.invoke(written, { ...topFrame(place.module), classPlace: place }, args, node, { self });
}

/** `super(…)` */
export function callSuper(low: Lowering, node: CallExpression): void {
  const place = classPlaceOf(low.frame);
  const self = selfOf(low.frame);
  const parent = place && parentOf(low, place);
  if (!parent || !self) low.refuse(node, 'this call of `super` cannot be generated');
  const args = node.arguments.map((each) => low.evaluate(each));
  initialize(low, parent, self, args, node);
  initializeFields(low, place, self);
}

/** `super.name`, a method */
export function superMethod(low: Lowering, name: string, node: Node): Value {
  const place = classPlaceOf(low.frame);
  const self = selfOf(low.frame);
  const parent = place && parentOf(low, place);
  const found = parent && self && memberOf(low, parent, name);
  return found ? methodValue(found, self) : low.refuse(node, `super.${name} is not known`);
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

function initializeFields(low: Lowering, place: ClassPlace, self: Value): void {
  const { node, module } = place;
  low.within({ ...topFrame(module), self, classPlace: place }, () => {
    for (const each of node.body.body) {
      if (each.type !== 'ClassProperty' && each.type !== 'ClassPrivateProperty') continue;
      if (each.static || (each.type === 'ClassProperty' && each.declare)) continue;
      const name = each.type === 'ClassProperty' && each.computed ? null : nameOfKey(each.key);
      if (name === null) low.refuse(each, 'only plain names of fields are supported');
      setField(low, self, name, each.value ? low.evaluate(each.value) : scalarOf(low.text('(void 0)')), each);
    }
  });
}

const usual = new Set([
  'ClassMethod',
  'ClassProperty',
  'ClassPrivateMethod',
  'ClassPrivateProperty',
  'TSDeclareMethod',
  'TSIndexSignature',
  'StaticBlock',
]);

function refuseUnusual(low: Lowering, { node: { body, decorators } }: ClassPlace, node: Node): void {
  if (decorators?.length) low.refuse(node, 'a class with decorators cannot be generated');
  if (!body.body.every(({ type }) => usual.has(type)))
    low.refuse(node, 'a class with unusual members cannot be generated');
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

/** The method that objects of a shape have under a name. */
export function methodOf(low: Lowering, self: ObjectValue, name: string): Value | null {
  const shape = rootOf(self.temp.shape!);
  const own = shape.methods.get(name);
  if (own) return functionOn(own, self);
  if (shape.form === null && !isListMethod.has(name)) {
    shape.classPlace = onlyClassWith(low, name);
    if (shape.classPlace) shape.form = 'record';
  }
  return shape.classPlace && classMethod(low, shape.classPlace, name, self);
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

function methodValue({ node, place }: MethodPlace, self: Value): Value {
  return { type: 'function', node, frame: { ...topFrame(place.module), classPlace: place }, self };
}

function classMethod(low: Lowering, place: ClassPlace, name: string, self: Value): Value | null {
  const found = memberOf(low, place, name);
  return found && methodValue(found, self);
}

/** The value of a getter; null if there is none. */
export function getter(low: Lowering, self: ObjectValue, name: string, node: Node): Value | null {
  const { classPlace } = rootOf(self.temp.shape!);
  const read = classPlace && memberOf(low, classPlace, name, { kind: 'get' });
  return read && callOf(low, methodValue(read, self), node);
}

function callOf(low: Lowering, method: Value, node: Node): Value | null {
  return method.type === 'function'
    ? low.invoke(method.node, method.frame, [], node, { self: method.self })
    : null;
}

/** Whether a field of this name may not be set: it is a function, or has a setter or getter. */
export function isFixedMember(low: Lowering, { classPlace, methods }: Shape, name: string): boolean {
  return methods.has(name) || (classPlace !== null && hasMember(low, classPlace, name));
}

/** A static method, or the value of a static getter; null for anything else. */
export function staticMember(low: Lowering, self: ClassValue, name: string, node: Node): Value | null {
  const { place } = self;
  const method = memberOf(low, place, name, { isStatic: true });
  if (method) return methodValue(method, self);
  const read = memberOf(low, place, name, { kind: 'get', isStatic: true });
  return read && callOf(low, methodValue(read, self), node);
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
  return classMethod(low, place, name, scalarOf(checked));
}
