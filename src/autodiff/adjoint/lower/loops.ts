import type {
  DoWhileStatement,
  Expression,
  ForOfStatement,
  ForStatement,
  Identifier,
  Node,
  WhileStatement,
} from '@babel/types';
import { bare, isFunction, walk } from '../../syntax/nodes';
import type { Binding } from '../../syntax/scopes';
import type { Slot, Temp } from '../ir';
import { rootOf } from '../shapes';
import { changingSlots } from './changingSlots';
import { endBefore, overElements, sourceOf } from './iteration';
import type { Lowering } from './lowering';
import { declare, destructure } from './patterns';
import { findCell } from './values';

type LoopStatement = ForStatement | ForOfStatement | WhileStatement | DoWhileStatement;

export function loopStatement(low: Lowering, node: LoopStatement, labels: readonly string[]): void {
  switch (node.type) {
    case 'ForOfStatement':
      forOf(low, node, labels);
      return;
    case 'ForStatement': {
      const counted = countedLoop(low, node);
      counted ? countedFor(low, node, counted, labels) : generalFor(low, node, labels);
      return;
    }
    case 'WhileStatement':
      whileLoop(low, node, node.test, (exit) => iteration(low, node.body, labels, exit));
      return;
    case 'DoWhileStatement': {
      const again = low.builder.slot(low.text('true', 'bool'), node);
      const exit = exitOf(low, node.body);
      repeat(
        low,
        node,
        () => low.builder.read(again, low.site(node)),
        exit,
        () => {
          iteration(low, node.body, labels, exit);
          const goesOn = () => low.builder.write(again, low.condition(node.test));
          unless(low, exit, node, goesOn);
        },
        [again],
      );
      return;
    }
  }
}

function forOf(low: Lowering, node: ForOfStatement, labels: readonly string[]): void {
  if (node.await) low.refuse(node, '`for await` cannot be generated');
  const { left } = node;
  if (left.type !== 'VariableDeclaration') low.refuse(left, 'the variable of a loop is declared elsewhere');
  const source = sourceOf(low, low.evaluate(node.right), node.right, 'any');
  const exit = exitOf(low, node.body);
  overElements(
    low,
    source,
    node,
    ({ item }) => {
      destructure(low, left.declarations[0]!.id, item, (name, value) => declare(low, name, value));
      iteration(low, node.body, labels, exit);
    },
    { exit },
  );
}

interface Counted {
  readonly binding: Binding;
  readonly start: Temp;
  readonly step: number;
}

/** `for (let i = start; …; i += step)`, where nothing else changes i and both are whole numbers. */
function countedLoop(low: Lowering, node: ForStatement): Counted | null {
  const { init, update } = node;
  if (init?.type !== 'VariableDeclaration' || init.kind === 'var' || init.declarations.length === 0)
    return null;
  const [first, ...others] = init.declarations;
  if (first!.id.type !== 'Identifier' || !first!.init || !update) return null;
  const binding = low.binding(first!.id);
  const step = binding && stepOf(low, update, binding);
  if (!binding || !step || binding.assignments.length !== 1 || binding.isAssignedBelow) return null;
  // `let i = 0, n = x.length`: the other variables must be constant, because they are declared once, before
  // the loop.
  if (others.some(({ id }) => id.type !== 'Identifier' || (low.binding(id)?.assignments.length ?? 1) > 0))
    return null;
  const start = low.scalar(first!.init);
  if (start.kind !== 'int') return null;
  for (const { id, init: value } of others)
    if (value) destructure(low, id, low.evaluate(value), (name, part) => declare(low, name, part));
  return { binding, start, step };
}

function stepOf(low: Lowering, expression: Expression, binding: Binding): number | null {
  const node = bare(expression);
  const isCounter = (target: Node) => {
    const name = bare(target);
    return name.type === 'Identifier' && low.binding(name) === binding;
  };
  if (node.type === 'UpdateExpression') {
    if (!isCounter(node.argument)) return null;
    return node.operator === '++' ? 1 : -1;
  }
  if (node.type !== 'AssignmentExpression' || !isCounter(node.left)) return null;
  if (node.operator !== '+=' && node.operator !== '-=') return null;
  const by = bare(node.right);
  if (by.type !== 'NumericLiteral' || !Number.isSafeInteger(by.value)) return null;
  return node.operator === '+=' ? by.value : -by.value;
}

function countedFor(
  low: Lowering,
  node: ForStatement,
  { binding, start, step }: Counted,
  labels: readonly string[],
): void {
  const exit = exitOf(low, node.body);
  const changing = changingSlots(low, node);
  const bound = node.test ? simpleBound(low, node.test, binding, changing) : null;
  const loop = low.builder.loop(
    { start, step, exit, changing },
    {
      test: (counter) => {
        low.bind(binding, { type: 'value', value: { type: 'scalar', temp: counter } });
        return node.test ? low.condition(node.test) : low.text('true', 'bool');
      },
      body: (counter) => {
        low.bind(binding, { type: 'value', value: { type: 'scalar', temp: counter } });
        iteration(low, node.body, labels, exit);
      },
    },
    low.site(node),
  );
  if (bound && !exit && step === 1) loop.end = endBefore(low, loop, bound, node);
}

