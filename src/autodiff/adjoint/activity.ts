import { rules } from '../rules';
import type { Site } from '../sites';
import { type Block, contentsOf, isNothing, type Program, type Slot, type Store, type Temp } from './ir';
import { joinKinds, kindOfRule } from './lower/builder';
import type { TempKind } from './shapes';
import { type Cell, cellOf, elements, rootOf, type Shape } from './shapes';
import type { Unsupported } from './unsupported';

const wholeArrays = /^(?:Big)?(?:Int|Uint)/;

/**
 * Activity analysis: finds the values that may have a nonzero derivative with respect to the parameters. Only
 * they get adjoints. A slot or a cell is active if any value written to it is active.
 *
 * @returns the places where a derivative would be lost
 */
export function analyseActivity(program: Program): Unsupported[] {
  const facts = factsOf(program.body, { writes: [], stores: [] });
  spread(program, facts);
  findKinds(program, facts);
  return losses(program, facts);
}

interface Facts {
  readonly writes: { readonly slot: Slot; readonly value: Temp }[];
  readonly stores: Store[];
}

function factsOf(block: Block, facts: Facts): Facts {
  for (const statement of block.statements) {
    if (statement.type === 'write') facts.writes.push(statement);
    else if (statement.type === 'store') facts.stores.push(statement);
    else if (statement.type === 'branch') {
      factsOf(statement.branch.yes, facts);
      factsOf(statement.branch.no, facts);
    } else if (statement.type === 'loop') {
      factsOf(statement.loop.test, facts);
      factsOf(statement.loop.body, facts);
    }
  }
  return facts;
}

function spread({ temps }: Program, { writes, stores }: Facts): void {
  for (let changed = true; changed; ) {
    changed = false;
    const mark = (what: { isActive: boolean }) => {
      changed ||= !what.isActive;
      what.isActive = true;
    };
    for (const temp of temps) {
      if (isActiveOp(temp)) mark(temp);
      const { op, shape } = temp;
      if (op.type !== 'make') continue;
      if (op.form.type === 'parameters') mark(cellOf(shape!, elements));
      for (const { key, value } of contentsOf(op.form)) if (value.isActive) mark(cellOf(shape!, key));
    }
    for (const { slot, value } of writes) if (value.isActive) mark(slot);
    for (const { object, key, value } of stores) if (value.isActive) mark(cellOf(object.shape!, key));
  }
}

function isActiveOp({ op, shape }: Temp): boolean {
  if (shape) return false;
  switch (op.type) {
    case 'rule':
      return op.args.some(({ isActive }) => isActive) && rules[op.name].partials.some((text) => text !== '0');
    case 'read':
      return op.slot.isActive;
    case 'load':
      return cellOf(op.object.shape!, op.key).isActive;
    case 'phi':
      return op.yes.isActive || op.no.isActive;
    default:
      return false;
  }
}

/**
 * Determines the kinds. An active sum is always a number: the generated code refuses text operands at run
 * time. So are the active contents of adopted data.
 */
function findKinds({ temps, slots }: Program, { writes, stores }: Facts): void {
  const kinds = new Map<object, TempKind>();
  const join = (a: TempKind | undefined, b: TempKind | undefined) => (a && b ? joinKinds(a, b) : (a ?? b));
  let changed = true;
  const widen = (what: object, kind: TempKind | undefined) => {
    const joined = join(kinds.get(what), kind);
    if (!joined || joined === kinds.get(what)) return;
    kinds.set(what, joined);
    changed = true;
  };
  const opKind = (temp: Temp): TempKind | undefined => {
    const { op } = temp;
    if (temp.shape) return 'any';
    switch (op.type) {
      case 'rule': {
        if (op.name === 'add' && temp.isActive) return 'num';
        const args = op.args.map((arg) => kinds.get(arg));
        if (args.some((kind) => !kind)) return undefined;
        return kindOfRule(
          op.name,
          args.map((kind) => ({ kind: kind! })),
        );
      }
      case 'read':
        return kinds.get(op.slot);
      case 'load':
        return kinds.get(cellOf(op.object.shape!, op.key));
      case 'phi':
        return join(kinds.get(op.yes), kinds.get(op.no));
      default:
        return temp.kind;
    }
  };
  const cells = allCells(temps);
  for (const { shape, cell } of cells) {
    const { isAdopted, isParameters, typed } = rootOf(shape);
    if (isParameters) kinds.set(cell, 'num');
    else if (typed) kinds.set(cell, wholeArrays.test(typed) ? 'int' : 'num');
    else if (isAdopted) kinds.set(cell, cell.isActive ? 'num' : 'any');
  }
  while (changed) {
    changed = false;
    for (const temp of temps) {
      widen(temp, opKind(temp));
      const { op, shape } = temp;
      if (op.type !== 'make' || rootOf(shape!).typed) continue;
      for (const { key, value } of contentsOf(op.form)) widen(cellOf(shape!, key), kinds.get(value));
      if (op.form.type === 'record' && op.form.spread)
        for (const [key, cell] of rootOf(shape!).cells)
          if (!op.form.fields.has(key)) widen(cell, cell.isActive ? 'num' : 'any');
    }
    for (const { slot, value } of writes) widen(slot, kinds.get(value));
    for (const { object, key, value } of stores)
      if (!rootOf(object.shape!).typed) widen(cellOf(object.shape!, key), kinds.get(value));
  }
  for (const each of [...temps, ...slots]) each.kind = kinds.get(each) ?? 'any';
  for (const { cell } of cells) cell.kind = kinds.get(cell) ?? 'any';
}

