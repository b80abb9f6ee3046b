import type { AssignmentExpression, Node, Program } from '@babel/types';
import { evaluatedChildren, isFunction } from '../syntax/nodes';
import type { Binding, Scopes } from '../syntax/scopes';
import { isPrimitive } from './kind';
import type { Kinds } from './kinds';
import { startOf } from './source';

/** The sums of a module that are formed by a loop or in the callbacks of a call. */
export interface Accumulations {
  /** For each such statement, the names of the variables that it only adds to. */
  readonly statements: ReadonlyMap<Node, readonly string[]>;
  /** All `s += x` and `s -= x` of these variables. */
  readonly sums: ReadonlySet<Node>;
}

/** A use of a variable. */
interface Use {
  readonly identifier: Node;
  /** The nodes around the identifier that are inside the function of the variable, outermost first. */
  readonly around: readonly Node[];
  /** The statement `s += x` of which it is the target. */
  readonly sum: AssignmentExpression | null;
  /** Whether it is in a function inside the function of the variable. */
  readonly isInClosure: boolean;
}

/**
 * Finds the statements that only add to a local variable: each use of the variable in the statement is the target of `s += x` or
 * `s -= x`. Nothing can observe the variable before the end of the statement, so the sum is recorded as a whole.
 *
 * Functions inside the variable's function may only add to it too. If such a function is called after the statement, the sum has
 * ended, and it adds as usual. An exception may end the statement early. Then nothing uses the variable afterwards, because no
 * `try` of its function contains the statement.
 */
export function accumulationsOf(program: Program, scopes: Scopes, kinds: Kinds): Accumulations {
  const statements = new Map<Node, string[]>();
  const sums = new Set<Node>();
  for (const [binding, uses] of usesOf(program, scopes)) {
    if (!mayBeSummed(binding, uses, kinds)) continue;
    for (const { sum, around } of uses) {
      if (!sum || sums.has(sum)) continue;
      const statement = statementAround(around, binding, uses);
      if (!statement) continue;
      statements.set(statement, [...(statements.get(statement) ?? []), binding.name]);
      for (const use of uses) if (use.sum && use.around.includes(statement)) sums.add(use.sum);
    }
    // The others may run during these statements too.
    if (uses.some(({ sum }) => sum && sums.has(sum))) for (const { sum } of uses) if (sum) sums.add(sum);
  }
  return { statements, sums };
}

function usesOf(program: Program, scopes: Scopes): ReadonlyMap<Binding, readonly Use[]> {
  const uses = new Map<Binding, Use[]>();
  const path: Node[] = [];
  const visit = (node: Node): void => {
    const binding = node.type === 'Identifier' ? scopes.bindings.get(node) : undefined;
    if (binding?.kind === 'variable' && binding.owner) {
      const around = path.slice(path.indexOf(binding.owner) + 1);
      const use = { identifier: node, around, sum: sumAt(node, path), isInClosure: around.some(runsApart) };
      const others = uses.get(binding);
      if (others) others.push(use);
      else uses.set(binding, [use]);
    }
    path.push(node);
    for (const child of evaluatedChildren(node)) visit(child);
    path.pop();
  };
  visit(program);
  return uses;
}

function sumAt(target: Node, path: readonly Node[]): AssignmentExpression | null {
  const assignment = path.at(-1);
  if (assignment?.type !== 'AssignmentExpression' || assignment.left !== target) return null;
  if (assignment.operator !== '+=' && assignment.operator !== '-=') return null;
  if (path.at(-2)?.type !== 'ExpressionStatement' || has(assignment.right, isPause)) return null;
  return assignment;
}

/** Whether a node is code that runs at another time than the code around it. */
function runsApart(node: Node): boolean {
  return isFunction(node) || node.type === 'StaticBlock' || /^Class\w*Property$/.test(node.type);
}

function isPause({ type }: Node): boolean {
  return type === 'AwaitExpression' || type === 'YieldExpression';
}

/** Whether a node or a descendant fulfils a condition; functions are not searched. */
function has(node: Node, condition: (node: Node) => boolean): boolean {
  return condition(node) || evaluatedChildren(node).some((each) => !runsApart(each) && has(each, condition));
}

function mayBeSummed({ declaration }: Binding, uses: readonly Use[], kinds: Kinds): boolean {
  if (declaration.type !== 'VariableDeclarator' || declaration.id.type !== 'Identifier') return false;
  const summed = uses.find(({ sum }) => sum !== null);
  if (!summed || isPrimitive(kinds.of(summed.identifier))) return false;
  const inClosures = uses.filter(({ isInClosure }) => isInClosure);
  if (inClosures.some(({ sum }) => sum === null)) return false;
  // In `s += f()`, where f adds to s, what f added is lost.
  const callsNothing = (node: Node) => !has(node, (each) => mayRunOtherCode(each, kinds));
  return inClosures.length === 0 || uses.every(({ sum }) => sum === null || callsNothing(sum.right));
}

function mayRunOtherCode(node: Node, kinds: Kinds): boolean {
  if (node.type === 'CallExpression') return kinds.globalMember(node.callee)?.object.name !== 'Math';
  return /^(?:OptionalCall|New|Tagged|Import|Await|Yield)/.test(node.type);
}

/** The outermost statement around a sum that only adds to the variable. */
function statementAround(
  around: readonly Node[],
  { declaration }: Binding,
  uses: readonly Use[],
): Node | undefined {
  for (const [k, node] of around.entries()) {
    if (runsApart(node) || node.type === 'TryStatement') return undefined;
    if (!isCandidate(node, around[k - 1]) || startOf(node) < startOf(declaration)) continue;
    const inside = uses.filter((use) => use.around.includes(node));
    if (inside.every(({ sum }) => sum !== null) && !has(node, (each) => leaves(each, node))) return node;
  }
  return undefined;
}

function isCandidate(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === 'LabeledStatement') return false;
  if (/^(?:For|ForOf|ForIn|While|DoWhile)Statement$/.test(node.type)) return true;
  return node.type === 'ExpressionStatement' && node.expression.type === 'CallExpression';
}

/** Whether a node may leave a statement other than at its end, by `return` or an exception. */
function leaves(node: Node, statement: Node): boolean {
  if (isPause(node) || (node.type === 'ForOfStatement' && node.await)) return true;
  if ((node.type !== 'BreakStatement' && node.type !== 'ContinueStatement') || !node.label) return false;
  const { name } = node.label;
  return !has(statement, (each) => each.type === 'LabeledStatement' && each.label.name === name);
}
