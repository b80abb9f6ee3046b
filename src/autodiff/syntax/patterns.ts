import type { Node } from '@babel/types';

/** The names that a pattern binds. */
export function declarePattern(node: Node, into: Set<string>): void {
  switch (node.type) {
    case 'Identifier':
      into.add(node.name);
      return;
    case 'AssignmentPattern':
      declarePattern(node.left, into);
      return;
    case 'RestElement':
      declarePattern(node.argument, into);
      return;
    case 'ArrayPattern':
      for (const element of node.elements) if (element) declarePattern(element, into);
      return;
    case 'ObjectPattern':
      for (const property of node.properties)
        declarePattern(property.type === 'ObjectProperty' ? property.value : property, into);
      return;
    case 'TSParameterProperty':
      declarePattern(node.parameter, into);
      return;
  }
}