function allCells(temps: readonly Temp[]): { readonly shape: Shape; readonly cell: Cell }[] {
  const shapes = new Set(temps.flatMap(({ shape }) => (shape ? [rootOf(shape)] : [])));
  return [...shapes].flatMap((shape) => [...shape.cells.values()].map((cell) => ({ shape, cell })));
}

function losses({ temps }: Program, { stores }: Facts): Unsupported[] {
  const reasons: Unsupported[] = [];
  const lost = 'a value that depends on the parameters loses its derivative here';
  const indexed = 'the index depends on the parameters';
  for (const { op, site, shape } of temps) {
    if (op.type === 'plain' && op.onActive === 'refuse' && op.args.some(({ isActive }) => isActive))
      reasons.push({ ...site, message: lost });
    if (op.type === 'plain' && op.args.filter((arg) => arg.shape && rootOf(arg.shape).isCopied).length > 1)
      reasons.push({ ...site, message: 'copies of one object are compared' });
    if (op.type === 'adopt' && op.data.isActive) reasons.push({ ...site, message: lost });
    if (op.type === 'load' && op.index?.isActive) reasons.push({ ...site, message: indexed });
    if (op.type === 'make' && 'length' in op.form && op.form.length.isActive)
      reasons.push({ ...site, message: 'the length of an array depends on the parameters' });
    if (op.type === 'adopt' || (op.type === 'make' && op.form.type === 'record' && op.form.spread))
      reasons.push(...adoptionLosses(op, shape!, site));
  }
  for (const { object, index, value, isInitial, site } of stores) {
    const { typed, isAdopted, isParameters, isCopied } = rootOf(object.shape!);
    if (index?.isActive) reasons.push({ ...index.site, message: indexed });
    if (value.isActive && typed && wholeArrays.test(typed))
      reasons.push({ ...value.site, message: `a ${typed} loses the derivative of the stored value` });
    if (isInitial) continue;
    if (isParameters || isCopied)
      reasons.push({ ...site, message: 'the loss changes its parameters, or an object with functions' });
    if (isAdopted) reasons.push({ ...site, message: 'data that outlive the evaluation may be changed' });
  }
  return reasons;
}

/** Data are adopted with shapes that end; copies of data hold no objects with derivatives. */
function adoptionLosses(op: Temp['op'], shape: Shape, site: Site): Unsupported[] {
  if (op.type === 'adopt')
    return !isNothing(op.data) && isRecursive(shape, new Set())
      ? [{ ...site, message: 'data of unlimited depth are used' }]
      : [];
  if (op.type !== 'make' || op.form.type !== 'record') return [];
  const { fields } = op.form;
  const inner = [...rootOf(shape).cells].filter(([key]) => !fields.has(key));
  return inner.some(([, { content }]) => content !== null && content !== 'scalar')
    ? [{ ...site, message: 'objects in a copy of data are used' }]
    : [];
}

function isRecursive(shape: Shape, within: ReadonlySet<Shape>): boolean {
  const root = rootOf(shape);
  if (within.has(root)) return true;
  const inner = new Set([...within, root]);
  return [...root.cells.values()].some(
    ({ content }) => content !== null && content !== 'scalar' && isRecursive(content, inner),
  );
}

/** Whether the reverse sweep needs code for a statement. */
export function hasReverse(statement: Block['statements'][number]): boolean {
  switch (statement.type) {
    case 'define':
      return statement.temp.isActive || hasActiveContents(statement.temp);
    case 'write':
    case 'slot':
      return statement.slot.isActive;
    case 'store':
      return !statement.value.shape && cellOf(statement.object.shape!, statement.key).isActive;
    case 'branch': {
      const { yes, no, phis } = statement.branch;
      return (
        phis.some(({ isActive }) => isActive) ||
        yes.statements.some(hasReverse) ||
        no.statements.some(hasReverse)
      );
    }
    case 'loop':
      return statement.loop.body.statements.some(hasReverse);
    case 'throw':
      return false;
  }
}

function hasActiveContents({ op }: Temp): boolean {
  return op.type === 'make' && contentsOf(op.form).some(({ value }) => value.isActive);
}
