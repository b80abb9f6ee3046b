import type { SyntaxNode, Tree } from '@lezer/common';
import { plainly } from './calledFunction';
import { definitionIn, isPlainFunction, type OutlineEntry } from './moduleOutline';

/** The innermost function at an offset that is not at the top level, for example in another function. */
export function innermostFunction(tree: Tree, text: string, offset: number): OutlineEntry | null {
  for (let node: SyntaxNode | null = tree.resolveInner(offset, -1); node; node = node.parent) {
    if (node.name !== 'FunctionDefinition' && node.name !== 'DecoratedStatement') continue;
    const statement: SyntaxNode = node.parent?.name === 'DecoratedStatement' ? node.parent : node;
    const definition = definitionIn(statement, text);
    if (definition?.node.name === 'FunctionDefinition' && isPlainFunction(definition, text))
      return {
        ...definition,
        kind: 'function',
        exportName: null,
        called: plainly(definition.node, isMethod(statement)),
      };
  }
  return null;
}

function isMethod(statement: SyntaxNode): boolean {
  return statement.parent?.parent?.name === 'ClassDefinition';
}
