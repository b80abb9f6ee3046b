import type { ForOfStatement, MemberExpression, Node } from '@babel/types';
import { bare, evaluatedChildren, isErased } from '../syntax/nodes';
import { asPlain } from './inspections';
import { isValueMethod } from './methods';
import type { Handlers, Rewrite } from './rewrite';
import { endOf, startOf } from './source';

/** The kinds of targets of an assignment or update that the instrumentation distinguishes. */
export type Target =
  | { readonly kind: 'name'; readonly name: string }
  /** `o.x`, `this.#x`, `super.x` */
  | { readonly kind: 'property'; readonly node: MemberExpression }
  /** `a[i]` */
  | { readonly kind: 'element'; readonly node: MemberExpression }
  /** `super[k]`, which cannot be stored in a temporary. */
  | { readonly kind: 'superElement'; readonly node: MemberExpression }
  | { readonly kind: 'pattern' };

/** Determines the kind of a target. Parentheses around an element are removed, because it becomes two arguments of a call. */
export function targetOf(rewrite: Rewrite, node: Node): Target {
  const target = bare(node);
  if (target.type === 'Identifier') return { kind: 'name', name: target.name };
  if (target.type !== 'MemberExpression') return { kind: 'pattern' };
  if (!target.computed) return { kind: 'property', node: target };
  if (target.object.type === 'Super') return { kind: 'superElement', node: target };
  removeParentheses(rewrite, node);
  return { kind: 'element', node: target };
}

/** Removes the parentheses around a target, which would enclose several arguments of a call. */
export function removeParentheses(rewrite: Rewrite, node: Node): void {
  switch (node.type) {
    case 'ParenthesizedExpression':
      rewrite.edits.replace(startOf(node), startOf(node) + 1, ' ');
      rewrite.edits.replace(endOf(node) - 1, endOf(node), ' ');
      removeParentheses(rewrite, node.expression);
      return;
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
      removeParentheses(rewrite, node.expression);
      return;
  }
}

/** A text that reads an expression again, if this has no effect and gives the same value; null otherwise. */
export function again(node: Node): string | null {
  switch (node.type) {
    case 'Identifier':
      return node.name;
    case 'ThisExpression':
      return 'this';
    case 'Super':
      return 'super';
    default:
      return null;
  }
}

/** Visits the object and the key of a member that is written to. */
export function visitMember(rewrite: Rewrite, node: MemberExpression): void {
  rewrite.visit(node.object);
  if (node.computed) rewrite.visit(node.property);
}

/**
 * Makes sure that the object of `o.x` is evaluated only once. Returns the text that reads the member
 * afterwards; it is valid until code of the user runs.
 */
export function heldProperty(rewrite: Rewrite, { object, property }: MemberExpression): string {
  const key = rewrite.source.text.slice(startOf(property), endOf(property));
  const name = again(object);
  if (name !== null) return `${name}.${key}`;
  const held = rewrite.names.helper('object');
  rewrite.wrap(object, `(${held} = `, ')');
  return `${held}.${key}`;
}

/** Stores the key of `super[k]` in a helper variable, so that it is evaluated once. */
export function heldSuper(rewrite: Rewrite, { property }: MemberExpression): string {
  const held = rewrite.names.helper('object');
  rewrite.wrap(property, `${held} = `, '');
  return `super[${held}]`;
}

/** Makes `a[i]` the first two arguments of a call; the closing bracket becomes `close`. */
export function asArguments(rewrite: Rewrite, node: MemberExpression, close: string): void {
  rewrite.token(endOf(node.object), '[', ',');
  if (node.property.type === 'SequenceExpression') rewrite.wrap(node.property, '', '');
  rewrite.edits.replace(endOf(node) - 1, endOf(node), close);
}

/** Cached results, because a long expression is checked at each of its operators. */
const calm = new WeakMap<Node, boolean>();

/** Whether evaluating an expression has no side effects. */
export function isCalm(node: Node): boolean {
  const known = calm.get(node);
  if (known !== undefined) return known;
  const found = changesNothing(node);
  calm.set(node, found);
  return found;
}

function changesNothing(node: Node): boolean {
  if (isErased(node) || /Function|Class/.test(node.type)) return true;
  if (/^(?:Optional)?Call|^New|^Assignment|^Update|^Await|^Yield|^Tagged|^Import/.test(node.type))
    return false;
  if (node.type === 'UnaryExpression' && node.operator === 'delete') return false;
  return evaluatedChildren(node).every(isCalm);
}

/** The parts of a pattern that are evaluated: defaults, computed keys, objects that are written to. */
export function visitPattern(rewrite: Rewrite, node: Node): void {
  switch (node.type) {
    case 'Identifier':
    case 'VoidPattern':
      return;
    case 'AssignmentPattern':
      visitPattern(rewrite, node.left);
      rewrite.visit(node.right);
      return;
    case 'RestElement':
      visitPattern(rewrite, node.argument);
      return;
    case 'ArrayPattern':
      for (const each of node.elements) if (each) visitPattern(rewrite, each);
      return;
    case 'ObjectPattern':
      for (const each of node.properties) {
        if (each.type === 'ObjectProperty' && each.computed) rewrite.visit(each.key);
        visitPattern(rewrite, each.type === 'ObjectProperty' ? each.value : each);
      }
      return;
    case 'TSParameterProperty':
      visitPattern(rewrite, node.parameter);
      return;
  }
  const target = bare(node);
  if (target.type !== 'MemberExpression') {
    if (target !== node) visitPattern(rewrite, target);
    return;
  }
  visitMember(rewrite, target);
  if (!target.computed || target.object.type === 'Super' || target.property.type === 'StringLiteral') return;
  asArguments(rewrite, target, ')');
  rewrite.wrapStretch(
    startOf(target),
    endOf(target),
    `${rewrite.names.helper(rewrite.isStrict ? 'place' : 'loosePlace')}(`,
    '.value',
  );
}

export const patterns: Handlers = {
  ArrayPattern: visitPattern,
  ObjectPattern: visitPattern,
  AssignmentPattern: visitPattern,
  RestElement: visitPattern,
  TSParameterProperty: visitPattern,
  VariableDeclarator(rewrite, node) {
    visitPattern(rewrite, node.id);
    // `const { is } = Object`
    if (node.id.type === 'ObjectPattern' && node.init && rewrite.isGlobal(node.init, 'Object'))
      rewrite.replace(node.init, `${rewrite.runtime}.Object`);
    else rewrite.visit(node.init);
    // `const { some } = Array.prototype`
    if (node.init && takesValueMethod(node.id))
      rewrite.wrap(node.init, `${rewrite.runtime}.detachedMembers(`, ')');
  },
  ForInStatement(rewrite, node) {
    loop(rewrite, node.left, node.right, node.body);
    asPlain(rewrite, node.right);
  },
  CatchClause(rewrite, node) {
    if (node.param) visitPattern(rewrite, node.param);
    rewrite.visit(node.body);
  },
};

export function visitIteration(rewrite: Rewrite, { left, right, body }: ForOfStatement): void {
  loop(rewrite, left, right, body);
}

function loop(rewrite: Rewrite, left: Node, right: Node, body: Node): void {
  if (left.type === 'VariableDeclaration') rewrite.visit(left);
  else visitPattern(rewrite, left);
  rewrite.visit(right);
  rewrite.visit(body);
}

function takesValueMethod(pattern: Node): boolean {
  return (
    pattern.type === 'ObjectPattern' &&
    pattern.properties.some(
      (each) =>
        each.type === 'ObjectProperty' && each.key.type === 'Identifier' && isValueMethod(each.key.name),
    )
  );
}
