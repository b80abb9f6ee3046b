import type { CallExpression, Node, OptionalCallExpression } from '@babel/types';
import type { ValueMethod } from '../runtime/api';
import { bare } from '../syntax/nodes';
import { isNoNumber, isPrimitive } from './kind';
import type { Rewrite } from './rewrite';
import { endOf, startOf } from './source';

const valueMethods: { readonly [Name in ValueMethod]: true } = {
  some: true,
  every: true,
  filter: true,
  find: true,
  findIndex: true,
  findLast: true,
  findLastIndex: true,
  includes: true,
  indexOf: true,
  lastIndexOf: true,
  sort: true,
  toSorted: true,
  join: true,
  fill: true,
};

export function isValueMethod(name: string): name is ValueMethod {
  return Object.hasOwn(valueMethods, name);
}

export type Callee = Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }>;

/** The method that is called, if it inspects values that may be traced. */
export function valueMethod(
  rewrite: Rewrite,
  node: CallExpression | OptionalCallExpression,
): { readonly callee: Callee; readonly name: ValueMethod } | null {
  const callee = bare(node.callee);
  if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') return null;
  const { property } = callee;
  const name =
    property.type === 'Identifier' && !callee.computed
      ? property.name
      : property.type === 'StringLiteral'
        ? property.value
        : '';
  if (!isValueMethod(name) || isPrimitive(rewrite.kinds.of(callee.object))) return null;
  const [first] = node.arguments;
  // The searched value is not a number, so no traced value equals it.
  if (/^(?:includes|.*ndexOf)$/.test(name) && first && isNoNumber(rewrite.kinds.of(first))) return null;
  return { callee, name };
}

/** `xs.some(f)` becomes `$.m.some(xs, f)`. */
export function callOfValueMethod(rewrite: Rewrite, node: CallExpression): void {
  const { callee, name } = valueMethod(rewrite, node)!;
  if (callee.object.type === 'Super') {
    superMethod(rewrite, node, callee);
    return;
  }
  hideMethod(rewrite, callee, ' ');
  asFirstArgument(rewrite, node);
  const { runtime } = rewrite;
  const call = `${runtime}.m.${name}(`;
  // These compare numbers themselves, and a comparison has a place.
  if (comparing.has(name))
    rewrite.wrapStretch(startOf(node), endOf(node), `${runtime}.at(${call}`, `, ${rewrite.site(node)})`);
  else rewrite.wrapStretch(startOf(node), endOf(node), call, '');
}

const comparing: ReadonlySet<ValueMethod> = new Set(['indexOf', 'includes', 'sort', 'toSorted']);

/** Replaces the dot by a text and removes the name of the method. `(xs?.some)(f)` ends its chain at the parenthesis. */
export function hideMethod(rewrite: Rewrite, callee: Callee, dot: string): void {
  const { object, property, computed } = callee;
  if (callee.type === 'OptionalMemberExpression' && callee.optional) {
    const question = rewrite.tokenAt(endOf(object), '?.');
    rewrite.edits.replace(question, question + 2, dot);
    if (computed) rewrite.token(question + 2, '[', ' ');
  } else rewrite.token(endOf(object), computed ? '[' : '.', dot);
  rewrite.replace(property, ' ');
  if (computed) rewrite.token(endOf(property), ']', ' ');
}

/** Makes the receiver of a call its first argument: replaces the opening parenthesis by a comma. */
export function asFirstArgument(rewrite: Rewrite, node: CallExpression | OptionalCallExpression): void {
  const after = node.typeParameters ?? node.callee;
  // Parentheses around the callee would contain the comma.
  for (let each: Node = node.callee; each.type === 'ParenthesizedExpression'; each = each.expression) {
    rewrite.edits.replace(startOf(each), startOf(each) + 1, ' ');
    rewrite.edits.replace(endOf(each) - 1, endOf(each), ' ');
  }
  rewrite.token(endOf(after), '(', node.arguments.length > 0 ? ',' : ' ');
}

/** `super.some(f)` becomes `$.detached(super.some).call(this, f)`: a method of Array or of a class of the program. */
function superMethod(rewrite: Rewrite, node: CallExpression, callee: Callee): void {
  rewrite.wrapStretch(startOf(callee), endOf(callee), `${rewrite.runtime}.detached(`, ').call(this');
  asFirstArgument(rewrite, node);
}
