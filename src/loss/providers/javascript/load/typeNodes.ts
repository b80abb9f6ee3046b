import type { Node } from '@babel/types';

/** Nodes that exist for the type checker alone: nothing below them is evaluated. */
export function isTypeNode(node: Node): boolean {
  return node.type.startsWith('TS') && !evaluatedTypeScript.has(node.type);
}

const evaluatedTypeScript = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'TSParameterProperty',
  'TSEnumDeclaration',
  'TSEnumBody',
  'TSEnumMember',
  'TSExportAssignment',
  'TSImportEqualsDeclaration',
  'TSExternalModuleReference',
  'TSModuleDeclaration',
  'TSModuleBlock',
]);
