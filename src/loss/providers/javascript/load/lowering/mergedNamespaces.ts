import type { NodePath, PluginItem, PluginObj, types } from '@babel/core';

type Block = NodePath<types.TSModuleBlock>;

/**
 * Qualifies names that another block of the same namespace exports: in the second block of `namespace N { export const a = 1 }
 * namespace N { f(a) }`, `a` means `N.a`. Babel compiles each block on its own.
 */
export const mergedNamespaces: PluginItem = ({ types: t }: { types: typeof types }): PluginObj => ({
  visitor: {
    Program(program) {
      const exported = new Map<string, Set<string>>();
      program.traverse({
        TSModuleBlock(block) {
          const name = nameOf(block);
          const names = exported.get(name) ?? new Set();
          exported.set(name, names);
          for (const { node } of block.get('body'))
            if (node.type === 'ExportNamedDeclaration')
              for (const each of declaredNames(node.declaration, t)) names.add(each);
        },
      });
      if (exported.size === 0) return;
      program.traverse({
        ReferencedIdentifier(path) {
          const { name } = path.node;
          for (const { owner, block } of namespacesAround(path)) {
            if (block && isDeclaredIn(block, path, name, t)) return;
            if (!exported.get(owner)?.has(name)) continue;
            const [first, ...rest] = [...owner.split('.'), name];
            path.replaceWith(
              rest.reduce<types.Expression>(
                (object, each) => t.memberExpression(object, t.identifier(each)),
                t.identifier(first!),
              ),
            );
            path.skip();
            return;
          }
        },
      });
    },
  },
});

/** The namespaces around a path, from the inside. `namespace N.M` has one block, which is that of M. */
function namespacesAround(path: NodePath): { owner: string; block: Block | null }[] {
  const found: { owner: string; block: Block | null }[] = [];
  for (let at = path.parentPath; at; at = at.parentPath) {
    if (!at.isTSModuleDeclaration()) continue;
    const body = at.get('body') as NodePath;
    found.push({ owner: nameOf(body), block: body.isTSModuleBlock() ? (body as Block) : null });
  }
  return found;
}

/** The full name of a namespace: `N.M` for a block of M in N, and for a block of `namespace N.M`. */
function nameOf(block: NodePath): string {
  const names: string[] = [];
  for (let at: NodePath | null = block.parentPath; at; at = at.parentPath)
    if (at.isTSModuleDeclaration()) {
      const { id } = at.node;
      names.unshift(id.type === 'Identifier' ? id.name : id.type === 'StringLiteral' ? id.value : '');
    }
  return names.join('.');
}

/** Whether the block, or a scope between the block and the use, declares the name. */
function isDeclaredIn(block: Block, path: NodePath, name: string, t: typeof types): boolean {
  if (block.node.body.some((each) => declaredNames(each, t).includes(name))) return true;
  for (let { scope } = path; scope && scope.path !== block && !scope.path.isProgram(); scope = scope.parent)
    if (scope.hasOwnBinding(name)) return true;
  return false;
}

function declaredNames(node: types.Node | null | undefined, t: typeof types): string[] {
  if (node?.type === 'ExportNamedDeclaration') return declaredNames(node.declaration, t);
  if (!node || /^TS(?:Interface|TypeAlias)/.test(node.type)) return [];
  if (node.type === 'TSModuleDeclaration' || node.type === 'TSEnumDeclaration')
    return node.id.type === 'Identifier' ? [node.id.name] : [];
  return Object.keys(t.getBindingIdentifiers(node, false, true));
}
