import type { Class, Function as FunctionNode, Node } from '@babel/types';
import type { Handlers, Rewrite } from './rewrite';
import { startOf } from './source';
import { visitPattern } from './targets';

/**
 * Visits a list of statements. A rewritten statement may start with a parenthesis, which must not continue
 * the previous line.
 */
export function visitStatements(rewrite: Rewrite, statements: readonly Node[]): void {
  for (const each of statements) {
    rewrite.visit(each);
    if (each.type === 'ExpressionStatement' && rewrite.isOpenedAt(startOf(each)))
      rewrite.edits.insert(startOf(each), ';');
  }
}

function functionLike(rewrite: Rewrite, node: FunctionNode): void {
  if ('key' in node && 'computed' in node && node.computed) rewrite.visit(node.key);
  for (const each of node.params) visitPattern(rewrite, each);
  rewrite.visit(node.body);
}

function classLike(rewrite: Rewrite, node: Class): void {
  rewrite.visit(node.superClass);
  rewrite.visit(node.body);
}

/** Does nothing, for nodes whose children are not evaluated or cannot be traced. */
const leave = () => {};

export const statements: Handlers = {
  Program: (rewrite, node) => visitStatements(rewrite, node.body),
  BlockStatement: (rewrite, node) => visitStatements(rewrite, node.body),
  StaticBlock: (rewrite, node) => visitStatements(rewrite, node.body),
  ExpressionStatement: (rewrite, node) => rewrite.visit(node.expression, 'unused'),
  LabeledStatement: (rewrite, node) => rewrite.visit(node.body),
  FunctionDeclaration: functionLike,
  FunctionExpression: functionLike,
  ArrowFunctionExpression: functionLike,
  ObjectMethod: functionLike,
  ClassMethod: functionLike,
  ClassPrivateMethod: functionLike,
  ClassDeclaration: classLike,
  ClassExpression: classLike,
  ClassProperty(rewrite, node) {
    if (node.computed) rewrite.visit(node.key);
    rewrite.visit(node.value);
  },
  ClassPrivateProperty: (rewrite, node) => rewrite.visit(node.value),
  ClassAccessorProperty: leave,
  BreakStatement: leave,
  ContinueStatement: leave,
  MetaProperty: leave,
  PrivateName: leave,
  ImportDeclaration: leave,
  ExportAllDeclaration: leave,
  ExportSpecifier: leave,
  // Members of an enum are constants; another pass rewrites them.
  TSEnumDeclaration: leave,
  TSImportEqualsDeclaration: leave,
};
