import type { OperationName } from '../../rules';
import type { Site } from '../../sites';
import type { Block, Branch, Loop, ObjectForm, Op, Slot, Statement, Store, Temp } from '../ir';
import { contentsOf, isNothing, isWithin } from '../ir';
import type { TempKind } from '../shapes';
import { cellOf, newShape, type Origin, rootOf, type Shape, unite } from '../shapes';
import { Refused } from '../unsupported';
import type { Hints } from './hints';

/** The engine does not optimize longer generated code. */
const mostTemps = 6000;

const changedLiteral = 'literal';

const nowhere: Site = { file: '', from: 0, to: 0 };

/**
 * Appends statements. Tracks computed values, and the contents of slots where they are certain, so that
 * nothing is computed or read twice.
 */
export class Builder {
  readonly temps: Temp[] = [];
  readonly slots: Slot[] = [];
  /** Cells whose contents were read only once because they do not change. */
  readonly #fixed: { readonly shape: Shape; readonly key: string }[] = [];
  readonly #hints: Hints;
  readonly root: Block = { parent: null, loop: null, statements: [] };
  usesRandom = false;
  /** Whether a statement is missing, because a hint for it was missing. */
  mustRepeat = false;
  #block: Block = this.root;
  #computed = new Map<string, Temp>();
  #held = new Map<Slot, Temp>();
  /** The slots that each enclosing loop may write, innermost loop last. */
  readonly #written: Set<Slot>[] = [];
  #loops = 0;

  constructor(hints: Hints) {
    this.#hints = hints;
  }

  get block(): Block {
    return this.#block;
  }

  /** Literal data of the loss, hoisted out of the function, with the places where they are written. */
  readonly literals = new Map<Temp, Origin>();
  readonly #adopted: { readonly shape: Shape; readonly literal: Origin }[] = [];

  /** Whether a place in the source writes data that are changed, so that each evaluation makes them. */
  isChangedLiteral(origin: Origin): boolean {
    return this.#hints.isReference(origin, changedLiteral);
  }

  /** Data are changed: literal data must be made by each evaluation. Otherwise nothing happens. */
  changesData(data: Temp, site: Site): void {
    const literal = this.#literalOf(data);
    if (!literal) return;
    this.#hints.addReference(literal, changedLiteral);
    this.#repeat(site);
  }

