import { hasReverse } from '../activity';
import type { Fusion } from '../fusion';
import {
  type Block,
  type Branch,
  contentsOf,
  isWithin,
  type Loop,
  type Program,
  type Slot,
  type Store,
  type Temp,
} from '../ir';
import type { Residuals } from '../residuals';
import { rootOf } from '../shapes';
import type { Names } from './expressions';
import type { Lines } from './lines';
import type { Shadows } from './shadows';

/**
 * Emits the reverse sweep. From the last statement of the loss to the first, it adds the adjoint of each
 * result to its operands.
 */
export class ReverseSweep {
  readonly #names: Names;
  readonly #lines: Lines;
  readonly #shadows: Shadows;
  readonly #residuals: Residuals;
  /** An adjoint of 0 is never multiplied, so that 0·∞ is not computed. */
  readonly #isGuarded: boolean;
  readonly #result: Temp;
  /** Adjoints that inner blocks contribute to. They must be declared before those blocks. */
  readonly #early: ReadonlyMap<Block, readonly Temp[]>;
  readonly #hoisted: ReadonlyMap<Block, readonly Temp[]>;
  readonly #fusion: Fusion;
  readonly #declared = new Set<Temp>();
  /** Slots whose adjoint is certainly 0 at this point. */
  #zero = new Set<Slot>();
  #count = 0;

  constructor(
    program: Program,
    residuals: Residuals,
    fusion: Fusion,
    names: Names,
    lines: Lines,
    shadows: Shadows,
    isGuarded: boolean,
  ) {
    this.#shadows = shadows;
    this.#fusion = fusion;
    this.#names = names;
    this.#lines = lines;
    this.#residuals = residuals;
    this.#isGuarded = isGuarded;
    this.#result = program.result;
    const { early, hoisted } = earlyTemps(program, fusion, isGuarded);
    this.#early = early;
    this.#hoisted = hoisted;
    for (const temps of hoisted.values()) for (const temp of temps) this.#declared.add(temp);
  }

  /**
   * Declares the adjoints that fused loops of a block contribute to. Called before the reverse sweep of the
   * block.
   */
  declareHoisted(block: Block): void {
    const adjoints = (this.#hoisted.get(block) ?? []).map((temp) => `${this.#adjoint(temp)} = 0`);
    if (adjoints.length > 0) this.#lines.add(`let ${adjoints.join(', ')};`);
  }

  startSums(sums: ReadonlyMap<Slot, string>): void {
    const adjoints = [...sums].map(([slot, text]) => `${this.#slotAdjoint(slot)} = ${text}`);
    this.#lines.add(`let ${adjoints.join(', ')};`);
  }

  /**
   * Emits the reverse sweep of the body of a fused loop. It runs directly after the forward sweep of the same
   * iteration.
   */
  fused(body: Block): void {
    const zero = this.#zero;
    this.#zero = new Set();
    this.#block(body, () => {});
    this.#zero = zero;
  }

  program({ body }: Program): void {
    if (!this.#result.isActive) return;
    this.#block(body, () => this.#contribute(this.#result, '1'));
  }

  #block(block: Block, first: () => void): void {
    this.#restore(block);
    const adjoints = (this.#early.get(block) ?? []).map((temp) => {
      this.#declared.add(temp);
      return `${this.#adjoint(temp)} = 0`;
    });
    for (const statement of block.statements) {
      if (statement.type === 'slot' && statement.slot.isActive) {
        adjoints.push(`${this.#slotAdjoint(statement.slot)} = 0`);
        this.#zero.add(statement.slot);
      }
    }
    if (adjoints.length > 0) this.#lines.add(`let ${adjoints.join(', ')};`);
    first();
    for (const statement of [...block.statements].reverse())
      if (hasReverse(statement)) this.#statement(statement);
  }

