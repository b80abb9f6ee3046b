import { type OperationName, rules } from '../rules';
import { hasReverse } from './activity';
import { type Fusion, unfusedLoop } from './fusion';
import type { Block, LocalArray, Loop, Program, Temp } from './ir';

/**
 * How a value reaches the reverse sweep: as a variable of the whole function, on the stack, or by computing
 * it again from values that are available there.
 */
export type Mode = 'variable' | 'stack' | 'again';

export interface Residuals {
  readonly modes: ReadonlyMap<Temp, Mode>;
  /** For each block in a loop, its stacked values in the order of their definition. */
  readonly stacked: ReadonlyMap<Block, readonly Temp[]>;
  readonly again: ReadonlyMap<Block, readonly Temp[]>;
  /** Arrays whose final length the reverse sweep needs for their adjoint. */
  readonly lengths: ReadonlyMap<Block, readonly LocalArray[]>;
}

/** Operations that cost no more to repeat than to store their result on the stack. */
const cheap = new Set<OperationName>(['add', 'sub', 'mul', 'neg', 'abs', 'max', 'min', 'floor', 'sign']);

export function findResiduals(program: Program, fusion: Fusion): Residuals {
  return new Search(program, fusion).run();
}

class Search {
  readonly #program: Program;
  readonly #fusion: Fusion;
  readonly #modes = new Map<Temp, Mode>();
  readonly #lengths = new Map<Block, LocalArray[]>();
  readonly #lastStore = new Map<LocalArray, number>();
  readonly #start = new Map<Loop, number>();

  constructor(program: Program, fusion: Fusion) {
    this.#program = program;
    this.#fusion = fusion;
    this.#number(program.body, 0);
  }

  run(): Residuals {
    this.#search(this.#program.body);
    const stacked = new Map<Block, Temp[]>();
    const again = new Map<Block, Temp[]>();
    for (const [temp, mode] of [...this.#modes].sort(([a], [b]) => a.id - b.id)) {
      const list = mode === 'stack' ? stacked : mode === 'again' ? again : null;
      if (list) list.set(temp.block!, [...(list.get(temp.block!) ?? []), temp]);
    }
    return { modes: this.#modes, stacked, again, lengths: this.#lengths };
  }

  #number(block: Block, from: number): number {
    let at = from;
    for (const statement of block.statements) {
      at++;
      if (statement.type === 'store') this.#lastStore.set(statement.array, at);
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
        case 'array':
          this.#needLength(statement.array, block);
          break;
        case 'store':
          this.#need(statement.index);
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

  #needLength(array: LocalArray, block: Block): void {
    if (array.form.type === 'typed') this.#need(array.form.length);
    else if (unfusedLoop(block, this.#fusion))
      this.#lengths.set(block, [...(this.#lengths.get(block) ?? []), array]);
  }

  #needForTemp(temp: Temp): void {
    const { op } = temp;
    if (op.type === 'load') this.#need(op.index);
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
    if (temp.block === null || temp.op.type === 'counter' || this.#modes.has(temp)) return;
    if (unfusedLoop(temp.block, this.#fusion) === null) {
      this.#modes.set(temp, 'variable');
      return;
    }
    const args = this.#argumentsIfAgain(temp);
    this.#modes.set(temp, args ? 'again' : 'stack');
    for (const arg of args ?? []) this.#need(arg);
  }

  /** The operands from which a value is computed again; null if the value must be stored. */
  #argumentsIfAgain({ op, block }: Temp): readonly Temp[] | null {
    switch (op.type) {
      case 'plain':
        return op.isPure ? op.args : null;
      case 'rule':
        return isCheap(op.name, op.args) ? op.args : null;
      case 'load':
        return this.#isStable(op.array, block!) ? [op.index] : null;
      case 'length':
        return op.array.block.loop === null && !op.array.grows && this.#isStable(op.array, block!)
          ? []
          : null;
      default:
        return null;
    }
  }

  /** Whether an element that is read here has the same value during the reverse sweep. */
  #isStable(array: LocalArray, block: Block): boolean {
    if (array.form.type === 'parameters') return true;
    if (array.block.loop !== null) return false;
    let outermost = block.loop!;
    while (outermost.outer.loop) outermost = outermost.outer.loop;
    return (this.#lastStore.get(array) ?? 0) < this.#start.get(outermost)!;
  }
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