  /** The literal that a value is a part of. */
  #literalOf(temp: Temp): Origin | null {
    const { op } = temp;
    if (op.type === 'plain' && op.isPure && op.args[0]) return this.#literalOf(op.args[0]);
    return this.literals.get(temp) ?? null;
  }

  text(text: string, kind: TempKind = 'any'): Temp {
    const key = `text ${kind} ${text}`;
    const known = this.#texts.get(key);
    if (known) return known;
    const temp = this.#temp({ type: 'text', text }, kind, nowhere, null);
    this.#texts.set(key, temp);
    return temp;
  }
  readonly #texts = new Map<string, Temp>();

  number(value: number): Temp {
    const text =
      Object.is(value, -0) || value < 0 ? `(${Object.is(value, -0) ? '-0' : value})` : String(value);
    return this.text(text, Number.isSafeInteger(value) ? 'int' : 'num');
  }

  plain(
    parts: readonly string[],
    args: readonly Temp[],
    { kind, site, onActive = 'refuse' }: { kind: TempKind; site: Site; onActive?: 'inactive' | 'refuse' },
  ): Temp {
    const key = `plain ${parts.join('\0')} ${ids(args)}`;
    return this.#once(key, { type: 'plain', parts, args, isPure: true, onActive }, kind, site);
  }

  /** Appends an expression with side effects, which must not be evaluated twice. */
  impure(parts: readonly string[], kind: TempKind, site: Site): Temp {
    return this.#define({ type: 'plain', parts, args: [], isPure: false, onActive: 'refuse' }, kind, site);
  }

  rule(name: OperationName, args: readonly Temp[], site: Site): Temp {
    return this.#once(
      `rule ${name} ${ids(args)}`,
      { type: 'rule', name, args },
      kindOfRule(name, args),
      site,
    );
  }

  /** The content of a cell. If nothing changes the cell, it is read once, or not at all. */
  load(object: Temp, key: string, index: Temp | null, site: Site): Temp {
    const shape = rootOf(object.shape!);
    const cell = cellOf(shape, key);
    const { origins } = shape;
    cell.content ??= [...origins].some((origin) => this.#hints.isReference(origin, key))
      ? newShape(originOf(site, key))
      : 'scalar';
    const inner = cell.content === 'scalar' ? null : cell.content;
    const op = { type: 'load', object, key, index } as const;
    if (object.op.type === 'make' && object.op.form.type === 'parameters')
      return this.#once(`load ${object.id} ${index!.id}`, op, 'num', site);
    if (this.#hints.isChanged(shape, key)) return this.#define(op, 'any', site, inner);
    this.#fixed.push({ shape, key });
    return (
      this.#madeOf(object, key, index) ??
      this.#once(`load ${object.id} ${key} ${index?.id}`, op, 'any', site, inner)
    );
  }

  /** Remembers that all fields of a record were copied: both must be known to have the same ones. */
  copiesFields({ shape: from }: Temp, { shape: to }: Temp, count: number): void {
    this.#copies.push({ from: from!, to: to!, count });
  }
  readonly #copies: { readonly from: Shape; readonly to: Shape; readonly count: number }[] = [];

  /** What an object was made with, if that is known. */
  #madeOf({ op }: Temp, key: string, index: Temp | null): Temp | null {
    if (op.type !== 'make') return null;
    if (op.form.type === 'record') return op.form.fields.get(key) ?? null;
    if (op.form.type !== 'list' || index?.op.type !== 'text') return null;
    return op.form.items[Number(index.op.text)] ?? null;
  }

  /** Adds what this lowering assumed wrongly to the hints. */
  checkFixed(): void {
    for (const { shape, key } of this.#fixed)
      if (cellOf(shape, key).isStored) this.#hints.addChanged(shape, key);
    for (const { shape, literal } of this.#adopted)
      if (isChanged(shape)) this.#hints.addReference(literal, changedLiteral);
    for (const { from, to, count } of this.#copies) {
      const { cells } = rootOf(from);
      for (const key of rootOf(to).cells.keys()) cellOf(from, key);
      if (cells.size !== count) this.#hints.addFields(from);
    }
  }

  length(object: Temp, site: Site): Temp {
    const shape = rootOf(object.shape!);
    const op = { type: 'length', object } as const;
    if (shape.isParameters || shape.typed) return this.#once(`length ${object.id}`, op, 'int', site);
    return this.#define(op, 'int', site);
  }

  slot(initial: Temp, owner: object): Slot {
    const isReference = initial.shape !== null || this.#hints.isReference(owner);
    const slot: Slot = {
      id: this.slots.length,
      block: this.#block,
      owner,
      shape: isReference ? newShape(owner) : null,
      kind: 'any',
      isActive: false,
    };
    this.slots.push(slot);
    this.push({ type: 'slot', slot });
    this.write(slot, initial);
    return slot;
  }

  read(slot: Slot, site: Site): Temp {
    const held = this.#held.get(slot);
    if (held) return held;
    const temp = this.#define({ type: 'read', slot }, 'any', site, slot.shape);
    this.#held.set(slot, temp);
    return temp;
  }

  write(slot: Slot, written: Temp, site = written.site): void {
    let value = written;
    if (slot.shape) value = this.as(slot.shape, written, site);
    else if (written.shape) {
      this.#hints.addReference(slot.owner);
      this.#repeat(site);
    }
    this.push({ type: 'write', slot, value });
    this.#held.set(slot, value);
    for (const each of this.#written) each.add(slot);
  }

  /** A value as an object of a shape: united with it, or adopted if it is data. */
  as(shape: Shape, value: Temp, site: Site): Temp {
    if (!value.shape) return this.#define(this.#adoption(shape, value), 'any', site, shape);
    this.unite(shape, value.shape, site);
    return value;
  }

  #adoption(shape: Shape, data: Temp): Op {
    if (!isNothing(data)) rootOf(shape).isAdopted = true;
    const literal = this.#literalOf(data);
    if (literal) this.#adopted.push({ shape, literal });
    return { type: 'adopt', data };
  }

  unite(first: Shape, second: Shape, site: Site): void {
    const conflict = unite(first, second);
    if (!conflict) return;
    if (conflict.type === 'kind') throw refusal(site, conflict.message);
    this.#hints.addConflict(conflict);
    this.#repeat(site);
  }

  /** Ends the lowering of a statement. The loss must be lowered again, with the hint that was just added. */
  #repeat(site: Site): never {
    this.mustRepeat = true;
    throw new Refused({ ...site, message: '' }, true);
  }

  /** Makes an object. Its contents must be values that exist at run time. */
  make(form: ObjectForm, origin: Origin, site: Site): Temp {
    const shape = newShape(origin, form.type === 'record' ? 'record' : 'list');
    if (form.type === 'typed') shape.typed = form.constructor;
    if (form.type === 'parameters') shape.isParameters = true;
    for (const name of this.#hints.fieldsOf(origin)) cellOf(shape, name);
    const adopted = new Map<Temp, Temp>();
    for (const { key, value } of contentsOf(form)) {
      const held = this.#contain(shape, key, value, site);
      if (held !== value) adopted.set(value, held);
    }
    const op: Op = { type: 'make', form: replaced(form, adopted) };
    return this.#define(op, 'any', site, shape);
  }

  #contain(shape: Shape, key: string, value: Temp, site: Site): Temp {
    const cell = cellOf(shape, key);
    const { origins } = rootOf(shape);
    if (cell.content === null && [...origins].some((origin) => this.#hints.isReference(origin, key)))
      cell.content = newShape(originOf(site, key));
    if (cell.content !== null && cell.content !== 'scalar') return this.as(cell.content, value, site);
    if (!value.shape) {
      cell.content = 'scalar';
      return value;
    }
    if (cell.content === 'scalar') {
      this.#hints.addConflict({ type: 'content', origins: [...origins], key });
      this.#repeat(site);
    }
    cell.content = value.shape;
    return value;
  }

  store(store: Omit<Store, 'type'>): void {
    const { object, key, isInitial } = store;
    const value = this.#contain(object.shape!, key, store.value, store.site);
    if (!isInitial) cellOf(object.shape!, key).isStored = true;
    this.push({ type: 'store', ...store, value });
  }

  push(statement: Statement): void {
    this.#block.statements.push(statement);
  }

  /**
   * Both branches start with the slot contents known before them. Afterwards only contents that are the same
   * in both remain known.
   */
  branch(condition: Temp, then: () => void, otherwise: () => void): Branch {
    const before = new Map(this.#held);
    const branch: Branch = {
      condition,
      yes: this.#inside(this.#block.loop, then),
      no: { parent: this.#block, loop: this.#block.loop, statements: [] },
      phis: [],
    };
    const afterThen = this.#held;
    this.#held = before;
    const withElse: Branch = { ...branch, no: this.#inside(this.#block.loop, otherwise) };
    this.#held = new Map([...this.#held].filter(([slot, temp]) => afterThen.get(slot) === temp));
    this.push({ type: 'branch', branch: withElse });
    return withElse;
  }

  phi(branch: Branch, then: Temp, otherwise: Temp, site: Site): Temp {
    if (then === otherwise) return then;
    const shape = then.shape ?? otherwise.shape;
    const side = (value: Temp, block: Block): Temp => {
      if (!shape) return value;
      if (value.shape) {
        this.unite(shape, value.shape, site);
        return value;
      }
      const temp = this.#temp(this.#adoption(shape, value), 'any', site, block, shape);
      block.statements.push({ type: 'define', temp });
      return temp;
    };
    const yes = side(then, branch.yes);
    const no = side(otherwise, branch.no);
    const temp = this.#temp(
      { type: 'phi', yes, no, branch },
      joinKinds(then.kind, otherwise.kind),
      site,
      this.#block,
      shape,
    );
    branch.phis.push(temp);
    return temp;
  }

  /**
   * @param changing  every slot that the loop may write
   * @param parts     the code before each iteration, which computes the condition, and the body
   */
  loop(
    {
      start,
      step,
      exit,
      changing,
    }: { start: Temp; step: number; exit: Slot | null; changing: Iterable<Slot> },
    parts: { test: (counter: Temp) => Temp; body: (counter: Temp) => void },
    site: Site,
  ): Loop {
    const outer = this.#block;
    const none = { parent: outer, loop: null, statements: [] };
    const zero = this.number(0);
    const loop: Loop = {
      id: this.#loops++,
      start,
      step,
      outer,
      counter: zero,
      test: none,
      condition: zero,
      body: none,
      exit,
      end: zero,
    };
    for (const slot of exit ? [exit, ...changing] : changing) this.#held.delete(slot);
    const before = new Map(this.#held);
    const written = new Set<Slot>();
    this.#written.push(written);
    loop.test = this.#inside(loop, () => {
      loop.counter = this.#temp({ type: 'counter', loop }, 'int', site, this.#block);
      loop.condition = parts.test(loop.counter);
    });
    if (changesOutside(loop.test, loop.test))
      throw refusal(site, 'the condition of a loop changes a variable or an array');
    this.#held = new Map(before);
    written.clear();
    loop.body = this.#inside(loop, () => parts.body(loop.counter), loop.test);
    this.#written.pop();
    for (const slot of written) {
      if (before.has(slot)) throw refusal(site, 'a loop changes a variable in a way that is not understood');
      before.delete(slot);
    }
    this.#held = before;
    this.push({ type: 'loop', loop });
    loop.end = this.#temp({ type: 'end', loop }, 'int', site, outer);
    return loop;
  }

  #inside(loop: Loop | null, write: () => void, parent = this.#block): Block {
    const block: Block = { parent, loop, statements: [] };
    const outer = this.#block;
    const computed = this.#computed;
    this.#block = block;
    this.#computed = new Map(computed);
    try {
      write();
    } finally {
      this.#block = outer;
      this.#computed = computed;
    }
    return block;
  }

  #once(key: string, op: Op, kind: TempKind, site: Site, shape: Shape | null = null): Temp {
    const known = this.#computed.get(key);
    if (known) return known;
    const temp = this.#define(op, kind, site, shape);
    this.#computed.set(key, temp);
    return temp;
  }

  #define(op: Op, kind: TempKind, site: Site, shape: Shape | null = null): Temp {
    const temp = this.#temp(op, kind, site, this.#block, shape);
    this.push({ type: 'define', temp });
    return temp;
  }

  #temp(op: Op, kind: TempKind, site: Site, block: Block | null, shape: Shape | null = null): Temp {
    if (this.temps.length >= mostTemps)
      throw refusal(site, 'the loss, with all calls carried out in their places, is too large');
    const temp: Temp = { id: this.temps.length, op, site, block, kind, isActive: false, shape };
    this.temps.push(temp);
    return temp;
  }

  /** Whether a value is in scope in the current block. */
  sees(temp: Temp): boolean {
    return temp.block === null || isWithin(this.#block, temp.block);
  }
}

/** Whether a block changes variables or arrays that were defined before it. */
function changesOutside(block: Block, outer: Block): boolean {
  return block.statements.some((statement) => {
    switch (statement.type) {
      case 'write':
        return !isWithin(statement.slot.block, outer);
      case 'store':
        return !(statement.object.op.type === 'make' && isWithin(statement.object.block!, outer));
      case 'branch':
        return changesOutside(statement.branch.yes, outer) || changesOutside(statement.branch.no, outer);
      case 'loop':
        return changesOutside(statement.loop.test, outer) || changesOutside(statement.loop.body, outer);
      default:
        return false;
    }
  });
}

/** Whether objects of a shape, or objects in them, are changed. */
function isChanged(shape: Shape, within: ReadonlySet<Shape> = new Set()): boolean {
  const root = rootOf(shape);
  if (within.has(root)) return false;
  const inner = new Set([...within, root]);
  return [...root.cells.values()].some(
    ({ content, isStored }) =>
      isStored || (content !== null && content !== 'scalar' && isChanged(content, inner)),
  );
}

function originOf({ file, from, to }: Site, key: string): Origin {
  return `${file} ${from} ${to} ${key}`;
}

function replaced(form: ObjectForm, by: ReadonlyMap<Temp, Temp>): ObjectForm {
  if (by.size === 0) return form;
  const now = (temp: Temp) => by.get(temp) ?? temp;
  switch (form.type) {
    case 'list':
      return { ...form, items: form.items.map(now) };
    case 'sized':
      return { ...form, fill: form.fill && now(form.fill) };
    case 'record':
      return { ...form, fields: new Map([...form.fields].map(([name, temp]) => [name, now(temp)])) };
    default:
      return form;
  }
}

function refusal(site: Site, message: string): Refused {
  return new Refused({ ...site, message });
}

const ids = (args: readonly Temp[]) => args.map(({ id }) => id).join(' ');

export function joinKinds(a: TempKind, b: TempKind): TempKind {
  if (a === b) return a;
  return a === 'any' || b === 'any' ? 'any' : 'num';
}

const whole = new Set<OperationName>(['floor', 'ceil', 'round', 'trunc', 'sign', 'imul', 'clz32']);
const wholeOfWhole = new Set<OperationName>(['add', 'sub', 'mul', 'mod', 'neg', 'abs', 'max', 'min']);

/** `+` may concatenate text; every other operation gives a number. */
export function kindOfRule(name: OperationName, args: readonly { readonly kind: TempKind }[]): TempKind {
  if (name === 'add' && args.some(({ kind }) => kind === 'any')) return 'any';
  if (whole.has(name)) return 'int';
  return wholeOfWhole.has(name) && args.every(({ kind }) => kind === 'int') ? 'int' : 'num';
}
