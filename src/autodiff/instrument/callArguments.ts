import type { CallExpression, NewExpression, OptionalCallExpression } from '@babel/types';
import { guardArguments, guardFunctions, isForeignCall } from './foreign';
import type { Rewrite } from './rewrite';

export function visitArguments(
  rewrite: Rewrite,
  node: CallExpression | NewExpression | OptionalCallExpression,
): void {
  rewrite.visitAll(node.arguments);
  if (isForeignCall(rewrite, node)) guardArguments(rewrite, node);
  else guardFunctions(rewrite, node);
}
