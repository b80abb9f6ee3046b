import type {
  CallExpression,
  Identifier,
  MemberExpression,
  NewExpression,
  ObjectProperty,
} from '@babel/types';
import type { Globals } from '../runtime/api';
import { isFunction, walk } from '../syntax/nodes';
import { asPlain } from './inspections';
import { isValueMethod } from './methods';
import type { Handlers, Rewrite } from './rewrite';
import { endOf, startOf } from './source';

/** Globals with a counterpart of the same name in the runtime; `is` stands for Object.is, `isView` for ArrayBuffer.isView. */
const counterparts: { readonly [Name in Exclude<keyof Globals, 'is' | 'isView' | 'Object'>]: true } = {
  Math: true,
  Number: true,
  Boolean: true,
  String: true,
  Array: true,
  Float64Array: true,
  Float32Array: true,
  Map: true,
  Set: true,
  isNaN: true,
  isFinite: true,
  parseFloat: true,
  parseInt: true,
  eval: true,
  Function: true,
  structuredClone: true,
};

function identifier(rewrite: Rewrite, node: Identifier): void {
  if (!rewrite.isGlobal(node)) return;
  if (Object.hasOwn(counterparts, node.name)) rewrite.replace(node, `${rewrite.runtime}.${node.name}`);
}

/**
 * `Function(…)` and `new Function(…)` make functions that are not instrumented, so their calls are checked.
 * `Function.prototype` and `instanceof Function` make none.
 */
export function checkMadeFunction(rewrite: Rewrite, node: CallExpression | NewExpression): void {
  if (rewrite.isGlobal(node.callee, 'Function'))
    rewrite.wrap(node, `${rewrite.runtime}.callback(`, `, ${rewrite.site(node)})`);
}

/** Functions of globals that have a counterpart in the runtime, by the global. */
const functions: ReadonlyMap<string, keyof Globals> = new Map([
  ['Object', 'is'],
  ['ArrayBuffer', 'isView'],
]);

export function member(rewrite: Rewrite, node: MemberExpression): void {
  const known = rewrite.kinds.globalMember(node);
  if (known && functions.get(known.object.name) === known.property) {
    rewrite.replace(known.object, rewrite.runtime);
    return;
  }
  if (isHeldMethod(rewrite, node)) rewrite.wrap(node, `${rewrite.runtime}.detached(`, ')');
  // A constant cannot be traced.
  if (known && rewrite.kinds.of(node) === 'number') return;
  rewrite.visit(node.object);
  if (node.computed) rewrite.visit(node.property);
  else if (node.property.type === 'Identifier' && node.property.name === 'constructor')
    if (node.object.type !== 'ThisExpression' && node.object.type !== 'Super') asPlain(rewrite, node.object);
}

/** `Array.prototype.includes`, `xs.some.call`: a method that is not called here may be called for any list. */
function isHeldMethod(rewrite: Rewrite, node: MemberExpression): boolean {
  const { property, computed } = node;
  return (
    !computed && property.type === 'Identifier' && isValueMethod(property.name) && !rewrite.called.has(node)
  );
}

function property(rewrite: Rewrite, node: ObjectProperty): void {
  if (node.computed) rewrite.visit(node.key);
  const { value } = node;
  if (!node.shorthand || value.type !== 'Identifier') {
    rewrite.visit(value);
    return;
  }
  if (rewrite.isGlobal(value) && Object.hasOwn(counterparts, value.name))
    rewrite.edits.replace(startOf(value), endOf(value), `${value.name}: ${rewrite.runtime}.${value.name}`);
  else rewrite.visit(value);
}

export const globals: Handlers = {
  ObjectExpression(rewrite, node) {
    for (const each of node.properties) {
      rewrite.visit(each.type === 'SpreadElement' ? each.argument : each);
      if (each.type === 'SpreadElement') asPlain(rewrite, each.argument);
    }
  },
  Identifier: identifier,
  MemberExpression: member,
  ObjectProperty: property,
  /** The names in the body may be members of the object, so the body is not rewritten. */
  WithStatement(rewrite, node) {
    rewrite.visit(node.object);
    let makes = false;
    walk(node.body, (each) => {
      if (isFunction(each)) makes = true;
      return !makes;
    });
    rewrite.wrap(node.object, `${rewrite.runtime}.within(`, `, ${makes}, ${rewrite.site(node.object)})`);
  },
};
