import type { Node } from '@babel/types';
import { bare } from '../../../../../autodiff/syntax/nodes';
import type { Tree } from '../tree';

/**
 * Whether a datum is a factor of a product whose other factors are parameters of the loss, other data and numbers, and at least one is a parameter:
 * `w * x`, `w[j] * row[j]`, `c * x * x`, `c * x ** 2`. A label in `y * Math.log(p)` is no such factor, nor a target that is subtracted.
 */
export function isFactorOfParameter(
  datum: Node,
  isParameter: (node: Node) => boolean,
  tree: Tree,
  isDatum: (node: Node) => boolean,
): boolean {
  let top = datum;
  for (let parent = tree.parentOf(top); parent && continuesProduct(parent, top); parent = tree.parentOf(top))
    top = parent;
  const factors = factorsOf(top);
  return (
    factors.some((factor) => isParameter(factor) && !isDatum(factor)) &&
    factors.every((factor) => isDatum(factor) || isParameter(factor) || factor.type === 'NumericLiteral')
  );
}

function continuesProduct(parent: Node, child: Node): boolean {
  if (bare(parent) === bare(child)) return true;
  if (parent.type === 'UnaryExpression') return parent.operator === '-';
  if (parent.type !== 'BinaryExpression') return false;
  if (parent.operator === '**') return parent.left === child && bare(parent.right).type === 'NumericLiteral';
  return parent.operator === '*' || (parent.operator === '/' && bare(parent.right).type === 'NumericLiteral');
}

function factorsOf(node: Node): Node[] {
  const inner = bare(node);
  if (inner.type === 'UnaryExpression') return factorsOf(inner.argument);
  if (inner.type !== 'BinaryExpression') return [inner];
  if (inner.operator === '**') return factorsOf(inner.left);
  if (inner.operator === '*' || inner.operator === '/')
    return [...factorsOf(inner.left), ...factorsOf(inner.right)];
  return [inner];
}
