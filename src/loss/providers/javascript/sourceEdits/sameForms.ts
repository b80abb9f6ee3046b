import type { ArrowFunctionExpression, Expression, Node } from '@babel/types';
import { bare } from '../../../../autodiff/syntax/nodes';
import { type Code, isNumber, type Recogniser, type Replacement } from './code';

const same = { kind: 'same' } as const;

/** `Math.log(1 + x)` and `Math.log(1 - x)`: 1 + x rounds to 1 for small x. */
export const log1p: Recogniser = (node, code) => {
  const sum = code.mathArgument(node, 'log');
  const x = sum && besideOne(sum);
  // log(1 + exp(x)) overflows with log1p, too: see `logSumExp`.
  if (!x || code.mathCall(x.term, 'exp')) return null;
  const text = x.isNegative ? code.negative(x.term) : code.text(x.term);
  return { node, title: 'Math.log1p', text: `Math.log1p(${text})`, binds: 'call', meaning: same };
};

/** The x of `1 + x`, `x + 1` and `1 - x`. */
function besideOne(node: Node): { readonly term: Node; readonly isNegative: boolean } | null {
  const sum = bare(node);
  if (sum.type !== 'BinaryExpression') return null;
  const { operator, left, right } = sum;
  if (operator === '+' && isNumber(left, 1)) return { term: right, isNegative: false };
  if (operator === '+' && isNumber(right, 1)) return { term: left, isNegative: false };
  return operator === '-' && isNumber(left, 1) ? { term: right, isNegative: true } : null;
}

/** `Math.exp(x) - 1` and `1 - Math.exp(x)`: exp(x) rounds to 1 for small x. */
export const expm1: Recogniser = (node, code) => {
  if (node.type !== 'BinaryExpression' || node.operator !== '-') return null;
  const { left, right } = node;
  const first = isNumber(right, 1) ? code.mathArgument(left, 'exp') : null;
  const second = isNumber(left, 1) ? code.mathArgument(right, 'exp') : null;
  const title = 'Math.expm1';
  if (first) return { node, title, text: `Math.expm1(${code.text(first)})`, binds: 'call', meaning: same };
  if (second)
    return { node, title, text: `-Math.expm1(${code.text(second)})`, binds: 'unary', meaning: same };
  return null;
};

/** The logarithm of a sum of exponentials, which overflow although the result is moderate. */
export const logSumExp: Recogniser = (node, code) => {
  const argument = code.mathArgument(node, 'log');
  if (!argument) return null;
  const terms = termsOf(argument);
  if (terms.length === 1) return logOfReduce(node, terms[0]!, code);
  const exponents = terms.map((term) => (isNumber(term, 1) ? 'zero' : code.mathArgument(term, 'exp')));
  if (exponents.some((each) => each === null || (each !== 'zero' && !code.isRepeatable(each)))) return null;
  const nonZero = exponents.filter((each): each is Expression => each !== 'zero' && each !== null);
  if (nonZero.length === 0) return null;
  if (exponents.length > 2) return withMaximum(node, exponents as (Expression | 'zero')[], code);
  const title = 'log-sum-exp with the maximum subtracted';
  const [a, b] = exponents as [Expression | 'zero', Expression | 'zero'];
  if (a !== 'zero' && b !== 'zero')
    return { node, title, text: ofTwo(a, b, code), binds: 'loosely', meaning: same };
  const [x] = nonZero as [Expression];
  return {
    node,
    title: 'softplus without overflow',
    text: softplus(code.operand(x), code.negative(x)),
    binds: 'loosely',
    meaning: same,
  };
};

/**
 * log(1 + exp(x)). Both branches have the derivative of the whole, at x = 0 too; a form with max and abs has kinks there.
 *
 * @param x  an operand
 */
export function softplus(x: string, negative: string): string {
  return `${x} > 0 ? ${x} + Math.log1p(Math.exp(${negative})) : Math.log1p(Math.exp(${x}))`;
}

