import type { Node } from '@babel/types';
import { bare } from '../../../../autodiff/syntax/nodes';
import { type Code, isNumber, type Replacement } from './code';
import type { Tree } from './tree';

const smooth = { kind: 'smooth' } as const;

/** Forms of a rectifier whose derivative is not 0 where the rectifier is inactive. */
export function rectifiers(code: Code, tree: Tree): Replacement[] {
  return inFunctions(tree).flatMap((node) => {
    const x = rectified(node, code);
    if (!x) return [];
    return [
      ofOperand(
        node,
        x,
        code,
        `leaky rectifier, slope ${slope}`,
        (z) => `Math.max(${slope} * ${z}, ${z})`,
        'call',
      ),
      ofOperand(node, x, code, 'softplus, sharpness 1', (z) => softplus(z, 1), 'loosely'),
    ];
  });
}

/** The part of the derivative that a leaky rectifier keeps: as in torch's LeakyReLU. */
const slope = 0.01;

/**
 * Forms without a jump of the derivative: sqrt(x² + eps²) − eps for abs(x), which is 0 at 0 and lower than abs(x) by at most eps,
 * and softplus with a sharpness k for a rectifier or a maximum, which is higher by at most log(2)/k.
 */
export function kinks(code: Code, tree: Tree): Replacement[] {
  return inFunctions(tree).flatMap((node) => {
    const inner = code.mathArgument(node, 'abs');
    if (bare(node) === node && inner && !isCompared(node, tree))
      return [0.1, 0.01].map((eps) => smoothAbs(node, inner, eps, code));
    const x = rectified(node, code);
    if (x) return [ofOperand(node, x, code, 'softplus, sharpness 10', (z) => softplus(z, 10), 'loosely')];
    const pair = bare(node) === node ? code.mathCall(node, 'max') : null;
    // A number beside a maximum is a limit that the user chose.
    if (pair?.length !== 2 || pair.some((each) => isLiteral(each))) return [];
    return [smoothMax(node, pair as [Node, Node], code)];
  });
}

/** Whether a value only decides between branches: a smooth form of it changes nothing but the boundary. */
function isCompared(node: Node, tree: Tree): boolean {
  let parent = tree.parentOf(node);
  while (parent && bare(parent) === node) parent = tree.parentOf(parent);
  return parent?.type === 'BinaryExpression' && /^[<>!=]=?=?$/.test(parent.operator);
}

function inFunctions(tree: Tree): Node[] {
  return [...tree.nodes].filter((node) => tree.isInFunction(node));
}

/** The x of `Math.max(0, x)`, `Math.max(x, 0)` and `x > 0 ? x : 0`; null for other nodes. */
function rectified(node: Node, code: Code): Node | null {
  if (bare(node) !== node) return null;
  if (node.type === 'ConditionalExpression') {
    const test = bare(node.test);
    if (test.type !== 'BinaryExpression' || !/^[<>]=?$/.test(test.operator) || !isNumber(test.right, 0))
      return null;
    const [kept, other] = test.operator.startsWith('>')
      ? [node.consequent, node.alternate]
      : [node.alternate, node.consequent];
    return isNumber(other, 0) && code.text(kept) === code.text(test.left) ? kept : null;
  }
  const pair = code.mathCall(node, 'max');
  if (pair?.length !== 2) return null;
  const [a, b] = pair as [Node, Node];
  const x = isNumber(a, 0) ? b : isNumber(b, 0) ? a : null;
  return x && !isLiteral(x) ? x : null;
}

function isLiteral(node: Node): boolean {
  const inner = bare(node);
  return inner.type === 'NumericLiteral' || (inner.type === 'UnaryExpression' && isLiteral(inner.argument));
}

function smoothAbs(node: Node, x: Node, eps: number, code: Code): Replacement {
  const title = `sqrt(x² + ${eps}²) − ${eps} for Math.abs(x)`;
  return {
    node,
    title,
    text: `Math.hypot(${code.text(x)}, ${eps}) - ${eps}`,
    binds: 'loosely',
    meaning: smooth,
  };
}

/** b + softplus(a − b), computed from the larger one. */
function smoothMax(node: Node, [a, b]: readonly [Node, Node], code: Code): Replacement {
  const title = 'smooth maximum, sharpness 10';
  const form = (x: string, y: string) =>
    `${x} > ${y} ? ${x} + Math.log1p(Math.exp(10 * (${y} - ${x}))) / 10 : ${y} + Math.log1p(Math.exp(10 * (${x} - ${y}))) / 10`;
  if (code.isRepeatable(a) && code.isRepeatable(b))
    return { node, title, text: form(code.operand(a), code.operand(b)), binds: 'loosely', meaning: smooth };
  const [p, q] = code.isTypeScript ? ['p: number', 'q: number'] : ['p', 'q'];
  const text = `((${p}, ${q}) => (${form('p', 'q')}))(${code.text(a)}, ${code.text(b)})`;
  return { node, title, text, binds: 'call', meaning: smooth };
}

/** log(1 + exp(kx))/k. Both branches have the derivative of the whole. */
function softplus(x: string, k: number): string {
  const [times, over] = k === 1 ? ['', ''] : [`${k} * `, ` / ${k}`];
  const negative = k === 1 ? `-${x}` : `-${k} * ${x}`;
  return `${x} > 0 ? ${x} + Math.log1p(Math.exp(${negative}))${over} : Math.log1p(Math.exp(${times}${x}))${over}`;
}

/** The form of an operand, which is evaluated once if it is expensive or has effects. */
function ofOperand(
  node: Node,
  x: Node,
  code: Code,
  title: string,
  form: (z: string) => string,
  binds: Replacement['binds'],
): Replacement {
  const isPositive = bare(x).type !== 'UnaryExpression';
  if (code.isRepeatable(x) && isPositive)
    return { node, title, text: form(code.operand(x)), binds, meaning: smooth };
  const parameter = code.isTypeScript ? 'z: number' : 'z';
  return {
    node,
    title,
    text: `((${parameter}) => ${binds === 'loosely' ? `(${form('z')})` : form('z')})(${code.text(x)})`,
    binds: 'call',
    meaning: smooth,
  };
}
