import type { AssignmentExpression, CallExpression, Node } from '@babel/types';
import { type OperationName, rules } from '../rules';
import { bare } from '../syntax/nodes';
import { isPrimitive } from './kind';
import { type ArithmeticOperator, arithmeticMethods, isArithmetic } from './operatorNames';
import type { Rewrite } from './rewrite';
import { codeEnd, endOf, startOf } from './source';
import { isCalm } from './targets';

/** The parts of an expression with several operators. */
export type Part =
  | { readonly kind: 'leaf'; readonly node: Node; readonly index: number; readonly isRepeated: boolean }
  | { readonly kind: 'constant'; readonly node: Node; readonly value: number }
  | {
      readonly kind: 'operation';
      readonly node: Node;
      readonly name: OperationName;
      readonly operands: readonly Part[];
    };

/** Functions with more leaves or operators take long to compile and are rare. */
const leavesAtMost = 16;
const operatorsAtMost = 64;

/**
 * `z + w[j] * r[j]` becomes one call of a function that is created when it is first needed:
 *
 *     (e ??= $.expression(3, ["add",18,0,["mul",17,1,2]]))(z, w[j], r[j])
 *
 * Leaves are evaluated in the order of the source. Difference from JavaScript: an operand that is an object
 * is converted to a number after all leaves have been evaluated.
 *
 * @returns false if the expression has less than two operators, or too many leaves or operators; nothing is
 *   changed then
 */
export function asOneOperation(rewrite: Rewrite, node: Node): boolean {
  const found = new Leaves(rewrite, isCalm(node));
  const whole = found.part(node);
  if (whole?.kind !== 'operation' || whole.operands.every(({ kind }) => kind !== 'operation')) return false;
  const before = `${callee(rewrite, found.count, textOf(rewrite, whole))}(`;
  takeApart(rewrite, whole);
  rewrite.wrapStretch(startOf(node), codeEnd(node), before, ')');
  return true;
}

/**
 * The same for `s += w * x`, whose first leaf is `s`.
 *
 * @param target  the text that reads `s`
 * @returns the text that replaces `+=`, or null if nothing is changed. The closing parenthesis is inserted
 *   after the right side.
 */
export function assignedAsOneOperation(
  rewrite: Rewrite,
  node: Node,
  operator: string,
  right: Node,
  target: () => string,
): string | null {
  if (!isArithmetic(operator)) return null;
  const found = new Leaves(rewrite, isCalm(right), 1);
  const part = found.part(right);
  if (part?.kind !== 'operation') return null;
  const inner = textOf(rewrite, part);
  const tree = `["${arithmeticMethods[operator]}",${rewrite.site(node)},0,${inner}]`;
  takeApart(rewrite, part, right);
  rewrite.wrap(node, '', ')');
  return `= ${callee(rewrite, found.count, tree)}(${target()}, `;
}

/**
 * The same for `a[i] += w * x` or `a[i] += w`, whose old value the text `target` reads. `a[i]` must be calm.
 *
 * @returns the text between the key and the right side, or null if nothing is changed. One closing parenthesis is inserted after
 *   the right side.
 */
export function elementAsOneOperation(
  rewrite: Rewrite,
  node: AssignmentExpression,
  operator: ArithmeticOperator,
  target: string,
): string | null {
  const { right } = node;
  const found = new Leaves(rewrite, true, 1);
  const part = found.part(right);
  if (!part) return null;
  const tree = `["${arithmeticMethods[operator]}",${rewrite.site(node)},0,${textOf(rewrite, part)}]`;
  takeApart(rewrite, part, right);
  rewrite.wrap(node, '', ')');
  return `${callee(rewrite, found.count, tree)}(${target}, `;
}

/** `s += x` of a sum that a whole statement forms, see `accumulationsOf`. */
export function accumulate(rewrite: Rewrite, node: AssignmentExpression, target: string): void {
  const { right } = node;
  const found = new Leaves(rewrite, isCalm(right), 1);
  const parts = found.part(right);
  // With too many operands, the right side is an operation of its own.
  const part: Part = parts ?? { kind: 'leaf', node: right, index: 1, isRepeated: false };
  const count = parts ? found.count : 2;
  const name = node.operator === '+=' ? 'add' : 'sub';
  const tree = `["${name}",${rewrite.site(node)},0,${textOf(rewrite, part)}]`;
  rewrite.token(
    endOf(node.left),
    node.operator,
    `= ${callee(rewrite, count, tree, 'accumulating')}(${target}, `,
  );
  takeApart(rewrite, part, right);
  rewrite.wrap(node, '', ')');
}

