import type { NodePath, PluginItem, PluginObj, types } from '@babel/core';

/**
 * Makes `export let x = 1` of a namespace a `const`. Babel compiles only constants, because any other variable of a namespace is a
 * property of the namespace object.
 *
 * @throws NotConstant if the module assigns to the variable
 */
export const namespaceConstants: PluginItem = (): PluginObj => ({
  visitor: {
    Program(program) {
      const assigned = assignedNames(program);
      program.traverse({
        TSModuleBlock(block) {
          for (const { node } of block.get('body')) {
            if (node.type !== 'ExportNamedDeclaration' || node.declaration?.type !== 'VariableDeclaration')
              continue;
            const { declarations } = node.declaration;
            const isConstant = declarations.every(
              ({ id, init }) => init && id.type === 'Identifier' && !assigned.has(id.name),
            );
            if (!isConstant && node.declaration.kind !== 'const') throw new NotConstant(node.declaration);
            node.declaration.kind = 'const';
          }
        },
      });
    },
  },
});

/** Has the properties by which Babel places its own errors. */
class NotConstant extends SyntaxError {
  readonly loc: types.SourceLocation['start'] | undefined;

  constructor({ loc }: types.Node) {
    super('a namespace exports a variable that is assigned to; make it a constant, or use a module');
    this.loc = loc?.start;
  }
}

/** The names of all variables and properties that the module assigns to. */
function assignedNames(program: NodePath<types.Program>): Set<string> {
  const names = new Set<string>();
  const add = (target: types.Node | null | undefined): void => {
    switch (target?.type) {
      case 'Identifier':
        names.add(target.name);
        break;
      case 'MemberExpression':
        add(target.property);
        break;
      case 'TSNonNullExpression':
      case 'TSAsExpression':
      case 'ParenthesizedExpression':
        add(target.expression);
        break;
      case 'AssignmentPattern':
        add(target.left);
        break;
      case 'RestElement':
        add(target.argument);
        break;
      case 'ArrayPattern':
        target.elements.forEach(add);
        break;
      case 'ObjectPattern':
        for (const each of target.properties) add(each.type === 'RestElement' ? each : each.value);
        break;
    }
  };
  program.traverse({
    AssignmentExpression: ({ node }) => add(node.left),
    UpdateExpression: ({ node }) => add(node.argument),
    ForXStatement: ({ node }) => add(node.left),
  });
  return names;
}
