import { type OperationName, rules } from '../rules';
import { hasReverse } from './activity';
import { type Fusion, unfusedLoop } from './fusion';
import { argumentsOf, type Block, contentsOf, type Loop, type Program, type Temp } from './ir';
import { type Cell, cellOf, hasShadow } from './shapes';

/**
 * How a value reaches the reverse sweep: as a variable of the whole function, on the stack, or by computing
 * it again from values that are available there.
 */
export type Mode = 'variable' | 'stack' | 'again';

/** A value, or the adjoints of an object, that the reverse sweep needs. */
export interface Residual {
  readonly temp: Temp;
  readonly isShadow: boolean;
}

export interface Residuals {
  readonly values: ReadonlyMap<Temp, Mode>;
  /** The adjoints of objects. */
  readonly shadows: ReadonlyMap<Temp, Mode>;
  /** For each block in a loop, what it puts onto the stack, in the order of definition. */
  readonly stacked: ReadonlyMap<Block, readonly Residual[]>;
  readonly again: ReadonlyMap<Block, readonly Residual[]>;
}

/** Operations that cost no more to repeat than to store their result on the stack. */
const cheap = new Set<OperationName>(['add', 'sub', 'mul', 'neg', 'abs', 'max', 'min', 'floor', 'sign']);

export function findResiduals(program: Program, fusion: Fusion): Residuals {
  return new Search(program, fusion).run();
}

class Search {
  readonly #program: Program;
  readonly #fusion: Fusion;
  readonly #values = new Map<Temp, Mode>();
  readonly #shadows = new Map<Temp, Mode>();
  readonly #lastStore = new Map<Cell, number>();
  readonly #start = new Map<Loop, number>();

  constructor(program: Program, fusion: Fusion) {
    this.#program = program;
    this.#fusion = fusion;
    this.#number(program.body, 0);
  }

  run(): Residuals {
    this.#search(this.#program.body);
    const stacked = new Map<Block, Residual[]>();
    const again = new Map<Block, Residual[]>();
    const all = [
      ...[...this.#values].map(([temp, mode]) => ({ temp, isShadow: false, mode })),
      ...[...this.#shadows].map(([temp, mode]) => ({ temp, isShadow: true, mode })),
    ];
    for (const { temp, isShadow, mode } of all.sort((a, b) => a.temp.id - b.temp.id)) {
      const lists = mode === 'stack' ? stacked : mode === 'again' ? again : null;
      if (lists) lists.set(temp.block!, [...(lists.get(temp.block!) ?? []), { temp, isShadow }]);
    }
    return { values: this.#values, shadows: this.#shadows, stacked, again };
  }

  #number(block: Block, from: number): number {
    let at = from;
    for (const statement of block.statements) {
      at++;
      if (statement.type === 'store' && !statement.isInitial)
        this.#lastStore.set(cellOf(statement.object.shape!, statement.key), at);
      else if (statement.type === 'branch')
        at = this.#number(statement.branch.no, this.#number(statement.branch.yes, at));
      else if (statement.type === 'loop') {
        this.#start.set(statement.loop, at);
        at = this.#number(statement.loop.body, this.#number(statement.loop.test, at));
      }
    }
    return at;
  }

  #search(block: Block): void {
    for (const statement of block.statements) {
      if (!hasReverse(statement)) continue;
      switch (statement.type) {
        case 'define':
          this.#needForTemp(statement.temp);
          break;
        case 'store':
          this.#needShadow(statement.object);
          if (statement.index) this.#need(statement.index);
          break;
        case 'branch':
          this.#need(statement.branch.condition);
          this.#search(statement.branch.yes);
          this.#search(statement.branch.no);
          break;
        case 'loop':
          if (!this.#fusion.loops.has(statement.loop)) {
            this.#need(statement.loop.start);
            this.#need(statement.loop.end);
          }
          this.#search(statement.loop.body);
          break;
      }
    }
  }

  #needForTemp(temp: Temp): void {
    const { op } = temp;
    if (op.type === 'load') {
      this.#needShadow(op.object);
      if (op.index) this.#need(op.index);
    }
    if (op.type === 'make' && contentsOf(op.form).some(({ value }) => value.isActive)) this.#needShadow(temp);
    if (op.type !== 'rule') return;
    if (op.args.length > 2) for (const each of [...op.args, temp]) this.#need(each);
    else
      for (const [k, arg] of op.args.entries()) {
        if (!arg.isActive) continue;
        const { a, b, r } = namesIn(rules[op.name].partials[k]!);
        if (a) this.#need(op.args[0]!);
        if (b) this.#need(op.args[1]!);
        if (r) this.#need(temp);
      }
  }

  #need(temp: Temp): void {
    if (isEverywhere(temp) || temp.op.type === 'counter' || this.#values.has(temp)) return;
    if (unfusedLoop(temp.block!, this.#fusion) === null) {
      this.#values.set(temp, 'variable');
      return;
    }
    const args = this.#argumentsIfAgain(temp);
    this.#values.set(temp, args ? 'again' : 'stack');
    for (const arg of args ?? []) this.#need(arg);
  }

  #needShadow(temp: Temp): void {
    if (isEverywhere(temp) || this.#shadows.has(temp) || !hasShadow(temp.shape!)) return;
    if (unfusedLoop(temp.block!, this.#fusion) === null) {
      this.#shadows.set(temp, 'variable');
      return;
    }
    const { op } = temp;
    if (op.type === 'load' && this.#isStable(op.object, op.key, temp.block!)) {
      this.#shadows.set(temp, 'again');
      this.#needShadow(op.object);
      if (op.index) this.#need(op.index);
    } else this.#shadows.set(temp, 'stack');
  }

  /** The operands from which a value is computed again; null if the value must be stored. */
  #argumentsIfAgain(temp: Temp): readonly Temp[] | null {
    const { op, block } = temp;
    switch (op.type) {
      case 'plain':
        return op.isPure ? op.args : null;
      case 'rule':
        return isCheap(op.name, op.args) ? op.args : null;
      case 'load':
        return this.#isStable(op.object, op.key, block!) ? argumentsOf(temp) : null;
      default:
        return null;
    }
  }

  /** Whether a cell that is read here has the same content during the reverse sweep. */
  #isStable({ shape }: Temp, key: string, block: Block): boolean {
    const last = this.#lastStore.get(cellOf(shape!, key)) ?? 0;
    let outermost = block.loop!;
    while (outermost.outer.loop) outermost = outermost.outer.loop;
    return last < this.#start.get(outermost)!;
  }
}

/** Whether a value is a text or the parameters, which are available everywhere. */
function isEverywhere({ block, op }: Temp): boolean {
  return block === null || (op.type === 'make' && op.form.type === 'parameters');
}

function isCheap(name: OperationName, [, exponent]: readonly Temp[]): boolean {
  if (name === 'pow') return exponent?.op.type === 'text' && exponent.op.text === '2';
  return cheap.has(name);
}

/** Which operands, and whether the result, occur in an expression of the derivative table. */
export function namesIn(text: string): { readonly a: boolean; readonly b: boolean; readonly r: boolean } {
  const names = new Set(text.match(/(?<![\w$.])[abr](?![\w$])/g));
  return { a: names.has('a'), b: names.has('b'), r: names.has('r') };
}
