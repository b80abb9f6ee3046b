import {
  argumentsOf,
  type Block,
  contentsOf,
  isWithin,
  type Loop,
  type Program,
  type Slot,
  type Statement,
  type Temp,
} from './ir';
import { type Cell, cellOf, hasShadow, isShadowed, rootOf, type Shape } from './shapes';

/**
 * Loops whose iterations are connected only by sums that enter the result linearly, such as `for (…) sum +=
 * f(i); return sum / n`. The adjoint of such a sum is known before the loop runs. So each iteration can be
 * differentiated immediately, while its values are available, and nothing has to be stored.
 */
export interface Fusion {
  /** The adjoints of a loop's sums, as expressions. */
  readonly loops: ReadonlyMap<Loop, ReadonlyMap<Slot, string>>;
}

export function findFusion(
  program: Program,
  value: (temp: Temp) => string,
  expression: (temp: Temp) => string,
): Fusion {
  return new Search(program, value, expression).run();
}

type Sums = ReadonlyMap<Slot, string>;
type Carrier = Temp | Slot;

class Search {
  readonly #program: Program;
  readonly #value: (temp: Temp) => string;
  readonly #expression: (temp: Temp) => string;
  readonly #loops = new Map<Loop, Sums>();
  readonly #objects: Objects;

  constructor(program: Program, value: (temp: Temp) => string, expression: (temp: Temp) => string) {
    this.#objects = new Objects(program);
    this.#program = program;
    this.#value = value;
    this.#expression = expression;
  }

