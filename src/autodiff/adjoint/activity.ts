import { rules } from '../rules';
import type { Block, LocalArray, Program, Slot, Temp, TempKind } from './ir';
import { joinKinds, kindOfRule } from './lower/builder';
import type { Unsupported } from './unsupported';

const wholeArrays = /^(?:Big)?(?:Int|Uint)/;

/**
 * Activity analysis: finds the values that may have a nonzero derivative with respect to the parameters. Only
 * they get adjoints. A slot or an array is active if any value written to it is active.
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
  readonly stores: { readonly array: LocalArray; readonly index: Temp; readonly value: Temp }[];
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

function spread({ temps, arrays }: Program, { writes, stores }: Facts): void {
  for (let changed = true; changed; ) {
    changed = false;
    const mark = (what: { isActive: boolean }) => {
      changed ||= !what.isActive;
      what.isActive = true;
    };
    for (const temp of temps) if (isActiveOp(temp)) mark(temp);
    for (const { slot, value } of writes) if (value.isActive) mark(slot);
    for (const { array, value } of stores) if (value.isActive) mark(array);
    for (const array of arrays) if (initialItems(array).some(({ isActive }) => isActive)) mark(array);
  }
}

function isActiveOp({ op }: Temp): boolean {
  switch (op.type) {
    case 'rule':
      return op.args.some(({ isActive }) => isActive) && rules[op.name].partials.some((text) => text !== '0');
    case 'read':
      return op.slot.isActive;
    case 'load':
      return op.array.isActive;
    case 'phi':
      return op.yes.isActive || op.no.isActive;
    default:
      return false;
  }
}

export function initialItems({ form }: LocalArray): readonly Temp[] {
  if (form.type === 'list') return form.items;
  return form.type === 'sized' && form.fill ? [form.fill] : [];
}

/**
 * Determines the kinds. An active sum is always a number: the generated code refuses text operands at run
 * time.
 */
function findKinds({ temps, slots, arrays }: Program, { writes, stores }: Facts): void {
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
        return kinds.get(op.array);
      case 'phi':
        return join(kinds.get(op.yes), kinds.get(op.no));
      default:
        return temp.kind;
    }
  };
  for (const array of arrays) {
    const { form } = array;
    if (form.type === 'parameters') kinds.set(array, 'num');
    else if (form.type === 'typed') kinds.set(array, wholeArrays.test(form.constructor) ? 'int' : 'num');
  }
  while (changed) {
    changed = false;
    for (const temp of temps) widen(temp, opKind(temp));
    for (const { slot, value } of writes) widen(slot, kinds.get(value));
    for (const { array, value } of stores) if (array.form.type !== 'typed') widen(array, kinds.get(value));
    for (const array of arrays) for (const item of initialItems(array)) widen(array, kinds.get(item));
  }
  for (const each of [...temps, ...slots, ...arrays]) each.kind = kinds.get(each) ?? 'any';
}

function losses({ temps, arrays }: Program, { stores }: Facts): Unsupported[] {
  const reasons: Unsupported[] = [];
  for (const { op, site } of temps) {
    if (op.type === 'plain' && op.onActive === 'refuse' && op.args.some(({ isActive }) => isActive))
      reasons.push({ ...site, message: 'a value that depends on the parameters loses its derivative here' });
    if (op.type === 'load' && op.index.isActive)
      reasons.push({ ...site, message: 'the index depends on the parameters' });
  }
  for (const { array, index, value } of stores) {
    if (index.isActive) reasons.push({ ...index.site, message: 'the index depends on the parameters' });
    if (value.isActive && array.form.type === 'typed' && wholeArrays.test(array.form.constructor))
      reasons.push({
        ...value.site,
        message: `a ${array.form.constructor} loses the derivative of the stored value`,
      });
  }
  for (const { form, site } of arrays)
    if ('length' in form && form.length.isActive)
      reasons.push({ ...site, message: 'the length of an array depends on the parameters' });
  return reasons;
}

/** Whether the reverse sweep needs code for a statement. */
export function hasReverse(statement: Block['statements'][number]): boolean {
  switch (statement.type) {
    case 'define':
      return statement.temp.isActive;
    case 'write':
    case 'slot':
      return statement.slot.isActive;
    case 'array':
    case 'store':
      return statement.array.isActive;
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
