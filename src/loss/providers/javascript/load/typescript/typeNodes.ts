import type { Node } from '@babel/types';

/** Whether a node exists only for the type checker, so that nothing inside it is evaluated. */
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
