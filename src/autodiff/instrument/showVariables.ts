import type { Identifier, Node, Statement, VariableDeclaration } from '@babel/types';
import { isErased } from '../syntax/nodes';
import type { Rewrite } from './rewrite';
import { endOf, startOf } from './source';

/**
 * Makes the variables at the top level of a module visible to `dataBindings`: accessors before the first statement, and a
 * call after each statement that computes. Constants become variables, so that a value can be replaced.
 */
export function showVariables(rewrite: Rewrite): void {
  const { body } = rewrite.source.program;
  const first = body[0];
  if (!first) return;
  const { runtime, edits } = rewrite;
  const assigned = `${runtime}_value`;
  const shown = body.flatMap((statement) => variablesOf(rewrite, statement));
  const entries = shown.map(({ name, site, isAssignable }) => {
    const assign = isAssignable ? `, (${assigned}) => { ${name} = ${assigned}; }` : '';
    return `[${JSON.stringify(name)}, ${site}, () => ${name}${assign}]`;
  });
  if (rewrite.source.format === 'cjs')
    entries.push(`["module.exports", ${rewrite.site(first)}, () => module.exports]`);
  for (const statement of body) {
    const declaration = declarationIn(statement);
    if (declaration.type === 'VariableDeclaration' && declaration.kind === 'const' && !isErased(declaration))
      edits.replace(startOf(declaration), startOf(declaration) + 'const'.length, 'let');
    if (computes(declaration)) edits.insert(endOf(statement), `;${runtime}.settled();`);
  }
  edits.insert(startOf(first), `;${runtime}.shown([${entries.join(', ')}]); `);
}

interface Shown {
  readonly name: string;
  readonly site: number;
  readonly isAssignable: boolean;
}

function variablesOf(rewrite: Rewrite, statement: Statement): Shown[] {
  if (isErased(statement)) return [];
  if (statement.type === 'ImportDeclaration') {
    return statement.specifiers.flatMap((each) => {
      const imported =
        each.type !== 'ImportSpecifier'
          ? each.type === 'ImportDefaultSpecifier'
            ? 'default'
            : null
          : each.imported.type === 'Identifier'
            ? each.imported.name
            : each.imported.value;
      // Packages are shared with other instances of the program.
      if (rewrite.source.isForeign(statement.source, imported)) return [];
      return [{ name: each.local.name, site: rewrite.site(each.local), isAssignable: false }];
    });
  }
  const declaration = declarationIn(statement);
  if (declaration.type === 'ClassDeclaration' && declaration.id)
    return [{ name: declaration.id.name, site: rewrite.site(declaration.id), isAssignable: false }];
  if (declaration.type !== 'VariableDeclaration' || !isPlainDeclaration(declaration)) return [];
  return declaration.declarations
    .flatMap(({ id }) => identifiersOf(id))
    .map((id) => ({ name: id.name, site: rewrite.site(id), isAssignable: true }));
}

function isPlainDeclaration({ kind, declare }: VariableDeclaration): boolean {
  return !declare && (kind === 'const' || kind === 'let' || kind === 'var');
}

function declarationIn(statement: Statement): Node {
  const isExport =
    statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
  return (isExport && statement.declaration) || statement;
}

/** Whether a statement may compute values when it is executed. */
function computes(node: Node): boolean {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'EmptyStatement':
    case 'ReturnStatement':
    case 'ThrowStatement':
      return false;
    default:
      return !isErased(node) && !node.type.startsWith('TS');
  }
}

function identifiersOf(pattern: Node): Identifier[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) =>
        identifiersOf(each.type === 'RestElement' ? each.argument : each.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((each) => (each ? identifiersOf(each) : []));
    case 'AssignmentPattern':
      return identifiersOf(pattern.left);
    case 'RestElement':
      return identifiersOf(pattern.argument);
    default:
      return [];
  }
}
