import type { CallExpression, Identifier, MemberExpression, Node } from '@babel/types';
import { walk } from '../syntax/nodes';
import { isOneSum } from './expressions';
import { isForeignCall } from './foreign';
import { directReduction, type Fold } from './loopSums';
import { asFirstArgument, hideMethod } from './methods';
import type { Rewrite } from './rewrite';
import { codeEnd, endOf, startOf } from './source';

interface Reduction extends Fold {
  readonly callee: MemberExpression;
}

/** The reduction of a call whose callback does nothing but add to its first parameter; null otherwise. */
export function reducedSum(rewrite: Rewrite, node: CallExpression): Reduction | null {
  const { callee, arguments: given } = node;
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
    return null;
  const { name } = callee.property;
  if ((name !== 'reduce' && name !== 'reduceRight') || callee.object.type === 'Super') return null;
  if (given.length < 1 || given.length > 2 || given.some(({ type }) => type === 'SpreadElement')) return null;
  if (isForeignCall(rewrite, node)) return null;
  const callback = given[0]!;
  const result = addedTo(rewrite, callback);
  const parameters = 'params' in callback ? callback.params : [];
  return result && { node, callee, name, result, parameters };
}

/** The result of `(s, …) => s + …` or of a function that only returns it, if `s` has no other use. */
function addedTo(rewrite: Rewrite, callback: Node): Node | null {
  if (callback.type !== 'ArrowFunctionExpression' && callback.type !== 'FunctionExpression') return null;
  if (callback.async || callback.generator) return null;
  const [sum] = callback.params;
  const only = callback.body.type === 'BlockStatement' ? callback.body.body : null;
  const returned = only?.length === 1 && only[0]!.type === 'ReturnStatement' ? only[0].argument : null;
  const result = withoutParentheses(only ? returned : callback.body);
  if (sum?.type !== 'Identifier' || !result) return null;
  const uses = usesOf(rewrite, sum, callback);
  return uses.length === 1 && isOneSum(rewrite, result, uses[0]!) ? result : null;
}

function withoutParentheses(node: Node | null | undefined): Node | null | undefined {
  return node?.type === 'ParenthesizedExpression' ? withoutParentheses(node.expression) : node;
}

/** The uses of a parameter; with `arguments`, which may be another name of it, none are known. */
function usesOf(rewrite: Rewrite, parameter: Identifier, callback: Node): readonly Node[] {
  const binding = rewrite.scopes.bindings.get(parameter);
  const uses: Node[] = [];
  let isHidden = binding === undefined;
  walk(callback, (node) => {
    if (node.type === 'Identifier' && node !== parameter) {
      if (rewrite.scopes.bindings.get(node) === binding) uses.push(node);
      else if (node.name === 'arguments') isHidden = true;
    }
    return true;
  });
  return isHidden ? [] : uses;
}

/** Rewrites the call; its callee and its arguments were visited. */
export function reduceSum(rewrite: Rewrite, reduction: Reduction): void {
  const { node, callee, name } = reduction;
  const { runtime } = rewrite;
  const initial = node.arguments[1];
  if (!initial) {
    hideMethod(rewrite, callee, ' ');
    asFirstArgument(rewrite, node);
    rewrite.wrapStretch(startOf(node), endOf(node), `${runtime}.fold("${name}", `, '');
    return;
  }
  const direct = directReduction(rewrite, reduction);
  if (direct) {
    hideMethod(rewrite, callee, ' ');
    asFirstArgument(rewrite, node);
    rewrite.edits.wrap(startOf(initial), codeEnd(initial), '', direct.after);
    rewrite.wrapStretch(startOf(node), endOf(node), direct.before, '');
    return;
  }
  const held = rewrite.names.helper('temporary');
  rewrite.wrap(callee.object, `(${held} = `, ')');
  rewrite.wrap(initial, `${runtime}.seed(${held}, `, ')');
  rewrite.wrapStretch(startOf(node), endOf(node), `${runtime}.total(`, ')');
}
