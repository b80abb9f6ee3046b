import type { IfStatement, Node, Statement, SwitchStatement, VariableDeclaration } from '@babel/types';
import { bare, type InlinedFunction, isErased, isPlainFunction, walk } from '../../syntax/nodes';
import type { Slot, Temp } from '../ir';
import { assignment } from './assignments';
import { alwaysLeaves, mayLeave } from './exits';
import { loopStatement } from './loops';
import type { Lowering, Region } from './lowering';
import { declare, destructure } from './patterns';
import { nameOfSyntax } from './syntaxNames';
import { runtimeValue, scalarOf, type Value } from './values';

/** Lowers the body of a function that is being inlined, and returns its result. */
export function functionBody(low: Lowering, { body }: InlinedFunction): Value {
  if (body.type !== 'BlockStatement') return low.evaluate(body);
  const returns = returnsOf(body);
  const [only] = returns;
  const isLast = returns.length === 1 && body.body.at(-1) === only;
  const nothing = low.text('(void 0)');
  const result = returns.length === 0 || isLast ? null : low.builder.slot(nothing, body);
  const region: Region = { type: 'function', result, returned: null };
  low.regions.push(region);
  try {
    declareVars(low, body);
    statements(low, body.body);
  } finally {
    low.regions.pop();
  }
  if (result) return runtimeValue(low.builder.read(result, low.site(body)));
  return region.returned ?? scalarOf(nothing);
}

function returnsOf(body: Node): Node[] {
  const returns: Node[] = [];
  walk(body, (node) => {
    if (node.type === 'ReturnStatement') returns.push(node);
    return !isPlainFunction(node) && node.type !== 'ObjectMethod' && !node.type.startsWith('Class');
  });
  return returns;
}

/** A `var` in a branch or a loop belongs to the function. */
function declareVars(low: Lowering, body: Node): void {
  walk(body, (node) => {
    if (isPlainFunction(node) || node.type === 'ObjectMethod' || node.type.startsWith('Class')) return false;
    if (node.type !== 'VariableDeclaration' || node.kind !== 'var') return true;
    for (const { id } of node.declarations) {
      const binding = id.type === 'Identifier' ? low.binding(id) : null;
      if (!binding || binding.assignments.every(({ type }) => type !== 'VariableDeclarator')) continue;
      if (!low.frame.cells.has(binding))
        low.bind(binding, { type: 'slot', slot: low.builder.slot(low.text('(void 0)'), binding) });
    }
    return true;
  });
}

/**
 * Lowers a list of statements. If one may leave (return, break, continue), the statements after it move into
 * the branch that continues, or behind a flag. So there are no jumps, and the reverse sweep can follow the
 * same branches backwards.
 */
export function statements(low: Lowering, list: readonly Node[]): void {
  for (const each of list) hoist(low, each);
  sequence(low, list);
}

function sequence(low: Lowering, list: readonly Node[]): void {
  for (const [k, node] of list.entries()) {
    const rest = list.slice(k + 1);
    if (!mayLeave(node)) {
      if (!low.attempt(() => statement(low, node))) refuseNames(low, node);
      if (alwaysLeaves(node)) return;
      continue;
    }
    if (node.type === 'BlockStatement') {
      for (const each of node.body) hoist(low, each);
      sequence(low, [...node.body, ...rest]);
      return;
    }
    if (alwaysLeaves(node) && node.type !== 'IfStatement') {
      low.attempt(() => statement(low, node));
      return;
    }
    if (node.type === 'IfStatement' && leavesOnOneSide(node)) {
      ifWithRest(low, node, rest);
      return;
    }
    if (rest.length === 0) {
      low.attempt(() => statement(low, node));
      return;
    }
    behindFlag(low, node, rest);
    return;
  }
}

function leavesOnOneSide({ consequent, alternate }: IfStatement): boolean {
  return alwaysLeaves(consequent) || (alternate != null && alwaysLeaves(alternate));
}

function ifWithRest(
  low: Lowering,
  { test, consequent, alternate }: IfStatement,
  rest: readonly Node[],
): void {
  const leaves = alwaysLeaves(consequent);
  const other = alternate ? [alternate] : [];
  low.attempt(() => {
    const condition = low.condition(test);
    low.builder.branch(
      condition,
      () => statements(low, leaves ? [consequent] : [consequent, ...rest]),
      () => statements(low, leaves ? [...other, ...rest] : other),
    );
  });
}

function behindFlag(low: Lowering, node: Node, rest: readonly Node[]): void {
  const left = low.builder.slot(low.text('false', 'bool'), node);
  low.regions.push({ type: 'rest', left });
  try {
    low.attempt(() => statement(low, node));
  } finally {
    low.regions.pop();
  }
  low.builder.branch(
    low.builder.read(left, low.site(node)),
    () => {},
    () => sequence(low, rest),
  );
}

function hoist(low: Lowering, node: Node): void {
  const declared = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
  if (declared?.type !== 'FunctionDeclaration' || !declared.id) return;
  const binding = low.binding(declared.id);
  if (!binding || binding.isModule) return;
  const value: Value = { type: 'function', node: declared, frame: low.frame };
  low.bind(binding, binding.assignments.length === 0 ? { type: 'value', value } : { type: 'refused' });
}

/** Marks these names as refused, so that their uses are not reported again. */
function refuseNames(low: Lowering, node: Node): void {
  if (node.type !== 'VariableDeclaration') return;
  for (const { id } of node.declarations)
    walk(id, (each) => {
      const binding = low.binding(each);
      if (binding && !low.frame.cells.has(binding)) low.bind(binding, { type: 'refused' });
      return true;
    });
}

