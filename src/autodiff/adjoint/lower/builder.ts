import type { OperationName } from '../../rules';
import type { Site } from '../../sites';
import type { ArrayForm, Block, Branch, LocalArray, Loop, Op, Slot, Statement, Temp, TempKind } from '../ir';
import { isWithin } from '../ir';
import { Refused } from '../unsupported';

/** The engine does not optimize longer generated code. */
const mostTemps = 6000;

const nowhere: Site = { file: '', from: 0, to: 0 };

/**
 * Appends statements. Tracks computed values, and the contents of slots where they are certain, so that
 * nothing is computed or read twice.
 */
export class Builder {
  readonly temps: Temp[] = [];
  readonly slots: Slot[] = [];
  readonly arrays: LocalArray[] = [];
  readonly root: Block = { parent: null, loop: null, statements: [] };
  usesRandom = false;
  #block: Block = this.root;
  #computed = new Map<string, Temp>();
  #held = new Map<Slot, Temp>();
  /** The slots that each enclosing loop may write, innermost loop last. */
  readonly #written: Set<Slot>[] = [];
  #loops = 0;

  get block(): Block {
    return this.#block;
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

  load(array: LocalArray, index: Temp, site: Site): Temp {
    const op = { type: 'load', array, index } as const;
    if (array.form.type === 'parameters') return this.#once(`load ${index.id}`, op, 'num', site);
    return this.#define(op, 'any', site);
  }

  length(array: LocalArray, site: Site): Temp {
    const op = { type: 'length', array } as const;
    if (array.form.type === 'parameters' || array.form.type === 'typed')
      return this.#once(`length ${array.id}`, op, 'int', site);
    return this.#define(op, 'int', site);
  }

  slot(initial: Temp): Slot {
    const slot: Slot = { id: this.slots.length, block: this.#block, kind: 'any', isActive: false };
    this.slots.push(slot);
    this.push({ type: 'slot', slot });
    this.write(slot, initial);
    return slot;
  }

  read(slot: Slot, site: Site): Temp {
    const held = this.#held.get(slot);
    if (held) return held;
    const temp = this.#define({ type: 'read', slot }, 'any', site);
    this.#held.set(slot, temp);
    return temp;
  }

  write(slot: Slot, value: Temp): void {
    this.push({ type: 'write', slot, value });
    this.#held.set(slot, value);
    for (const written of this.#written) written.add(slot);
  }

  array(form: ArrayForm, site: Site): LocalArray {
    const array: LocalArray = {
      id: this.arrays.length,
      form,
      block: this.#block,
      site,
      kind: 'any',
      isActive: form.type === 'parameters',
      grows: false,
    };
    this.arrays.push(array);
    if (form.type !== 'parameters') this.push({ type: 'array', array });
    return array;
  }

  store(array: LocalArray, index: Temp, value: Temp, operator: '=' | '+=' | '-=', site: Site): void {
    this.push({ type: 'store', array, index, value, operator, site });
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
    const temp = this.#temp(
      { type: 'phi', yes: then, no: otherwise, branch },
      joinKinds(then.kind, otherwise.kind),
      site,
      this.#block,
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

  #once(key: string, op: Op, kind: TempKind, site: Site): Temp {
    const known = this.#computed.get(key);
    if (known) return known;
    const temp = this.#define(op, kind, site);
    this.#computed.set(key, temp);
    return temp;
  }

  #define(op: Op, kind: TempKind, site: Site): Temp {
    const temp = this.#temp(op, kind, site, this.#block);
    this.push({ type: 'define', temp });
    return temp;
  }

  #temp(op: Op, kind: TempKind, site: Site, block: Block | null): Temp {
    if (this.temps.length >= mostTemps)
      throw refusal(site, 'the loss, with all calls carried out in their places, is too large');
    const temp: Temp = { id: this.temps.length, op, site, block, kind, isActive: false };
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
        return !isWithin(statement.array.block, outer);
      case 'branch':
        return changesOutside(statement.branch.yes, outer) || changesOutside(statement.branch.no, outer);
      case 'loop':
        return changesOutside(statement.loop.test, outer) || changesOutside(statement.loop.body, outer);
      default:
        return false;
    }
  });
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