/** The bound of `i < bound`, computed before the loop, if it does not change in the loop. */
function simpleBound(
  low: Lowering,
  expression: Expression,
  counter: Binding,
  changing: Set<Slot>,
): Temp | null {
  const test = bare(expression);
  if (test.type !== 'BinaryExpression' || test.operator !== '<') return null;
  const left = bare(test.left);
  if (left.type !== 'Identifier' || low.binding(left) !== counter) return null;
  return isConstantHere(low, test.right, counter, changing) ? low.scalar(test.right) : null;
}

function isConstantHere(low: Lowering, expression: Node, counter: Binding, changing: Set<Slot>): boolean {
  const node = bare(expression);
  switch (node.type) {
    case 'NumericLiteral':
      return true;
    case 'Identifier':
      return isConstantName(low, node, counter, changing);
    case 'BinaryExpression':
      return (
        ['+', '-', '*'].includes(node.operator) &&
        isConstantHere(low, node.left, counter, changing) &&
        isConstantHere(low, node.right, counter, changing)
      );
    case 'MemberExpression': {
      const object = bare(node.object);
      if (node.computed || object.type !== 'Identifier' || !isConstantName(low, object, counter, changing))
        return false;
      const value = low.binding(object) ? low.evaluate(object) : null;
      if (value?.type === 'object') {
        const { form, isParameters, typed } = rootOf(value.temp.shape!);
        return form === 'list' && (isParameters || typed !== null);
      }
      return value?.type === 'scalar' || value?.type === 'context';
    }
    default:
      return false;
  }
}

function isConstantName(low: Lowering, node: Identifier, counter: Binding, changing: Set<Slot>): boolean {
  const binding = low.binding(node);
  if (!binding || binding === counter) return false;
  if (binding.isModule) return true;
  const cell = findCell(low.frame, binding);
  return cell?.type === 'value' || (cell?.type === 'slot' && !changing.has(cell.slot));
}

function generalFor(low: Lowering, node: ForStatement, labels: readonly string[]): void {
  const { init, update } = node;
  if (init?.type === 'VariableDeclaration') {
    low.statement(init);
    const names = init.declarations.map(({ id }) => low.binding(id));
    if (init.kind === 'let' && names.some((each) => each && isCaptured(low, node, each)))
      low.refuse(init, 'a function captures the variable of a loop');
  } else if (init) low.evaluate(init);
  const test = node.test ?? null;
  whileLoop(low, node, test, (exit) => {
    iteration(low, node.body, labels, exit);
    if (update) unless(low, exit, node, () => void low.evaluate(update));
  });
}

function isCaptured(low: Lowering, loop: Node, binding: Binding): boolean {
  let captured = false;
  walk(loop, (node) => {
    if (isFunction(node))
      walk(node, (inner) => {
        captured ||= inner.type === 'Identifier' && low.binding(inner) === binding;
        return true;
      });
    return true;
  });
  return captured;
}

function whileLoop(
  low: Lowering,
  node: LoopStatement,
  test: Node | null,
  body: (exit: Slot | null) => void,
): void {
  const always = low.text('true', 'bool');
  if (!test || !changesSomething(test)) {
    const exit = exitOf(low, node.body);
    repeat(
      low,
      node,
      () => (test ? low.condition(test) : always),
      exit,
      () => body(exit),
    );
    return;
  }
  // A condition with side effects is part of the reverse sweep.
  const exit = low.builder.slot(low.text('false', 'bool'), node);
  repeat(
    low,
    node,
    () => always,
    exit,
    () => {
      low.builder.branch(
        low.condition(test),
        () => body(exit),
        () => low.builder.write(exit, always),
      );
    },
  );
}

function changesSomething(test: Node): boolean {
  let changes = false;
  walk(test, ({ type }) => {
    changes ||= type === 'AssignmentExpression' || type === 'UpdateExpression';
    return true;
  });
  return changes;
}

function repeat(
  low: Lowering,
  node: Node,
  test: () => Temp,
  exit: Slot | null,
  body: () => void,
  changing: readonly Slot[] = [],
): void {
  low.builder.loop(
    { start: low.builder.number(0), step: 1, exit, changing: [...changing, ...changingSlots(low, node)] },
    { test, body },
    low.site(node),
  );
}

function iteration(low: Lowering, body: Node, labels: readonly string[], exit: Slot | null): void {
  low.regions.push({ type: 'loop', labels, exit }, { type: 'iteration', labels });
  try {
    low.statements([body]);
  } finally {
    low.regions.pop();
    low.regions.pop();
  }
}

function unless(low: Lowering, flag: Slot | null, node: Node, work: () => void): void {
  if (!flag) {
    work();
    return;
  }
  low.builder.branch(low.builder.read(flag, low.site(node)), () => {}, work);
}

/** A flag for a loop that its body may leave. */
function exitOf(low: Lowering, body: Node): Slot | null {
  let leaves = false;
  walk(body, (node) => {
    leaves ||=
      node.type === 'BreakStatement' ||
      node.type === 'ReturnStatement' ||
      (node.type === 'ContinueStatement' && node.label != null);
    return !isFunction(node);
  });
  return leaves ? low.builder.slot(low.text('false', 'bool'), body) : null;
}