export function statement(low: Lowering, node: Node, labels: readonly string[] = []): void {
  switch (node.type) {
    case 'VariableDeclaration':
      variables(low, node);
      return;
    case 'ExpressionStatement': {
      const expression = bare(node.expression);
      if (expression.type === 'AssignmentExpression') assignment(low, expression, false);
      else if (expression.type !== 'StringLiteral') low.evaluate(expression);
      return;
    }
    case 'BlockStatement':
      statements(low, node.body);
      return;
    case 'IfStatement': {
      const condition = low.condition(node.test);
      low.builder.branch(
        condition,
        () => statements(low, [node.consequent]),
        () => statements(low, node.alternate ? [node.alternate] : []),
      );
      return;
    }
    case 'SwitchStatement':
      switchStatement(low, node);
      return;
    case 'ForStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      loopStatement(low, node, labels);
      return;
    case 'LabeledStatement':
      statement(low, node.body, [...labels, node.label.name]);
      return;
    case 'ReturnStatement':
      leaveFunction(low, node.argument ?? null, node);
      return;
    case 'BreakStatement':
      leave(low, 'loop', node.label?.name ?? null, node);
      return;
    case 'ContinueStatement':
      leave(low, 'iteration', node.label?.name ?? null, node);
      return;
    case 'ThrowStatement':
      low.builder.push({ type: 'throw', value: low.scalar(node.argument) });
      return;
    case 'FunctionDeclaration':
    case 'EmptyStatement':
      return;
    default:
      if (!isErased(node)) low.refuse(node, `${nameOfSyntax(node)} cannot be generated`);
  }
}

function variables(low: Lowering, node: VariableDeclaration): void {
  if (node.kind === 'using' || node.kind === 'await using') low.refuse(node, '`using` cannot be generated');
  for (const { id, init } of node.declarations) {
    if (!init && node.kind === 'var') continue;
    const value = init ? low.evaluate(init) : scalarOf(low.text('(void 0)'));
    destructure(low, id, value, (name, part) => declare(low, name, part));
  }
}

function leaveFunction(low: Lowering, argument: Node | null, node: Node): void {
  const at = low.regions.findLastIndex(({ type }) => type === 'function');
  const region = low.regions[at];
  if (region?.type !== 'function') low.refuse(node, 'this return statement is not inside a function');
  const value = argument ? low.evaluate(argument) : scalarOf(low.text('(void 0)'));
  if (region.result) low.builder.write(region.result, low.held(value, argument ?? node));
  else region.returned = value;
  for (const inner of low.regions.slice(at + 1)) markLeft(low, inner);
}

/** `break` and `continue`: sets the flags of all statements between here and the loop. */
function leave(low: Lowering, type: 'loop' | 'iteration', label: string | null, node: Node): void {
  const at = low.regions.findLastIndex(
    (region) => region.type === type && (label === null || region.labels.includes(label)),
  );
  if (at < 0) low.refuse(node, 'break and continue are supported only for loops');
  for (const inner of low.regions.slice(type === 'loop' ? at : at + 1)) markLeft(low, inner);
}

function markLeft(low: Lowering, region: Region): void {
  const flag: Slot | null =
    region.type === 'rest' ? region.left : region.type === 'loop' ? region.exit : null;
  if (flag) low.builder.write(flag, low.text('true', 'bool'));
}

/**
 * Lowers a switch to a chain of branches. Every case must end with `break`, `return` or `throw`, or be empty.
 */
function switchStatement(low: Lowering, node: SwitchStatement): void {
  const discriminant = low.scalar(node.discriminant);
  const groups: { tests: (Node | null)[]; body: Statement[] }[] = [];
  let tests: (Node | null)[] = [];
  for (const [k, each] of node.cases.entries()) {
    tests.push(each.test ?? null);
    const isLast = k === node.cases.length - 1;
    if (each.consequent.length === 0 && !isLast) continue;
    groups.push({ tests, body: caseBody(low, each.consequent, isLast, each) });
    tests = [];
  }
  const usual = groups.find((group) => group.tests.includes(null));
  const chain = (k: number): void => {
    const group = groups[k];
    if (!group) {
      usual ? statements(low, usual.body) : undefined;
      return;
    }
    if (group === usual) {
      chain(k + 1);
      return;
    }
    const condition = group.tests
      .map((test) => caseMatches(low, discriminant, test!))
      .reduce(either(low, node));
    low.builder.branch(
      condition,
      () => statements(low, group.body),
      () => chain(k + 1),
    );
  };
  chain(0);
}

function caseMatches(low: Lowering, discriminant: Temp, test: Node): Temp {
  return low.question(['(', ' === ', ')'], [discriminant, low.scalar(test)], test);
}

function either(low: Lowering, node: Node): (a: Temp, b: Temp) => Temp {
  return (a, b) => low.question(['(', ' || ', ')'], [a, b], node);
}

function caseBody(low: Lowering, list: readonly Statement[], isLast: boolean, node: Node): Statement[] {
  const body = list.length === 1 && list[0]!.type === 'BlockStatement' ? list[0]!.body : list;
  const last = body.at(-1);
  const ends = last !== undefined && alwaysLeaves(last);
  if (!ends && !isLast) low.refuse(node, 'a case that falls through to the next case cannot be generated');
  const kept = last?.type === 'BreakStatement' && !last.label ? body.slice(0, -1) : [...body];
  if (kept.some((each) => mayLeave(each, 'switch')))
    low.refuse(node, 'a case with a break statement before its end cannot be generated');
  return kept;
}
