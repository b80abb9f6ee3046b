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

const unary: { readonly [O in UnaryOperator]: (a: number) => number } = {
  '-': (a) => -a,
  '!': (a) => 1 - a,
  abs: Math.abs,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  isnan: (a) => (Number.isNaN(a) ? 1 : 0),
  isfinite: (a) => (Number.isFinite(a) ? 1 : 0),
};

const binary: { readonly [O in BinaryOperator]: (a: number, b: number) => number } = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
  min: Math.min,
  max: Math.max,
  '<': (a, b) => (a < b ? 1 : 0),
  '<=': (a, b) => (a <= b ? 1 : 0),
  '>': (a, b) => (a > b ? 1 : 0),
  '>=': (a, b) => (a >= b ? 1 : 0),
  '==': (a, b) => (a === b ? 1 : 0),
  '!=': (a, b) => (a !== b ? 1 : 0),
  '&&': (a, b) => a * b,
  '||': (a, b) => (a + b > 0 ? 1 : 0),
};

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

/** Whether a condition holds at a step. */
export function holds({ node }: StepExpression, step: ExpressionStep): boolean {
  return numberAt(node, step) !== 0;
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
      return unary[node.operator](numberAt(node.of, step));
    case 'binary': {
      const { operator } = node;
      const left = numberAt(node.left, step);
      // The right side may be expensive.
      if (operator === '&&' && left === 0) return 0;
      if (operator === '||' && left !== 0) return 1;
      return binary[operator](left, numberAt(node.right, step));
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
      return vectorAt(node.of, step).map(unary[node.operator]);
    case 'binary':
      return combined(node, step);
    case 'choice':
      return vectorAt(numberAt(node.test, step) !== 0 ? node.whenTrue : node.whenFalse, step);
    default:
      throw new RangeError('the expression is one number');
  }
}

function combined(
  { operator, left, right }: Extract<ExpressionNode, { readonly kind: 'binary' }>,
  step: ExpressionStep,
): Float64Array {
  const apply = binary[operator];
  if (!isVector(right)) {
    const b = numberAt(right, step);
    return vectorAt(left, step).map((a) => apply(a, b));
  }
  const b = vectorAt(right, step);
  if (!isVector(left)) {
    const a = numberAt(left, step);
    return b.map((each) => apply(a, each));
  }
  return vectorAt(left, step).map((a, k) => apply(a, b[k]!));
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
