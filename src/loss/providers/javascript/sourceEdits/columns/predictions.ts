import type { Node } from '@babel/types';
import { isFunction, walk } from '../../../../../autodiff/syntax/nodes';
import type { Code } from '../code';
import type { Tree } from '../tree';
import { LossParameters, parametersOf } from './lossParameters';

/**
 * Whether a module exports a function, other than the loss, that multiplies its first argument with another one, as `predict(w, x)`
 * does: code elsewhere may call it with the fitted parameters and its own inputs, in the units of the data as they are.
 */
export function takesInputs(losses: readonly Node[], code: Code, tree: Tree): boolean {
  return [...tree.nodes].some((node) => {
    if (!isFunction(node) || losses.includes(node) || !isExported(node, code, tree)) return false;
    const [first, ...others] = parametersOf(node);
    return first !== undefined && others.length > 0 && multiplies(first, others, code);
  });
}

function isExported(node: Node, code: Code, tree: Tree): boolean {
  const parent = tree.parentOf(node);
  const declaration = parent?.type === 'VariableDeclarator' ? parent : node;
  const around = tree.parentOf(declaration);
  const statement = around?.type === 'VariableDeclaration' ? tree.parentOf(around) : around;
  if (statement?.type.startsWith('Export')) return true;
  const binding = [...code.scopes.top.values()].find((each) => each.declaration === declaration);
  const references = binding ? (code.scopes.references.get(binding.name) ?? []) : [];
  return references.some((each) => each.parent.type.startsWith('Export'));
}

function multiplies(first: Node, others: readonly Node[], code: Code): boolean {
  const [one, other] = [new LossParameters([first], code), new LossParameters(others, code)];
  let found = false;
  walk(code.program, (node) => {
    if (node.type === 'BinaryExpression' && node.operator === '*') {
      const { left, right } = node;
      found ||= (one.has(left) && other.has(right)) || (one.has(right) && other.has(left));
    }
    return !found;
  });
  return found;
}
