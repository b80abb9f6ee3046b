import type { Program, Statement } from '@babel/types';
import { declarePattern } from '../../../../autodiff/syntax/patterns';
import { type Reference, scopesOf } from '../../../../autodiff/syntax/scopes';

/** The names of a module that loading needs. */
export interface ModuleNames {
  /** The references to names in the module scope and to globals, by name. */
  readonly references: ReadonlyMap<string, readonly Reference[]>;
  /** The values declared at the top level, without imports. */
  readonly values: ReadonlySet<string>;
  /** The types declared at the top level. A name may also be in `values`. Classes are only in `values`. */
  readonly types: ReadonlySet<string>;
}

export function namesOf(program: Program): ModuleNames {
  const { references, top } = scopesOf(program);
  const values = new Set<string>();
  for (const [name, { kind }] of top) if (kind !== 'import') values.add(name);
  const types = new Set<string>();
  for (const statement of program.body) declareType(statement, types);
  return { references, values, types };
}

function declareType(statement: Statement, into: Set<string>): void {
  const node =
    (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') &&
    statement.declaration
      ? statement.declaration
      : statement;
  switch (node.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      into.add(node.id.name);
      break;
    case 'TSModuleDeclaration':
      if (node.id.type === 'Identifier') into.add(node.id.name);
      break;
    case 'TSEnumDeclaration':
    case 'ClassDeclaration':
    case 'TSDeclareFunction':
      if (node.declare && node.id) into.add(node.id.name);
      break;
    case 'VariableDeclaration':
      if (node.declare) for (const { id } of node.declarations) declarePattern(id, into);
      break;
    case 'TSImportEqualsDeclaration':
      if (node.importKind === 'type') into.add(node.id.name);
      break;
  }
}
