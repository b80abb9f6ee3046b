import {
  argumentsOf,
  type Block,
  type Branch,
  type Loop,
  type Program,
  type Slot,
  type Store,
  type Temp,
} from '../ir';
import type { Adoption } from './adoption';
import type { Names } from './expressions';
import type { Lines } from './lines';
import type { Shadows } from './shadows';

/** Emits code in addition to the values: the stack for the reverse sweep, or tangents. */
export interface Companion {
  /** The adjoints or tangents of objects. */
  readonly shadows: Shadows;
  /** Values that are used outside of the block that defines them. */
  isHoisted(temp: Temp): boolean;
  isShadowHoisted(temp: Temp): boolean;
  defined(temp: Temp): void;
  slotMade(slot: Slot): void;
  written(slot: Slot, value: Temp): void;
  stored(statement: Store): void;
  beforeBranch(branch: Branch): void;
  sideEnded(branch: Branch, side: 'yes' | 'no'): void;
  blockEnded(block: Block): void;
  around(loop: Loop, write: () => void): void;
  bodyStarts(loop: Loop): void;
  bodyEnded(loop: Loop): void;
}

/** Emits the statements of the loss in the order of execution. */
export class ForwardSweep {
  readonly #names: Names;
  readonly #lines: Lines;
  readonly #companion: Companion;
  readonly #adoption: Adoption;
  readonly #used: ReadonlySet<Temp>;

  constructor(
    program: Program,
    names: Names,
    lines: Lines,
    companion: Companion,
    adoption: Adoption,
    kept: Iterable<Temp>,
  ) {
    this.#adoption = adoption;
    this.#names = names;
    this.#lines = lines;
    this.#companion = companion;
    this.#used = usedTemps(program, kept);
  }

  block(block: Block): void {
    for (const statement of block.statements) this.#statement(statement);
    this.#companion.blockEnded(block);
  }

  #statement(statement: Block['statements'][number]): void {
    const names = this.#names;
    switch (statement.type) {
      case 'define':
        this.#define(statement.temp);
        return;
      case 'slot':
        this.#lines.add(`let ${names.slot(statement.slot)};`);
        if (statement.slot.shape) this.#companion.shadows.declareSlot(statement.slot);
        this.#companion.slotMade(statement.slot);
        return;
      case 'write':
        this.#lines.add(`${names.slot(statement.slot)} = ${names.value(statement.value)};`);
        if (statement.slot.shape) this.#companion.shadows.write(statement.slot, statement.value);
        this.#companion.written(statement.slot, statement.value);
        return;
      case 'store': {
        const { object, key, index, value, operator } = statement;
        const place = names.member(names.value(object), key, index);
        this.#lines.add(`${place} ${operator} ${names.value(value)};`);
        this.#companion.shadows.store(statement);
        this.#companion.stored(statement);
        return;
      }
      case 'branch':
        this.#branch(statement.branch);
        return;
      case 'loop':
        this.#loop(statement.loop);
        return;
      case 'throw':
        this.#lines.add(`throw ${names.value(statement.value)};`);
    }
  }

  #define(temp: Temp): void {
    if (!this.#used.has(temp) || this.#names.value(temp) === `${this.#names.prefix}params`) return;
    const keyword = this.#companion.isHoisted(temp) ? '' : 'const ';
    this.#lines.add(
      `${keyword}${this.#names.value(temp)} = ${this.#names.expression(temp, this.#adoption)};`,
    );
    if (temp.shape) this.#companion.shadows.define(temp, this.#companion.isShadowHoisted(temp));
    this.#companion.defined(temp);
  }

  #branch(branch: Branch): void {
    const names = this.#names;
    for (const phi of branch.phis)
      if (!this.#companion.isHoisted(phi)) this.#lines.add(`let ${names.value(phi)};`);
    for (const phi of branch.phis)
      if (phi.shape && !this.#companion.isShadowHoisted(phi)) this.#companion.shadows.declare(phi);
    this.#companion.beforeBranch(branch);
    const side = (which: 'yes' | 'no') => {
      this.block(branch[which]);
      for (const phi of branch.phis)
        if (phi.op.type === 'phi') this.#lines.add(`${names.value(phi)} = ${names.value(phi.op[which])};`);
      for (const phi of branch.phis)
        if (phi.op.type === 'phi' && phi.shape) this.#companion.shadows.copy(phi, phi.op[which]);
      this.#companion.sideEnded(branch, which);
    };
    const hasElse = branch.no.statements.length > 0 || branch.phis.length > 0;
    this.#lines.block(
      `if (${names.value(branch.condition)}) {`,
      () => side('yes'),
      hasElse ? '} else {' : '}',
    );
    if (hasElse) this.#lines.block('', () => side('no'));
  }

  #loop(loop: Loop): void {
    const { counter, start, step, condition, test, body, exit, end } = loop;
    const names = this.#names;
    const name = names.value(counter);
    const asksEnd = end.op.type === 'end' && this.#used.has(end);
    if (asksEnd) this.#lines.add(`let ${name} = ${names.value(start)};`);
    const first = asksEnd ? '' : `let ${name} = ${names.value(start)}`;
    const [only, ...more] = test.statements;
    const isShort = only?.type === 'define' && only.temp === condition && more.length === 0;
    const advance = `${name} += ${step}`;
    this.#companion.around(loop, () =>
      this.#lines.block(`for (${first}; ${isShort ? names.expression(condition) : ''}; ${advance}) {`, () => {
        if (!isShort) {
          this.block(test);
          this.#lines.add(`if (!${names.value(condition)}) break;`);
        }
        this.#companion.bodyStarts(loop);
        this.block(body);
        this.#companion.bodyEnded(loop);
        if (exit) this.#lines.add(`if (${names.slot(exit)}) { ${advance}; break; }`);
      }),
    );
    if (asksEnd) {
      const keyword = this.#companion.isHoisted(end) ? '' : 'const ';
      this.#lines.add(`${keyword}${names.value(end)} = ${name};`);
    }
  }
}

/** The values that the statements use or that must be kept; others need not be computed. */
function usedTemps({ body, result }: Program, kept: Iterable<Temp>): Set<Temp> {
  const used = new Set<Temp>();
  const use = (temp: Temp): void => {
    if (used.has(temp)) return;
    used.add(temp);
    if (temp.op.type !== 'phi') argumentsOf(temp).forEach(use);
  };
  const visit = (block: Block): void => {
    for (const statement of block.statements) {
      switch (statement.type) {
        case 'define':
          if (statement.temp.op.type === 'plain' && !statement.temp.op.isPure) use(statement.temp);
          break;
        case 'write':
        case 'throw':
          use(statement.value);
          break;
        case 'store':
          use(statement.object);
          if (statement.index) use(statement.index);
          use(statement.value);
          break;
        case 'branch': {
          const { condition, yes, no, phis } = statement.branch;
          use(condition);
          visit(yes);
          visit(no);
          for (const { op } of phis)
            if (op.type === 'phi') {
              use(op.yes);
              use(op.no);
            }
          break;
        }
        case 'loop':
          use(statement.loop.start);
          visit(statement.loop.test);
          use(statement.loop.condition);
          visit(statement.loop.body);
      }
    }
  };
  visit(body);
  use(result);
  for (const temp of kept) use(temp);
  return used;
}
