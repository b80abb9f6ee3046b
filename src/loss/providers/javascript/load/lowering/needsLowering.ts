import type { Node, Program } from '@babel/types';
import { childNodes } from '../../../../../autodiff/syntax/nodes';
import { isErasedStatement } from '../typescript/erasedStatements';

/**
 * Whether a module contains syntax that has an effect at run time and that Node 20 does not run. Enums and parameter properties
 * are not among them: they are rewritten in place.
 */
export function needsLowering(program: Program): boolean {
  const open: Node[] = [program];
  for (let node = open.pop(); node; node = open.pop()) {
    if (isErasedStatement(node)) continue;
    if (isLowered(node)) return true;
    open.push(...childNodes(node));
  }
  return false;
}

function isLowered(node: Node): boolean {
  switch (node.type) {
    case 'Decorator':
    case 'ClassAccessorProperty':
    case 'JSXElement':
    case 'JSXFragment':
    case 'TSModuleDeclaration':
      return true;
    case 'VariableDeclaration':
      return node.kind === 'using' || node.kind === 'await using';
    default:
      return false;
  }
}