  /**
   * Restores the values of a block that the reverse sweep needs: pops them from the stack, or computes them
   * again.
   */
  #restore(block: Block): void {
    const { stacked, again } = this.#residuals;
    const { prefix } = this.#names;
    const residuals = stacked.get(block) ?? [];
    const numbers = residuals
      .filter(({ temp, isShadow }) => !isShadow && temp.kind !== 'any')
      .map(({ temp }) => this.#names.value(temp));
    if (numbers.length > 0) {
      this.#lines.add(`${prefix}top -= ${numbers.length};`);
      const reads = numbers.map((name, k) => `${name} = ${prefix}stack[${prefix}top${k ? ` + ${k}` : ''}]`);
      this.#lines.add(`const ${reads.join(', ')};`);
    }
    const others = residuals.filter(({ temp, isShadow }) => isShadow || temp.kind === 'any');
    for (const { temp, isShadow } of others.reverse()) {
      const name = isShadow ? this.#names.shadow(temp, '') : this.#names.value(temp);
      this.#lines.add(`const ${name} = ${prefix}values.pop();`);
    }
    for (const { temp, isShadow } of again.get(block) ?? []) {
      const [name, text] = isShadow
        ? [this.#names.shadow(temp, ''), this.#shadows.text(temp, 0)]
        : [this.#names.value(temp), this.#names.expression(temp)];
      this.#lines.add(`const ${name} = ${text};`);
    }
  }

  #statement(statement: Block['statements'][number]): void {
    switch (statement.type) {
      case 'define':
        this.#define(statement.temp);
        return;
      case 'write': {
        const adjoint = this.#slotAdjoint(statement.slot);
        if (this.#zero.has(statement.slot)) return;
        this.#contribute(statement.value, adjoint);
        this.#lines.add(`${adjoint} = 0;`);
        this.#zero.add(statement.slot);
        return;
      }
      case 'store':
        this.#store(statement);
        return;
      case 'branch':
        this.#branch(statement.branch);
        return;
      case 'loop':
        this.#loop(statement.loop);
        return;
    }
  }

  #define(temp: Temp): void {
    if (temp.op.type === 'make') {
      this.#made(temp);
      return;
    }
    if (!this.#declared.has(temp)) return;
    const adjoint = this.#adjoint(temp);
    const { op } = temp;
    switch (op.type) {
      case 'read': {
        const slot = this.#slotAdjoint(op.slot);
        this.#lines.add(`${slot} ${this.#zero.has(op.slot) ? '=' : '+='} ${adjoint};`);
        this.#zero.delete(op.slot);
        return;
      }
      case 'load':
        this.#lines.add(`${this.#element(op)} += ${adjoint};`);
        return;
      case 'rule':
        for (const [k, arg] of op.args.entries())
          if (arg.isActive) this.#contribute(arg, this.#times(adjoint, this.#names.partial(temp, k)));
    }
  }

  #times(adjoint: string, partial: string): string {
    if (partial === '1') return adjoint;
    if (partial === '-1') return `-${adjoint}`;
    if (this.#isGuarded) return `${this.#names.prefix}times(${adjoint}, ${partial})`;
    return /^[\w$.]+$/.test(partial) ? `${adjoint} * ${partial}` : `${adjoint} * (${partial})`;
  }

  #contribute(temp: Temp, amount: string): void {
    if (!temp.isActive) return;
    const adjoint = this.#adjoint(temp);
    if (this.#declared.has(temp)) this.#lines.add(`${adjoint} += ${amount};`);
    else this.#lines.add(`let ${adjoint} = ${amount};`);
    this.#declared.add(temp);
  }

  /** The adjoint of an element or a field. */
  #element({ object, key, index }: Pick<Store, 'object' | 'key' | 'index'>): string {
    return this.#names.member(this.#names.shadow(object, ''), key, index);
  }

  #store(store: Store): void {
    const { value, operator } = store;
    const element = this.#element(store);
    // A typed array ignores a write beyond its end, which the gradient does not depend on.
    const read = rootOf(store.object.shape!).typed ? `(${element} ?? 0)` : element;
    if (operator !== '=') {
      this.#contribute(value, operator === '+=' ? read : `-${read}`);
      return;
    }
    if (value.isActive) {
      const held = `${this.#names.prefix}x${this.#count++}`;
      this.#lines.add(`const ${held} = ${read};`);
      this.#lines.add(`${element} = 0;`);
      this.#contribute(value, held);
    } else this.#lines.add(`${element} = 0;`);
  }

