import type { Node } from '@babel/types';

const syntaxNames: Readonly<Record<string, string>> = {
  ThisExpression: '`this`',
  AwaitExpression: '`await`',
  YieldExpression: '`yield`',
  SpreadElement: 'a spread',
  RegExpLiteral: 'a regular expression',
  ClassExpression: 'a class',
  OptionalCallExpression: 'an optional call',
  BigIntLiteral: 'a bigint',
  TryStatement: '`try`',
  ForInStatement: '`for … in`',
  WithStatement: '`with`',
  ClassDeclaration: 'a class',
  TaggedTemplateExpression: 'a tagged template',
};

export function nameOfSyntax({ type }: Node): string {
  return syntaxNames[type] ?? type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
