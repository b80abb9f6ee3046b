import type { BinaryExpression, CallExpression, Node } from '@babel/types';
import { bare } from '../syntax/nodes';
import { isUntraced } from './kind';
import type { Rewrite } from './rewrite';

/** Methods of Object that read their first argument and do not return it. */
const queries = new Set([
  'entries',
  'getOwnPropertyDescriptor',
  'getOwnPropertyDescriptors',
  'getOwnPropertyNames',
  'getOwnPropertySymbols',
  'getPrototypeOf',
  'hasOwn',
  'isExtensible',
  'isFrozen',
  'isSealed',
  'keys',
  'values',
]);
const askedByCall = new Set(['hasOwnProperty', 'propertyIsEnumerable', 'toString', 'valueOf']);

/** Makes code that inspects the type of a traced value see its number instead of the handle object. */
export function asPlain(rewrite: Rewrite, node: Node): void {
  if (!isUntraced(rewrite.kinds.of(node))) rewrite.wrap(node, `${rewrite.runtime}.plain(`, ')');
}

/** `x instanceof C`, `key in x` */
export function inspectOperand(rewrite: Rewrite, { operator, left, right }: BinaryExpression): void {
  if (operator === 'instanceof') asPlain(rewrite, left);
  else if (operator === 'in') asPlain(rewrite, right);
}

/** Object.keys(x), toString.call(x), Object(x) */
export function inspectArgument(rewrite: Rewrite, node: CallExpression): void {
  const [first] = node.arguments;
  if (!first || first.type === 'SpreadElement' || isUntraced(rewrite.kinds.of(first))) return;
  const member = rewrite.kinds.globalMember(node.callee);
  if (member?.object.name === 'Reflect' || (member?.object.name === 'Object' && queries.has(member.property)))
    asPlain(rewrite, first);
  else if (rewrite.isGlobal(node.callee, 'Object')) asObject(rewrite, first);
  else if (isAskedByCall(node.callee)) asPlain(rewrite, first);
}

/** `Object(x)` converts a number to an object, which has no derivative, so it is refused. */
function asObject(rewrite: Rewrite, first: Node): void {
  const held = rewrite.names.helper('temporary');
  rewrite.wrap(first, `${rewrite.runtime}.typeOf(${held} = `, `) === "number" ? +${held} : ${held}`);
}

/** `Object.prototype.toString.call`, `toString.call` */
function isAskedByCall(callee: Node): boolean {
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
    return false;
  if (callee.property.name !== 'call') return false;
  const method = bare(callee.object);
  const name = method.type === 'MemberExpression' && !method.computed ? method.property : method;
  return name.type === 'Identifier' && askedByCall.has(name.name);
}