/** `s + a * b`, the result of a callback of `reduce`, see `reducedSum`. */
export function accumulateResult(rewrite: Rewrite, node: Node): void {
  const found = new Leaves(rewrite, isCalm(node));
  const whole = found.part(node)!;
  const before = `${callee(rewrite, found.count, textOf(rewrite, whole), 'accumulating')}(`;
  takeApart(rewrite, whole);
  rewrite.wrapStretch(startOf(node), codeEnd(node), before, ')');
}

/** Whether a sum is one operation whose first leaf is the name at its left end: `s + a * b - c`. */
export function isOneSum(rewrite: Rewrite, node: Node, name: Node): boolean {
  return startsWith(node, name) && new Leaves(rewrite, isCalm(node)).part(node)?.kind === 'operation';
}

function startsWith(node: Node, name: Node): boolean {
  if (node.type === 'ParenthesizedExpression') return startsWith(node.expression, name);
  if (node.type !== 'BinaryExpression') return node === name;
  return (node.operator === '+' || node.operator === '-') && startsWith(node.left, name);
}

function callee(
  rewrite: Rewrite,
  leaves: number,
  tree: string,
  kind: 'expression' | 'accumulating' = 'expression',
): string {
  return `(${rewrite.names.expression()} ??= ${rewrite.runtime}.${kind}(${leaves}, ${tree}))`;
}

/** The leaves of one or more expressions that are evaluated one after the other. */
export class Leaves {
  readonly #rewrite: Rewrite;
  /** Whether nothing in the expression can change a variable. */
  readonly #isCalm: boolean;
  readonly #names = new Map<unknown, number>();
  /** Constants whose expressions take the place of their names. */
  readonly inlined = new Map<unknown, Part>();
  count: number;
  #operators = 0;

  constructor(rewrite: Rewrite, calm: boolean, from = 0) {
    this.#rewrite = rewrite;
    this.#isCalm = calm;
    this.count = from;
  }