  #made(temp: Temp): void {
    if (temp.op.type !== 'make') return;
    const { form } = temp.op;
    const adjoints = this.#names.shadow(temp, '');
    if (form.type === 'sized') {
      if (form.fill?.isActive) this.#contribute(form.fill, `${this.#names.prefix}sum(${adjoints})`);
      return;
    }
    for (const [k, { key, value }] of contentsOf(form).entries())
      if (value.isActive)
        this.#contribute(
          value,
          form.type === 'list' ? `${adjoints}[${k}]` : this.#names.member(adjoints, key, null),
        );
  }

  #branch(branch: Branch): void {
    const side = (which: 'yes' | 'no') =>
      this.#block(branch[which], () => {
        for (const phi of branch.phis)
          if (phi.op.type === 'phi' && this.#declared.has(phi))
            this.#contribute(phi.op[which], this.#adjoint(phi));
      });
    const before = this.#zero;
    const hasElse =
      branch.no.statements.some(hasReverse) ||
      branch.phis.some(({ op }) => op.type === 'phi' && op.no.isActive);
    this.#zero = new Set(before);
    const condition = this.#names.value(branch.condition);
    this.#lines.block(`if (${condition}) {`, () => side('yes'), hasElse ? '} else {' : '}');
    const afterThen = this.#zero;
    this.#zero = new Set(before);
    if (hasElse) this.#lines.block('', () => side('no'));
    this.#zero = new Set([...this.#zero].filter((slot) => afterThen.has(slot)));
  }

  #loop(loop: Loop): void {
    if (this.#fusion.loops.has(loop)) return;
    const { counter, start, step, end, body, outer } = loop;
    const name = this.#names.value(counter);
    const relation = step > 0 ? '>=' : '<=';
    const back = step > 0 ? `- ${step}` : `+ ${-step}`;
    const from = `${this.#names.value(end)} ${back}`;
    const advance = step > 0 ? `-= ${step}` : `+= ${-step}`;
    this.#zero = new Set([...this.#zero].filter((slot) => !isWithin(outer, slot.block)));
    this.#lines.block(
      `for (let ${name} = ${from}; ${name} ${relation} ${this.#names.value(start)}; ${name} ${advance}) {`,
      () => this.#block(body, () => {}),
    );
    this.#zero = new Set([...this.#zero].filter((slot) => !isWithin(outer, slot.block)));
  }

  #adjoint({ id }: Temp): string {
    return `${this.#names.prefix}d${id}`;
  }

  #slotAdjoint({ id }: Slot): string {
    return `${this.#names.prefix}e${id}`;
  }
}

function earlyTemps(
  { body, temps }: Program,
  { loops }: Fusion,
  all: boolean,
): { early: Map<Block, Temp[]>; hoisted: Map<Block, Temp[]> } {
  const early = new Set<Temp>();
  const hoisted = new Set<Temp>();
  const use = (temp: Temp, block: Block) => {
    if (!temp.isActive || !temp.block || temp.block === block) return;
    early.add(temp);
    for (let loop = block.loop; loop; loop = loop.outer.loop)
      if (loops.has(loop) && !isWithin(temp.block, loop.body)) hoisted.add(temp);
  };
  const visit = (block: Block): void => {
    for (const statement of block.statements) {
      switch (statement.type) {
        case 'define':
          if (statement.temp.op.type === 'rule') for (const arg of statement.temp.op.args) use(arg, block);
          if (statement.temp.op.type === 'make')
            for (const { value } of contentsOf(statement.temp.op.form)) use(value, block);
          break;
        case 'write':
        case 'store':
          use(statement.value, block);
          break;
        case 'branch': {
          const { yes, no, phis } = statement.branch;
          for (const { op } of phis)
            if (op.type === 'phi') {
              use(op.yes, yes);
              use(op.no, no);
            }
          visit(yes);
          visit(no);
          break;
        }
        case 'loop':
          visit(statement.loop.body);
      }
    }
  };
  visit(body);
  const byBlock = (isIn: (temp: Temp) => boolean) => {
    const blocks = new Map<Block, Temp[]>();
    for (const temp of temps)
      if (temp.isActive && temp.block && isIn(temp))
        blocks.set(temp.block, [...(blocks.get(temp.block) ?? []), temp]);
    return blocks;
  };
  return {
    early: byBlock((temp) => (all || early.has(temp)) && !hoisted.has(temp)),
    hoisted: byBlock((temp) => hoisted.has(temp)),
  };
}