function ofTwo(a: Expression, b: Expression, code: Code): string {
  const [x, y] = [code.operand(a), code.operand(b)];
  return `${x} > ${y} ? ${x} + Math.log1p(Math.exp(${y} - ${x})) : ${y} + Math.log1p(Math.exp(${x} - ${y}))`;
}

function withMaximum(node: Node, exponents: readonly (Expression | 'zero')[], code: Code): Replacement {
  const texts = exponents.map((each) => (each === 'zero' ? '0' : code.operand(each)));
  const max = freshName('max', [node], code);
  const sum = texts.map((text) => `Math.exp(${text === '0' ? `-${max}` : `${text} - ${max}`})`).join(' + ');
  return called(node, max, `${max} + Math.log(${sum})`, `Math.max(${texts.join(', ')})`, code);
}

/** `Math.log(xs.reduce((s, x) => s + Math.exp(x), 0))` */
function logOfReduce(node: Node, sum: Node, code: Code): Replacement | null {
  const call = bare(sum);
  if (call.type !== 'CallExpression' || call.arguments.length !== 2) return null;
  const { callee } = call;
  const [callback, initial] = call.arguments as [Node, Node];
  if (callee.type !== 'MemberExpression' || callee.computed || !isNumber(initial, 0)) return null;
  if (callee.property.type !== 'Identifier' || callee.property.name !== 'reduce') return null;
  if (!code.isRepeatable(callee.object) || callback.type !== 'ArrowFunctionExpression') return null;
  const exponent = summedExponent(callback, code);
  if (!exponent) return null;
  const max = freshName('max', [node], code);
  const [from, to] = [exponent.start!, exponent.end!];
  const inner = `${code.slice(call.start!, from)}${code.operand(exponent)} - ${max}${code.slice(to, call.end!)}`;
  const [, ...elements] = callback.params;
  const [element] = elements as [Node];
  const list = code.slice(callee.object.start!, callee.object.end!);
  const isElement =
    exponent.type === 'Identifier' && element.type === 'Identifier' && exponent.name === element.name;
  const parameters = elements.map((each) => code.slice(each.start!, each.end!)).join(', ');
  const all = isElement ? list : `${list}.map((${parameters}) => ${code.operand(exponent)})`;
  return called(node, max, `${max} + Math.log(${inner})`, `Math.max(...${all})`, code);
}

/** The e of `(s, x) => s + Math.exp(e)`, where e does not mention s. */
function summedExponent({ params, body, async }: ArrowFunctionExpression, code: Code): Expression | null {
  const [sum, ...elements] = params;
  const added = bare(body);
  if (async || elements.length === 0 || sum?.type !== 'Identifier' || added.type !== 'BinaryExpression')
    return null;
  if (added.operator !== '+') return null;
  const isSum = (each: Node) => each.type === 'Identifier' && each.name === sum.name;
  const term = isSum(added.left) ? added.right : isSum(added.right) ? added.left : null;
  const exponent = term && code.mathArgument(term, 'exp');
  return exponent && code.isRepeatable(exponent) && !code.mentions(exponent, sum.name) ? exponent : null;
}

/** `((max) => body)(value)`: the value is computed once. */
export function called(node: Node, name: string, body: string, value: string, code: Code): Replacement {
  const parameter = code.isTypeScript ? `${name}: number` : name;
  return {
    node,
    title: 'log-sum-exp with the maximum subtracted',
    text: `((${parameter}) => ${body})(${value})`,
    binds: 'call',
    meaning: same,
  };
}

/** A name that does not occur in the expressions. */
export function freshName(name: string, nodes: readonly Node[], code: Code): string {
  for (let count = 1; ; count++) {
    const tried = count === 1 ? name : `${name}${count}`;
    if (!nodes.some((node) => code.mentions(node, tried))) return tried;
  }
}

function termsOf(node: Node): Node[] {
  const sum = bare(node);
  return sum.type === 'BinaryExpression' && sum.operator === '+'
    ? [...termsOf(sum.left), ...termsOf(sum.right)]
    : [sum];
}
