import type {
  CallExpression,
  Identifier,
  MemberExpression,
  NewExpression,
  ObjectProperty,
} from '@babel/types';
import type { Globals } from '../runtime/api';
import { asPlain } from './inspections';
import { isValueMethod } from './methods';
import type { Handlers, Rewrite } from './rewrite';
import { endOf, startOf } from './source';

/** Globals with a counterpart of the same name in the runtime; `is` stands for Object.is. */
const counterparts: { readonly [Name in Exclude<keyof Globals, 'is'>]: true } = {
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
  structuredClone: true,
};

const refusedEval = 'code in eval cannot be differentiated; write it as ordinary code';

function identifier(rewrite: Rewrite, node: Identifier): void {
  if (!rewrite.isGlobal(node)) return;
  if (Object.hasOwn(counterparts, node.name)) rewrite.replace(node, `${rewrite.runtime}.${node.name}`);
  else if (node.name === 'eval') rewrite.refuse(node, refusedEval);
}

/**
 * `Function(…)` and `new Function(…)` make functions that are not instrumented, so their calls are checked.
 * `Function.prototype` and `instanceof Function` make none.
 */
export function checkMadeFunction(rewrite: Rewrite, node: CallExpression | NewExpression): void {
  if (rewrite.isGlobal(node.callee, 'Function'))
    rewrite.wrap(node, `${rewrite.runtime}.callback(`, `, ${rewrite.site(node)})`);
}

export function member(rewrite: Rewrite, node: MemberExpression): void {
  const known = rewrite.kinds.globalMember(node);
  if (known?.object.name === 'Object' && known.property === 'is') {
    rewrite.replace(known.object, rewrite.runtime);
    return;
  }
  if (isDetachedMethod(rewrite, node)) rewrite.wrap(node, `${rewrite.runtime}.detached(`, ')');
  // A constant cannot be traced.
  if (known && rewrite.kinds.of(node) === 'number') return;
  rewrite.visit(node.object);
  if (node.computed) rewrite.visit(node.property);
  else if (node.property.type === 'Identifier' && node.property.name === 'constructor')
    if (node.object.type !== 'ThisExpression' && node.object.type !== 'Super') asPlain(rewrite, node.object);
}

/** `Array.prototype.includes`, which can be called on any array-like object. */
function isDetachedMethod(rewrite: Rewrite, { object, property, computed }: MemberExpression): boolean {
  if (computed || property.type !== 'Identifier' || !isValueMethod(property.name)) return false;
  const of = rewrite.kinds.globalMember(object);
  return of?.property === 'prototype' && /^(?:Array|Float(?:64|32)Array)$/.test(of.object.name);
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
  WithStatement(rewrite, node) {
    rewrite.refuse(
      node.object,
      '`with` hides which names are meant, so its body cannot be differentiated; name the object',
    );
    rewrite.visit(node.object);
  },
};
