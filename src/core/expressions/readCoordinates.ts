import type { SummedQuantity } from '../trace/wholeVector';
import type { ExpressionNode, StepExpression, StepValue } from './expression';

/** Values of a step that are computed from all of its coordinates. */
const sums: ReadonlySet<StepValue> = new Set([
  'rms',
  'updateNorm',
  'updateNormP',
  'predictedChange',
  'actualChange',
] satisfies (Exclude<SummedQuantity, 'penaltyChange'> | 'actualChange')[]);

/**
 * The coordinates that expressions read, ascending: those that they name, or all recorded ones if they read several of them or a sum.
 */
export function readCoordinates(
  expressions: readonly StepExpression[],
  recorded: readonly number[],
): readonly number[] {
  const named = new Set<number>();
  const readsAll = expressions.some(({ node }) => findAll(node, named));
  return readsAll ? recorded : [...named].sort((a, b) => a - b);
}

/** Adds the coordinates that a node names; true if it reads all. */
function findAll(node: ExpressionNode, named: Set<number>): boolean {
  switch (node.kind) {
    case 'constant':
      return false;
    case 'scalar':
      return sums.has(node.name);
    case 'coordinate':
      named.add(node.coordinate);
      return false;
    case 'element':
    case 'vector':
      return true;
    case 'binary':
      return findAll(node.left, named) || findAll(node.right, named);
    case 'choice':
      return [node.test, node.whenTrue, node.whenFalse].some((each) => findAll(each, named));
    case 'unary':
    case 'fold':
    case 'position':
      return findAll(node.of, named);
  }
}
