import type { Node } from '@babel/types';

/** Whether a node makes its code strict: a class, or a program or function with the directive. */
export function makesStrict(node: Node): boolean {
  switch (node.type) {
    case 'ClassDeclaration':
    case 'ClassExpression':
      return true;
    case 'Program':
      return hasDirective(node);
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ObjectMethod':
      return node.body.type === 'BlockStatement' && hasDirective(node.body);
    default:
      return false;
  }
}

function hasDirective({ directives }: Extract<Node, { type: 'Program' | 'BlockStatement' }>): boolean {
  return directives.some(({ value }) => (value.extra?.rawValue ?? value.value) === 'use strict');
}
