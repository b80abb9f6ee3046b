import type { ExpressionNode } from '../core/expressions/expression';

/** Whether an expression has a value before the first step: the parameters, the number of the step and the learning rate have one. */
export function isKnownAtStart(node: ExpressionNode): boolean {
  switch (node.kind) {
    case 'constant':
      return true;
    case 'scalar':
      return node.name === 'step' || node.name === 'lr';
    case 'coordinate':
    case 'vector':
      return node.name === 'params';
    case 'element':
      return node.name === 'params' && isKnownAtStart(node.index);
    case 'unary':
    case 'fold':
    case 'position':
      return isKnownAtStart(node.of);
    case 'binary':
      return isKnownAtStart(node.left) && isKnownAtStart(node.right);
    case 'choice':
      return [node.test, node.whenTrue, node.whenFalse].every(isKnownAtStart);
    default:
      return node satisfies never;
  }
}
