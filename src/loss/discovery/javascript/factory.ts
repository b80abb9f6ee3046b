import type { SyntaxNode } from '@lezer/common';
import { functionIn } from './functionSyntax';
import { childrenOf, isComment, isPunctuation, unwrapped } from './syntaxTree';

/**
 * The function that a call returns, for a call of a function of the module that returns a function expression
 * or one of its own functions; null if it is not one.
 *
 * @param functionNamed  the function that the module declares under a name
 */
export function returnedFunction(
  value: SyntaxNode,
  text: string,
  functionNamed: (name: string) => SyntaxNode | null,
): SyntaxNode | null {
  const call = unwrapped(value, text);
  const callee = call.name === 'CallExpression' ? call.firstChild : null;
  const factory = callee?.name === 'VariableName' ? functionNamed(text.slice(callee.from, callee.to)) : null;
  if (!factory) return null;
  const block = factory.getChild('Block');
  if (!block) {
    const body = childrenOf(factory).findLast((child) => !isComment(child));
    return body ? functionIn(body, text) : null;
  }
  const statement = block.getChildren('ReturnStatement').at(-1);
  const result = statement && childrenOf(statement).find((child) => isOperand(child));
  if (!result) return null;
  const inner = unwrapped(result, text);
  if (inner.name !== 'VariableName') return functionIn(inner, text);
  return localFunction(block, text.slice(inner.from, inner.to), text);
}

function localFunction(block: SyntaxNode, name: string, text: string): SyntaxNode | null {
  for (const statement of childrenOf(block)) {
    const definition = statement.getChild('VariableDefinition');
    if (!definition || text.slice(definition.from, definition.to) !== name) continue;
    if (statement.name === 'FunctionDeclaration') return statement;
    const value = statement.getChild('Equals')?.nextSibling;
    if (value) return functionIn(value, text);
  }
  return null;
}

function isOperand(node: SyntaxNode): boolean {
  return node.name !== 'return' && !isComment(node) && !isPunctuation(node);
}
