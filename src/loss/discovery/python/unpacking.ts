import type { SyntaxNode } from '@lezer/common';
import type { Span } from '../../annotation/annotationValue';
import { childStatements } from './statements';
import { itemsOf, lastNameIn, partsOf, unwrapped } from './syntaxTree';

/** The targets of `x, y = theta`, in order. */
export interface Unpacking {
  readonly targets: readonly Target[];
  /** The number of targets; null if one of them has a star. */
  readonly arity: number | null;
  /** The names of the targets; null if one is no plain name. */
  readonly names: readonly string[] | null;
}

interface Target extends Span {
  readonly isStarred: boolean;
}

/** Statements before which an unpacking is certain to be reached. */
const straight = new Set([
  'AssignStatement',
  'ExpressionStatement',
  'ImportStatement',
  'AssertStatement',
  'PassStatement',
]);
/** Functions and methods whose result has the same numbers in the same order. */
const conversions = new Set([
  'array',
  'asarray',
  'asanyarray',
  'as_tensor',
  'tensor',
  'list',
  'tuple',
  'tolist',
  'unbind',
  'ravel',
  'flatten',
  'numpy',
]);

/** The unpacking at the start of a function's body of the parameter with a name; null if there is none. */
export function unpackingOf(node: SyntaxNode, parameter: string, text: string): Unpacking | null {
  const body = node.getChild('Body');
  for (const statement of body ? childStatements(body) : []) {
    if (statement.name === ':') continue;
    if (!straight.has(statement.name)) return null;
    const found = unpackingIn(statement, parameter, text);
    if (found) return found;
    if (assigns(statement, parameter, text)) return null;
  }
  return null;
}

/** The targets if a statement unpacks the parameter; null if it does not. */
export function unpackingIn(statement: SyntaxNode, parameter: string, text: string): Unpacking | null {
  if (statement.name !== 'AssignStatement') return null;
  const parts = partsOf(statement);
  const operator = parts.findIndex(({ name }) => name === 'AssignOp');
  const value = parts[operator + 1];
  if (operator < 0 || !value || parts.length !== operator + 2 || !holds(value, parameter, text)) return null;
  const [first] = parts;
  const isList = first?.name === 'TupleExpression' || first?.name === 'ArrayExpression';
  const targets = isList && operator === 1 ? partsOf(first) : parts.slice(0, operator);
  if (!isList && !targets.some(({ name }) => name === ',')) return null;
  const items = itemsOf(targets);
  const isStarred = items.map(([head]) => head?.name === '*');
  const named = items.map((nodes) => nodes.at(-1)!);
  if (items.some((nodes, index) => nodes.length !== (isStarred[index] ? 2 : 1))) return null;
  const isPlain = named.every(({ name }, index) => name === 'VariableName' && !isStarred[index]);
  return {
    targets: items.map((nodes, index) => ({
      from: nodes[0]!.from,
      to: nodes.at(-1)!.to,
      isStarred: isStarred[index]!,
    })),
    arity: isStarred.includes(true) ? null : items.length,
    names: isPlain ? named.map(({ from, to }) => text.slice(from, to)) : null,
  };
}

/** Whether an expression is the parameter, perhaps converted: `np.asarray(theta)`, `theta.tolist()`. */
export function holds(value: SyntaxNode, parameter: string, text: string): boolean {
  let node = unwrapped(value);
  while (node.name === 'CallExpression') {
    const [callee, args] = partsOf(node);
    const name = callee && lastNameIn(callee, text);
    if (!callee || !args || !name || !conversions.has(name)) return false;
    const object = callee.name === 'MemberExpression' ? callee.firstChild : null;
    const [argument] = itemsOf(partsOf(args))[0] ?? [];
    if (object && holdsName(object, parameter, text)) return true;
    const next = argument ?? object;
    if (!next) return false;
    node = unwrapped(next);
  }
  return holdsName(node, parameter, text);
}

function holdsName({ name, from, to }: SyntaxNode, parameter: string, text: string): boolean {
  return name === 'VariableName' && text.slice(from, to) === parameter;
}

/** Whether a statement gives the parameter another value than its own, converted. */
export function assigns(statement: SyntaxNode, parameter: string, text: string): boolean {
  if (statement.name !== 'AssignStatement') return false;
  const parts = partsOf(statement);
  const last = parts.findLastIndex(({ name }) => name === 'AssignOp');
  const isTarget = parts.slice(0, last).some((part) => holdsName(part, parameter, text));
  const value = parts[last + 1];
  return isTarget && !(value && parts.length === last + 2 && holds(value, parameter, text));
}
