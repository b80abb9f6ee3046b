import type { SyntaxNode, Tree } from '@lezer/common';
import { functionIn } from './functionSyntax';
import type { OutlineEntry } from './moduleOutline';
import { childrenOf } from './syntaxTree';

/**
 * The innermost named function at an offset that is not at the top level, for example in a test or another
 * function.
 */
export function innermostNamedFunction(tree: Tree, text: string, offset: number): OutlineEntry | null {
  for (let node: SyntaxNode | null = tree.resolveInner(offset, -1); node; node = node.parent) {
    const entry = named(node, text, offset);
    if (entry) return entry;
  }
  return null;
}

function named(node: SyntaxNode, text: string, offset: number): OutlineEntry | null {
  if (node.name === 'FunctionDeclaration') {
    const nameNode = node.getChild('VariableDefinition');
    return nameNode ? entryOf(nameNode, node, node, text) : null;
  }
  if (node.name !== 'VariableDeclaration') return null;
  let nameNode: SyntaxNode | null = null;
  for (const child of childrenOf(node)) {
    if (child.name === 'VariableDefinition') nameNode = child;
    const value = nameNode && child.from <= offset && child.to >= offset ? functionIn(child, text) : null;
    if (nameNode && value) return entryOf(nameNode, value, node, text);
  }
  return null;
}

function entryOf(nameNode: SyntaxNode, value: SyntaxNode, statement: SyntaxNode, text: string): OutlineEntry {
  return {
    name: text.slice(nameNode.from, nameNode.to),
    nameNode,
    functionNode: value,
    overloads: [],
    value: null,
    typeNode: null,
    anchors: [statement],
    from: statement.from,
    to: statement.to,
    exportNames: [],
  };
}
