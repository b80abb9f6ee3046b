import { type InlinedFunction, walk } from '../../syntax/nodes';
import type { SharedFunction } from '../shapes';
import type { ModuleScope } from './modules';
import { topFrame, type Value } from './values';

/** A function that depends on no variable around it, so that it can belong to a shape; null for other values. */
export function sharedFunction(value: Value): SharedFunction | null {
  if (value.type === 'method') return value;
  if (value.type !== 'function' || captures(value.node, value.frame.module)) return null;
  return { type: 'function', node: value.node, module: value.frame.module };
}

/** The function as a value, called on an object. */
export function functionOn(shared: SharedFunction, self: Value): Value {
  return shared.type === 'method'
    ? shared
    : { type: 'function', node: shared.node, frame: topFrame(shared.module), self };
}

function captures(called: InlinedFunction, { scopes }: ModuleScope): boolean {
  const isArrow = called.type === 'ArrowFunctionExpression';
  let found = false;
  walk(called, (node) => {
    if (node.type === 'ThisExpression' && isArrow) found = true;
    const binding = node.type === 'Identifier' ? scopes.bindings.get(node) : undefined;
    if (!binding || binding.isModule) return true;
    const { start, end } = binding.declaration;
    if (start! < called.start! || end! > called.end!) found = true;
    return true;
  });
  return found;
}
