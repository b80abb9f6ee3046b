import type { ClassMethod, ClassPrivateMethod, MemberExpression, Node } from '@babel/types';
import { bare } from '../../syntax/nodes';
import type { Lowering } from './lowering';
import type { ClassPlace } from './modules';

type Method = ClassMethod | ClassPrivateMethod;

export interface MethodPlace {
  readonly node: Method;
  /** The class that declares it. */
  readonly place: ClassPlace;
}

interface MemberKind {
  readonly kind?: Method['kind'];
  readonly isStatic?: boolean;
}

/** The name of a member that is written down: `object.name`, `object['name']`, `object.#name`. */
export function nameOfMember({ computed, property }: MemberExpression): string | null {
  const key = bare(property);
  if (!computed) return nameOfKey(key);
  return key.type === 'StringLiteral' && /^[A-Za-z_$][\w$]*$/.test(key.value) ? key.value : null;
}

/** The name of a member of a class. That of a private one begins with `#`. */
export function nameOfKey(key: Node): string | null {
  if (key.type === 'PrivateName') return `#${key.id.name}`;
  return key.type === 'Identifier' ? key.name : null;
}

/** A class and those that it extends. null if one of them is not a class of the modules that were read. */
export function ancestry(low: Lowering, place: ClassPlace): readonly ClassPlace[] | null {
  const classes = [place];
  for (let at = place; at.node.superClass; ) {
    const parent = parentOf(low, at);
    if (!parent || classes.some(({ node }) => node === parent.node)) return null;
    classes.push(parent);
    at = parent;
  }
  return classes;
}

export function parentOf(low: Lowering, { node, module }: ClassPlace): ClassPlace | null {
  const name = node.superClass && bare(node.superClass);
  const binding = name?.type === 'Identifier' ? module.scopes.bindings.get(name) : undefined;
  return binding ? low.modules.classOf(module, binding) : null;
}

/** The method, getter or setter that a class declares. */
export function declaredMember(
  { node }: ClassPlace,
  name: string,
  { kind = 'method', isStatic = false }: MemberKind = {},
): Method | null {
  for (const each of node.body.body)
    if (
      (each.type === 'ClassMethod' || each.type === 'ClassPrivateMethod') &&
      each.kind === kind &&
      Boolean(each.static) === isStatic &&
      !(each.type === 'ClassMethod' && each.computed) &&
      nameOfKey(each.key) === name
    )
      return each;
  return null;
}

/** The method, getter or setter that objects of a class have; for statics, the class itself. */
export function memberOf(
  low: Lowering,
  place: ClassPlace,
  name: string,
  kind: MemberKind = {},
): MethodPlace | null {
  for (const each of ancestry(low, place) ?? []) {
    const node = declaredMember(each, name, kind);
    if (node) return { node, place: each };
  }
  return null;
}

/** Whether a class has a method, getter or setter of a name. */
export function hasMember(low: Lowering, place: ClassPlace, name: string): boolean {
  return (['method', 'get', 'set'] as const).some((kind) => memberOf(low, place, name, { kind }) !== null);
}

/** The class whose objects have a method, if only one class of the modules that were read has it. */
export function onlyClassWith(low: Lowering, name: string): ClassPlace | null {
  const classes: ClassPlace[] = [];
  for (const module of low.modules.all)
    for (const binding of module.scopes.top.values()) {
      const place = low.modules.classOf(module, binding);
      if (place?.module === module) classes.push(place);
    }
  const found = classes.filter((place) => memberOf(low, place, name));
  return found.length === 1 ? found[0]! : null;
}

/** The name of a class in the module of the loss; null if it has none. */
export function nameOfClass(low: Lowering, { node }: ClassPlace): string | null {
  const { home } = low.modules;
  for (const [name, binding] of home.scopes.top)
    if (low.modules.classOf(home, binding)?.node === node) return name;
  return null;
}
