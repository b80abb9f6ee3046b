import type { Node, Statement } from '@babel/types';

/** Whether a statement contains no code to run. */
export function isErasedStatement(node: Node): boolean {
  switch (node.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSDeclareFunction':
    case 'TSNamespaceExportDeclaration':
      return true;
    case 'TSModuleDeclaration':
      return isTypesOnly(node);
    case 'TSImportEqualsDeclaration':
      return node.importKind === 'type';
    case 'ImportDeclaration':
      return node.importKind === 'type' || node.importKind === 'typeof';
    case 'ExportAllDeclaration':
      return node.exportKind === 'type';
    case 'ExportNamedDeclaration':
      return node.exportKind === 'type' || (node.declaration != null && isErasedStatement(node.declaration));
    case 'ExportDefaultDeclaration':
      return isErasedStatement(node.declaration);
    case 'VariableDeclaration':
    case 'ClassDeclaration':
    case 'TSEnumDeclaration':
      return node.declare === true;
    default:
      return false;
  }
}

/** Whether a module or namespace block declares only types. */
function isTypesOnly(node: Node & { type: 'TSModuleDeclaration' }): boolean {
  if (node.declare || node.global) return true;
  if (node.body.type === 'TSModuleDeclaration') return isTypesOnly(node.body);
  return node.body.body.every((statement: Statement) => isErasedStatement(statement));
}
