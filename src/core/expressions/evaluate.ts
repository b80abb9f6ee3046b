import { norm2 } from '../numerics/norms';
import type {
  BinaryOperator,
  ExpressionNode,
  ExpressionStep,
  ExpressionValue,
  Fold,
  StepExpression,
  UnaryOperator,
} from './expression';

/** Not a table of functions: called for each of a million coordinates, those take three times as long. */
function unaryOf(operator: UnaryOperator, a: number): number {
  switch (operator) {
    case '-':
      return -a;
    case '!':
      return 1 - a;
    case 'abs':
      return Math.abs(a);
    case 'sqrt':
      return Math.sqrt(a);
    case 'exp':
      return Math.exp(a);
    case 'log':
      return Math.log(a);
    case 'log10':
      return Math.log10(a);
    case 'isnan':
      return Number.isNaN(a) ? 1 : 0;
    case 'isfinite':
      return Number.isFinite(a) ? 1 : 0;
  }
}

function binaryOf(operator: BinaryOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '**':
      return a ** b;
    case 'min':
      return Math.min(a, b);
    case 'max':
      return Math.max(a, b);
    case '<':
      return a < b ? 1 : 0;
    case '<=':
      return a <= b ? 1 : 0;
    case '>':
      return a > b ? 1 : 0;
    case '>=':
      return a >= b ? 1 : 0;
    case '==':
      return a === b ? 1 : 0;
    case '!=':
      return a !== b ? 1 : 0;
    case '&&':
      return a * b;
    case '||':
      return a + b > 0 ? 1 : 0;
  }
}

const folds: { readonly [F in Fold]: (of: Float64Array) => number } = {
  sum: sumOf,
  mean: (of) => sumOf(of) / of.length,
  norm: norm2,
  min: (of) => best(of, Math.min, Number.POSITIVE_INFINITY),
  max: (of) => best(of, Math.max, Number.NEGATIVE_INFINITY),
  any: (of) => (of.includes(1) ? 1 : 0),
  all: (of) => (of.includes(0) ? 0 : 1),
};

/** The value of an expression at a step. Of several coordinates, true is 1 and false is 0. */
export function evaluate({ type, node }: StepExpression, step: ExpressionStep): ExpressionValue {
  if (type === 'number') return numberAt(node, step);
  if (type === 'boolean') return numberAt(node, step) !== 0;
  // The numbers of a step are overwritten by the next one.
  return node.kind === 'vector' ? vectorAt(node, step).slice() : vectorAt(node, step);
}

function numberAt(node: ExpressionNode, step: ExpressionStep): number {
  switch (node.kind) {
    case 'constant':
      return node.value;
    case 'scalar':
      return step.scalar(node.name);
    case 'coordinate':
      return step.at(node.name, node.coordinate);
    case 'element':
      return step.at(node.name, numberAt(node.index, step));
    case 'unary':
      return unaryOf(node.operator, numberAt(node.of, step));
    case 'binary': {
      const { operator } = node;
      const left = numberAt(node.left, step);
      // The right side may be expensive.
      if (operator === '&&' && left === 0) return 0;
      if (operator === '||' && left !== 0) return 1;
      return binaryOf(operator, left, numberAt(node.right, step));
    }
    case 'choice':
      return numberAt(numberAt(node.test, step) !== 0 ? node.whenTrue : node.whenFalse, step);
    case 'fold':
      return folds[node.fold](vectorAt(node.of, step));
    case 'position':
      return step.coordinateAt(node.from, positionOf(vectorAt(node.of, step)));
    case 'vector':
      throw new RangeError(`${node.name} is not one number`);
  }
}

function vectorAt(node: ExpressionNode, step: ExpressionStep): Float64Array {
  switch (node.kind) {
    case 'vector':
      return step.vector(node.name, node.from, node.to);
    case 'unary':
      return mapped(node.operator, vectorAt(node.of, step));
    case 'binary':
      return combined(node, step);
    case 'choice':
      return vectorAt(numberAt(node.test, step) !== 0 ? node.whenTrue : node.whenFalse, step);
    default:
      throw new RangeError('the expression is one number');
  }
}

function mapped(operator: UnaryOperator, of: Float64Array): Float64Array {
  const out = new Float64Array(of.length);
  for (let k = 0; k < out.length; k++) out[k] = unaryOf(operator, of[k]!);
  return out;
}

function combined(
  { operator, left, right }: Extract<ExpressionNode, { readonly kind: 'binary' }>,
  step: ExpressionStep,
): Float64Array {
  // One number stays where it is while the loop goes through several.
  const [a, stepA] = isVector(left) ? [vectorAt(left, step), 1] : [Float64Array.of(numberAt(left, step)), 0];
  const [b, stepB] = isVector(right)
    ? [vectorAt(right, step), 1]
    : [Float64Array.of(numberAt(right, step)), 0];
  const out = new Float64Array(stepA === 0 ? b.length : a.length);
  for (let k = 0; k < out.length; k++) out[k] = binaryOf(operator, a[k * stepA]!, b[k * stepB]!);
  return out;
}

function isVector(node: ExpressionNode): boolean {
  return 'isVector' in node && node.isVector;
}

function sumOf(of: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < of.length; k++) sum += of[k]!;
  return sum;
}

function best(of: Float64Array, better: (a: number, b: number) => number, start: number): number {
  let found = start;
  for (let k = 0; k < of.length; k++) found = better(found, of[k]!);
  return found;
}

/** The place of the largest number. NaN counts as the largest, as in `max`. */
function positionOf(of: Float64Array): number {
  let place = 0;
  for (let k = 0; k < of.length; k++) {
    if (Number.isNaN(of[k])) return k;
    if (of[k]! > of[place]!) place = k;
  }
  return place;
}
