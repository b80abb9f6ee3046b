import type { CallExpression, Identifier, Node } from '@babel/types';
import { bare } from '../syntax/nodes';
import { visitArguments } from './callArguments';
import { asOneOperation, isSitedMath } from './expressions';
import { checkMadeFunction } from './globals';
import { inspectArgument } from './inspections';
import { isPrimitive } from './kind';
import { callOfValueMethod, valueMethod } from './methods';
import { optionalChain } from './optionalChains';
import { reducedSum, reduceSum } from './reductions';
import type { Handlers, Rewrite } from './rewrite';
import { codeEnd, startOf } from './source';

function call(rewrite: Rewrite, node: CallExpression): void {
  const { callee } = node;
  const member = rewrite.kinds.globalMember(callee);
  if (member?.object.name === 'Math') {
    mathCall(rewrite, node, member.object);
    return;
  }
  if (callee.type === 'Import') return;
  if (rewrite.isGlobal(callee, 'eval')) {
    directEval(rewrite, node);
    return;
  }
  const reduction = reducedSum(rewrite, node);
  if (reduction) rewrite.reduced.add(reduction.result);
  rewrite.called.add(bare(callee));
  if (!rewrite.isGlobal(callee, 'Function')) rewrite.visit(callee);
  visitArguments(rewrite, node);
  checkMadeFunction(rewrite, node);
  inspectArgument(rewrite, node);
  if (reduction) reduceSum(rewrite, reduction);
  else if (valueMethod(rewrite, node)) callOfValueMethod(rewrite, node);
  else if (isMathAlias(rewrite, callee) || readsText(rewrite, node))
    rewrite.wrap(node, `${rewrite.runtime}.at(`, `, ${rewrite.site(node)})`);
}

/** `eval(code)`: only a call of this name sees the names around it. */
function directEval(rewrite: Rewrite, node: CallExpression): void {
  rewrite.visitAll(node.arguments);
  const [code] = node.arguments;
  if (!code) return;
  const value = code.type === 'SpreadElement' ? code.argument : code;
  rewrite.wrap(value, `${rewrite.runtime}.evaluated(`, `, ${rewrite.site(node)})`);
}

/**
 * `Math.f(…)`: native for plain operands. Otherwise the function gets its place as an argument, or through
 * `at`.
 */
function mathCall(rewrite: Rewrite, node: CallExpression, math: Identifier): void {
  if (asOneOperation(rewrite, node)) return;
  const { runtime, kinds } = rewrite;
  rewrite.visitAll(node.arguments);
  if (node.arguments.every((each) => each.type !== 'SpreadElement' && isPrimitive(kinds.of(each)))) return;
  if (isSitedMath(rewrite, node)) {
    const last = node.arguments.at(-1)!;
    rewrite.replace(math, `${runtime}.math`);
    rewrite.edits.wrap(startOf(last), codeEnd(last), '', `, ${rewrite.site(node)}`);
    return;
  }
  rewrite.replace(math, `${runtime}.Math`);
  rewrite.wrap(node, `${runtime}.at(`, `, ${rewrite.site(node)})`);
}

/**
 * Whether a call may convert text to numbers: `Number(text)`, `parseFloat(text)`, `texts.map(Number)`. If a
 * result is NaN, the call is reported as its place.
 */
function readsText(rewrite: Rewrite, { callee, arguments: given }: CallExpression): boolean {
  const isReader = (each: Node) =>
    rewrite.isGlobal(bare(each), 'Number') || rewrite.isGlobal(bare(each), 'parseFloat');
  return isReader(callee) || given.some(isReader);
}

/** `exp(x)` after `const { exp } = Math` or `const exp = Math.exp`. */
function isMathAlias(rewrite: Rewrite, callee: Node): boolean {
  const binding = rewrite.scopes.bindings.get(bare(callee));
  if (binding?.declaration.type !== 'VariableDeclarator' || !binding.declaration.init) return false;
  const init = bare(binding.declaration.init);
  return rewrite.isGlobal(init, 'Math') || rewrite.kinds.globalMember(init)?.object.name === 'Math';
}

export const calls: Handlers = {
  CallExpression: call,
  NewExpression(rewrite, node) {
    if (!rewrite.isGlobal(node.callee, 'Function')) rewrite.visit(node.callee);
    // A call that is inserted into the callee would be what `new` calls: `new (plain(a).constructor)(n)`.
    if (node.callee.type === 'MemberExpression') rewrite.wrap(node.callee, '(', ')');
    visitArguments(rewrite, node);
    checkMadeFunction(rewrite, node);
  },
  OptionalCallExpression: optionalChain,
  OptionalMemberExpression: optionalChain,
};