  /**
   * null if there are too many leaves or operators. The search stops at the limit, because it is repeated for
   * each operator of a long expression.
   */
  part(node: Node): Part | null {
    if (node.type === 'ParenthesizedExpression') {
      const inner = this.part(node.expression);
      return inner?.kind === 'leaf' ? { ...inner, node } : inner;
    }
    const inlined = this.inlined.get(this.#rewrite.scopes.bindings.get(node));
    if (inlined) {
      this.#operators += operatorsOf(inlined);
      return this.#operators > operatorsAtMost ? null : inlined;
    }
    const value = constantOf(node);
    if (value !== null) return { kind: 'constant', node, value };
    const operation = operationOf(this.#rewrite, node);
    if (!operation) return this.#leaf(node);
    if (++this.#operators > operatorsAtMost) return null;
    const operands: Part[] = [];
    for (const each of operation.operands) {
      const part = this.part(each);
      if (!part) return null;
      operands.push(part);
    }
    return { kind: 'operation', node, name: operation.name, operands };
  }

  #leaf(node: Node): Part | null {
    const binding = this.#rewrite.scopes.bindings.get(node);
    const isStable = binding && (this.#isCalm || binding.assignments.length === 0);
    const known = isStable ? this.#names.get(binding) : undefined;
    if (known !== undefined) return { kind: 'leaf', node, index: known, isRepeated: true };
    if (this.count >= leavesAtMost) return null;
    if (isStable) this.#names.set(binding, this.count);
    return { kind: 'leaf', node, index: this.count++, isRepeated: false };
  }
}

function operatorsOf(part: Part): number {
  return part.kind === 'operation' ? part.operands.reduce((sum, each) => sum + operatorsOf(each), 1) : 0;
}

function constantOf(node: Node): number | null {
  if (node.type === 'NumericLiteral') return node.value;
  if (node.type !== 'UnaryExpression' || node.operator !== '-') return null;
  return node.argument.type === 'NumericLiteral' ? -node.argument.value : null;
}

/** The operation of an expression, if the expression may be traced; null otherwise. */
function operationOf(
  rewrite: Rewrite,
  node: Node,
): { readonly name: OperationName; readonly operands: readonly Node[] } | null {
  const { kinds } = rewrite;
  if (node.type === 'BinaryExpression') {
    if (!isArithmetic(node.operator) || kinds.of(node) !== 'unknown') return null;
    return { name: arithmeticMethods[node.operator], operands: [node.left, node.right] };
  }
  if (node.type === 'UnaryExpression')
    return node.operator === '-' && !isPrimitive(kinds.of(node.argument))
      ? { name: 'neg', operands: [node.argument] }
      : null;
  if (node.type !== 'CallExpression' || !isSitedMath(rewrite, node) || isOfBits(node)) return null;
  const name = kinds.globalMember(node.callee)!.property as OperationName;
  return { name, operands: node.arguments };
}

/** Whether an expression is an operation that may be traced. */
export function isOperation(rewrite: Rewrite, node: Node): boolean {
  return operationOf(rewrite, bare(node)) !== null;
}

/** Math.clz32 and Math.imul have no derivative and report their place, so they remain separate operations. */
function isOfBits({ callee }: CallExpression): boolean {
  return (
    callee.type === 'MemberExpression' &&
    'name' in callee.property &&
    /^(?:clz32|imul)$/.test(String(callee.property.name))
  );
}

/**
 * Whether a call is `Math.f(…)` with the number of operands in the derivative table, and at least one operand
 * may be traced.
 */
export function isSitedMath(rewrite: Rewrite, node: CallExpression): boolean {
  const member = rewrite.kinds.globalMember(node.callee);
  if (member?.object.name !== 'Math' || !Object.hasOwn(rules, member.property)) return false;
  const given = node.arguments;
  return (
    given.length === rules[member.property as OperationName].partials.length &&
    given.every(({ type }) => type !== 'SpreadElement' && type !== 'ArgumentPlaceholder') &&
    given.some((each) => !isPrimitive(rewrite.kinds.of(each)))
  );
}

/** An expression as the runtime gets it. */
export function textOf(rewrite: Rewrite, part: Part): string {
  switch (part.kind) {
    case 'leaf':
      return String(part.index);
    case 'constant':
      return `{constant:${Object.is(part.value, -0) ? '-0' : part.value}}`;
    case 'operation': {
      const operands = part.operands.map((each) => textOf(rewrite, each));
      return `["${part.name}",${[rewrite.site(part.node), ...operands].join(',')}]`;
    }
  }
}

/** Reduces an expression to its leaves, separated by commas. Returns whether there is a leaf. */
function takeApart(rewrite: Rewrite, part: Part, within?: Node): boolean {
  removeParentheses(rewrite, within, part);
  switch (part.kind) {
    case 'constant':
      rewrite.replace(part.node, '');
      return false;
    case 'leaf':
      if (part.isRepeated) rewrite.replace(part.node, '');
      else rewrite.visit(part.node);
      return !part.isRepeated;
    case 'operation':
      return takeOperationApart(rewrite, part);
  }
}

function takeOperationApart(
  rewrite: Rewrite,
  { node, operands }: Extract<Part, { kind: 'operation' }>,
): boolean {
  const [first, second] = operands as readonly [Part, Part?];
  switch (node.type) {
    case 'UnaryExpression':
      rewrite.edits.replace(startOf(node), startOf(node) + 1, ' ');
      return takeApart(rewrite, first, node.argument);
    case 'BinaryExpression': {
      const left = takeApart(rewrite, first, node.left);
      const right = takeApart(rewrite, second!, node.right);
      rewrite.token(endOf(node.left), node.operator, left && right ? ',' : ' ');
      return left || right;
    }
    case 'CallExpression': {
      rewrite.replace(node.callee, '');
      rewrite.token(endOf(node.callee), '(', ' ');
      rewrite.edits.replace(endOf(node) - 1, endOf(node), ' ');
      const has = operands.map((each, index) => takeApart(rewrite, each, node.arguments[index]!));
      if (second) rewrite.token(endOf(node.arguments[0]!), ',', has.every(Boolean) ? ',' : ' ');
      const after = rewrite.source.nextToken(endOf(node.arguments.at(-1)!));
      if (rewrite.source.text[after] === ',') rewrite.edits.replace(after, after + 1, ' ');
      return has.some(Boolean);
    }
    default:
      throw new Error(`${node.type} is no operation`);
  }
}

/** Removes the parentheses around an operand. */
function removeParentheses(rewrite: Rewrite, within: Node | undefined, part: Part): void {
  for (let at = within; at?.type === 'ParenthesizedExpression' && at !== part.node; at = at.expression) {
    rewrite.edits.replace(startOf(at), startOf(at) + 1, ' ');
    rewrite.edits.replace(endOf(at) - 1, endOf(at), ' ');
  }
}