  run(): Fusion {
    if (this.#program.result.isActive) this.#search(this.#program.body, null);
    return { loops: this.#loops };
  }

  /** @param sums  of the fused loop whose body the block is; null for the function's own block */
  #search(block: Block, sums: Sums | null): void {
    for (const [k, statement] of block.statements.entries()) {
      if (statement.type !== 'loop') continue;
      const { loop } = statement;
      const carried = sumsOf([loop.test, loop.body]);
      if (!carried || carried.size === 0 || !this.#objects.areSeparate(loop)) continue;
      const adjoints = new Map<Slot, string>();
      for (const slot of carried) {
        const adjoint = this.#adjointAfter(slot, block, k, sums);
        if (adjoint !== null) adjoints.set(slot, adjoint);
      }
      if (adjoints.size !== carried.size) continue;
      this.#loops.set(loop, adjoints);
      this.#search(loop.body, adjoints);
    }
  }

  /**
   * The derivative of the result with respect to a slot after a statement; null if it is not known
   * statically.
   */
  #adjointAfter(slot: Slot, block: Block, position: number, sums: Sums | null): string | null {
    const carriers = new Map<Carrier, string>([[slot, '1']]);
    for (const statement of block.statements.slice(position + 1))
      if (!this.#follow(statement, carriers, block, position)) return null;
    const ends: [Carrier, string][] = sums ? [...sums] : [[this.#program.result, '1']];
    const terms = ends.flatMap(([end, adjoint]) => {
      const factor = carriers.get(end);
      return factor === undefined ? [] : [product(factor, adjoint)];
    });
    return terms.length === 0 ? '0' : terms.join(' + ');
  }

  /**
   * Propagates the factors through one statement. Returns false if the statement is not linear in a carrier.
   */
  #follow(statement: Statement, carriers: Map<Carrier, string>, block: Block, position: number): boolean {
    switch (statement.type) {
      case 'define': {
        const { temp } = statement;
        if (temp.op.type === 'make')
          return !contentsOf(temp.op.form).some((content) => carriers.has(content.value));
        if (!temp.isActive) return true;
        const factor = this.#factorOf(temp, carriers, block, position);
        if (factor === null) return false;
        if (factor !== '') carriers.set(temp, factor);
        return true;
      }
      case 'write': {
        const factor = carriers.get(statement.value);
        if (factor === undefined) carriers.delete(statement.slot);
        else carriers.set(statement.slot, factor);
        return true;
      }
      case 'slot':
      case 'throw':
        return true;
      case 'loop': {
        const { test, body } = statement.loop;
        return !touches([test, body], carriers);
      }
      case 'branch': {
        const { yes, no, phis } = statement.branch;
        const isPhi = phis.some(
          ({ op }) => op.type === 'phi' && (carriers.has(op.yes) || carriers.has(op.no)),
        );
        return !isPhi && !touches([yes, no], carriers);
      }
      case 'store':
        return !carriers.has(statement.value);
    }
  }

  /** The factor that a value carries: '' if it carries none, null if the factor is not known statically. */
  #factorOf({ op }: Temp, carriers: Map<Carrier, string>, block: Block, position: number): string | null {
    if (op.type === 'read') return carriers.get(op.slot) ?? '';
    if (op.type !== 'rule') return '';
    const [first, second] = op.args.map((arg) => carriers.get(arg));
    if (first === undefined && second === undefined)
      return op.args.some((arg) => carriers.has(arg)) ? null : '';
    const factorOf = (arg: Temp | undefined) => (arg ? this.#early(arg, block, position) : null);
    switch (op.name) {
      case 'add':
        return [first, second].filter((each) => each !== undefined).join(' + ');
      case 'sub':
        if (second === undefined) return first!;
        return first === undefined ? `-(${second})` : `${first} - (${second})`;
      case 'neg':
        return `-(${first})`;
      case 'mul': {
        if (first !== undefined && second !== undefined) return null;
        const other = factorOf(first === undefined ? op.args[0] : op.args[1]);
        return other === null ? null : product((first ?? second)!, other);
      }
      case 'div': {
        const divisor = second === undefined ? factorOf(op.args[1]) : null;
        return divisor === null ? null : `(${first}) / ${divisor}`;
      }
      default:
        return null;
    }
  }

  /**
   * The expression of an inactive factor, valid at `position`, before the factor itself is computed. null if
   * there is none.
   */
  #early(temp: Temp, block: Block, position: number): string | null {
    if (temp.isActive) return null;
    if (temp.block === null) return this.#value(temp);
    if (temp.block !== block) return isWithin(block, temp.block) ? this.#value(temp) : null;
    const at = block.statements.findIndex((each) => each.type === 'define' && each.temp === temp);
    if (at >= 0 && at < position) return this.#value(temp);
    const { op } = temp;
    if (op.type === 'length' && rootOf(op.object.shape!).isParameters) return this.#expression(temp);
    if (op.type !== 'rule' && !(op.type === 'plain' && op.isPure)) return null;
    const isThere = op.args.every((arg) => this.#early(arg, block, position) === this.#value(arg));
    return isThere ? `(${this.#expression(temp)})` : null;
  }
}

/**
 * Which objects the iterations of a loop share. A fused loop adds to their adjoints before the rest of the
 * reverse sweep runs, so nothing may overwrite them after the loop began.
 */
class Objects {
  readonly #made = new Map<Shape, Statement[]>();
  readonly #stores: { readonly cell: Cell; readonly at: number }[] = [];
  readonly #starts = new Map<Loop, number>();

  constructor({ body }: Program) {
    this.#number(body, 0);
  }

  #number(block: Block, from: number): number {
    let at = from;
    for (const statement of block.statements) {
      at++;
      if (statement.type === 'store') {
        const cell = cellOf(statement.object.shape!, statement.key);
        if (isShadowed(cell)) this.#stores.push({ cell, at });
      } else if (
        statement.type === 'define' &&
        (statement.temp.op.type === 'make' || statement.temp.op.type === 'adopt')
      ) {
        const shape = rootOf(statement.temp.shape!);
        this.#made.set(shape, [...(this.#made.get(shape) ?? []), statement]);
      } else if (statement.type === 'branch')
        at = this.#number(statement.branch.no, this.#number(statement.branch.yes, at));
      else if (statement.type === 'loop') {
        this.#starts.set(statement.loop, at);
        at = this.#number(statement.loop.body, this.#number(statement.loop.test, at));
      }
    }
    return at;
  }

  areSeparate(loop: Loop): boolean {
    const statements = statementsOf([loop.test, loop.body]);
    const inside = new Set(statements);
    const isOwn = (shape: Shape) => (this.#made.get(rootOf(shape)) ?? []).every((each) => inside.has(each));
    const begin = this.#starts.get(loop)!;
    return statements.every((statement) => {
      if (statement.type === 'store')
        return !isShadowed(cellOf(statement.object.shape!, statement.key)) || isOwn(statement.object.shape!);
      if (statement.type !== 'define' || statement.temp.op.type !== 'load') return true;
      const { object, key } = statement.temp.op;
      const cell = cellOf(object.shape!, key);
      return (
        !isShadowed(cell) ||
        isOwn(object.shape!) ||
        this.#stores.every((store) => store.cell !== cell || store.at <= begin)
      );
    });
  }
}

/** Whether a variable holds objects with adjoints. */
function holdsAdjoints({ shape }: Slot): boolean {
  return shape !== null && hasShadow(shape);
}

function product(factor: string, by: string): string {
  if (factor === '1') return by;
  return by === '1' ? factor : `(${factor}) * (${by})`;
}

/** Whether blocks use or change a carrier in any other way than adding to sums. */
function touches(blocks: readonly Block[], carriers: ReadonlyMap<Carrier, string>): boolean {
  const sums = sumsOf(blocks) ?? new Set();
  return statementsOf(blocks).some((statement) => {
    switch (statement.type) {
      case 'define': {
        const { temp } = statement;
        if (temp.op.type === 'read') return carriers.has(temp.op.slot) && !sums.has(temp.op.slot);
        return (
          (temp.isActive || temp.op.type === 'make') && argumentsOf(temp).some((arg) => carriers.has(arg))
        );
      }
      case 'write':
        return (carriers.has(statement.slot) && !sums.has(statement.slot)) || carriers.has(statement.value);
      case 'store':
        return carriers.has(statement.value);
      case 'branch':
        return statement.branch.phis.some((phi) => argumentsOf(phi).some((arg) => carriers.has(arg)));
      default:
        return false;
    }
  });
}

/**
 * The outer slots that blocks add to, if the iterations of the loop depend on each other only through these
 * sums. null if blocks use such a slot in any other way, or write another active outer slot.
 */
function sumsOf(blocks: readonly Block[]): Set<Slot> | null {
  const statements = statementsOf(blocks);
  const isOutside = (block: Block) => !blocks.some((each) => isWithin(block, each));
  const sums = new Set<Slot>();
  const chains = new Map<Temp, Slot>();
  for (const statement of statements) {
    if (statement.type === 'write' && isOutside(statement.slot.block) && holdsAdjoints(statement.slot))
      return null;
    if (statement.type !== 'define' || !statement.temp.isActive) continue;
    const { temp } = statement;
    const { op } = temp;
    if (op.type === 'read' && isOutside(op.slot.block)) chains.set(temp, op.slot);
    if (op.type === 'rule' && (op.name === 'add' || op.name === 'sub')) {
      const [first, second] = op.args.map((arg) => chains.get(arg));
      const chain = first ?? (op.name === 'add' ? second : undefined);
      if (chain && !(first && second)) chains.set(temp, chain);
    }
  }
  for (const statement of statements) {
    if (statement.type === 'write' && isOutside(statement.slot.block)) {
      const { slot, value } = statement;
      if (!slot.isActive) continue;
      if (chains.get(value) !== slot) return null;
      sums.add(slot);
      continue;
    }
    // A partial sum may only be an operand of the next addition.
    const isQuestion =
      statement.type === 'define' && !statement.temp.isActive && statement.temp.op.type !== 'make';
    for (const used of isQuestion ? [] : usesOf(statement)) {
      if (!chains.has(used)) continue;
      const isAdded = statement.type === 'define' && chains.get(statement.temp) === chains.get(used);
      const isSubtracted =
        statement.type === 'define' &&
        statement.temp.op.type === 'rule' &&
        statement.temp.op.name === 'sub' &&
        statement.temp.op.args[1] === used;
      if (!isAdded || isSubtracted) return null;
    }
  }
  return sums;
}

function usesOf(statement: Statement): readonly Temp[] {
  switch (statement.type) {
    case 'define':
      return argumentsOf(statement.temp);
    case 'write':
    case 'throw':
      return [statement.value];
    case 'store':
      return statement.index ? [statement.value, statement.index] : [statement.value];
    case 'branch': {
      const { condition, phis } = statement.branch;
      return [condition, ...phis.flatMap((phi) => argumentsOf(phi))];
    }
    case 'loop':
      return [statement.loop.start, statement.loop.condition];
    case 'slot':
      return [];
  }
}

/** All statements of blocks, including nested ones. */
function statementsOf(blocks: readonly Block[]): Statement[] {
  return blocks.flatMap(({ statements }) =>
    statements.flatMap((statement) => {
      if (statement.type === 'branch')
        return [statement, ...statementsOf([statement.branch.yes, statement.branch.no])];
      if (statement.type === 'loop')
        return [statement, ...statementsOf([statement.loop.test, statement.loop.body])];
      return [statement];
    }),
  );
}

/** The innermost enclosing loop that is not fused; null if there is none. */
export function unfusedLoop({ loop }: Block, { loops }: Fusion): Loop | null {
  let at = loop;
  while (at && loops.has(at)) at = at.outer.loop;
  return at;
}
