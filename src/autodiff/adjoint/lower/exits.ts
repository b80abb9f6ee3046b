import type { Node } from '@babel/types';
import { evaluatedChildren, isFunction } from '../../syntax/nodes';

interface Around {
  readonly breaks: boolean;
  readonly continues: boolean;
  readonly labels: readonly string[];
}

/**
 * Whether a statement may return, or break out of or continue an enclosing statement.
 *
 * @param of  'switch': the node is a statement of a case. `return` and an unlabelled `continue` do not count.
 */
export function mayLeave(node: Node, of: 'statement' | 'switch' = 'statement'): boolean {
  return leaves(node, { breaks: false, continues: of === 'switch', labels: [] }, of === 'switch');
}

function leaves(node: Node, around: Around, ignoresReturn = false): boolean {
  if (isFunction(node)) return false;
  let inner = around;
  switch (node.type) {
    case 'ReturnStatement':
      return !ignoresReturn;
    case 'BreakStatement':
      return node.label ? !around.labels.includes(node.label.name) : !around.breaks;
    case 'ContinueStatement':
      return node.label ? !around.labels.includes(node.label.name) : !around.continues;
    case 'ForStatement':
    case 'ForOfStatement':
    case 'ForInStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      inner = { ...around, breaks: true, continues: true };
      break;
    case 'SwitchStatement':
      inner = { ...around, breaks: true };
      break;
    case 'LabeledStatement':
      inner = { ...around, labels: [...around.labels, node.label.name] };
      break;
  }
  return evaluatedChildren(node).some((child) => leaves(child, inner, ignoresReturn));
}

/** Whether the code after a statement is unreachable. */
export function alwaysLeaves(node: Node): boolean {
  switch (node.type) {
    case 'ReturnStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'ThrowStatement':
      return true;
    case 'BlockStatement':
      return node.body.some(alwaysLeaves);
    case 'IfStatement':
      return node.alternate != null && alwaysLeaves(node.consequent) && alwaysLeaves(node.alternate);
    default:
      return false;
  }
}
