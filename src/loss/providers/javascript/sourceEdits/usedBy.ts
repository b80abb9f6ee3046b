import type { Node } from '@babel/types';
import { walk } from '../../../../autodiff/syntax/nodes';
import type { Binding } from '../../../../autodiff/syntax/scopes';
import type { Code } from './code';
import type { Tree } from './tree';

/**
 * Whether a node belongs to a declaration of the module that an export uses, directly or through other declarations. All nodes do, if
 * the module has no declaration of that name.
 */
export function usedBy(exportName: string, code: Code, tree: Tree): (node: Node) => boolean {
  const { top, bindings } = code.scopes;
  const first = top.get(exportName.split('.')[0]!);
  if (!first) return () => true;
  const used = new Set<Binding>([first]);
  // A set grows while it is iterated.
  for (const { declaration } of used)
    walk(declaration, (node) => {
      const binding = bindings.get(node);
      if (binding?.isModule) used.add(binding);
      return undefined;
    });
  const declarations = new Set<Node>([...used].map(({ declaration }) => declaration));
  return (node) => {
    for (let each: Node | null = node; each; each = tree.parentOf(each))
      if (declarations.has(each)) return true;
    return false;
  };
}
