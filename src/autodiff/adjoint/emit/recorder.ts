import { type Fusion, unfusedLoop } from '../fusion';
import type { Block, LocalArray, Loop, Temp } from '../ir';
import type { Residuals } from '../residuals';
import type { Names } from './expressions';
import type { Companion } from './forwardSweep';
import type { Lines } from './lines';
import type { ReverseSweep } from './reverseSweep';

/**
 * Emits code that pushes the values for the reverse sweep onto the stack, at the end of each block. The
 * reverse sweep of the block pops them first.
 */
export class Recorder implements Companion {
  readonly #residuals: Residuals;
  readonly #fusion: Fusion;
  readonly #reverse: ReverseSweep;
  readonly #names: Names;
  readonly #lines: Lines;

  constructor(residuals: Residuals, fusion: Fusion, reverse: ReverseSweep, names: Names, lines: Lines) {
    this.#residuals = residuals;
    this.#fusion = fusion;
    this.#reverse = reverse;
    this.#names = names;
    this.#lines = lines;
  }

  isHoisted(what: Temp | LocalArray): boolean {
    const { block } = what;
    if (block === null || block.parent === null || unfusedLoop(block, this.#fusion) !== null) return false;
    if (block.loop?.body === block) return false;
    return 'form' in what || this.#residuals.modes.get(what) === 'variable';
  }

  blockEnded(block: Block): void {
    const temps = this.#residuals.stacked.get(block) ?? [];
    const { prefix } = this.#names;
    const numbers = [
      ...temps
        .filter(({ kind }) => kind !== 'any')
        .map((temp) =>
          temp.kind === 'bool' ? `${this.#names.value(temp)} ? 1 : 0` : this.#names.value(temp),
        ),
      ...(this.#residuals.lengths.get(block) ?? []).map((array) => `${this.#names.array(array)}.length`),
    ];
    for (const temp of temps)
      if (temp.kind === 'any') this.#lines.add(`${prefix}values.push(${this.#names.value(temp)});`);
    if (numbers.length === 0) return;
    const top = `${prefix}top`;
    this.#lines.add(
      `if (${top} + ${numbers.length} > ${prefix}stack.length) ${prefix}stack = ${prefix}grow(${top} + ${numbers.length});`,
    );
    for (const [k, number] of numbers.entries())
      this.#lines.add(`${prefix}stack[${top}${k ? ` + ${k}` : ''}] = ${number};`);
    this.#lines.add(`${top} += ${numbers.length};`);
  }

  /** In a fused loop, the reverse sweep of each iteration follows its forward sweep directly. */
  around(loop: Loop, write: () => void): void {
    const sums = this.#fusion.loops.get(loop);
    if (!sums) {
      write();
      return;
    }
    this.#lines.block('{', () => {
      this.#reverse.startSums(sums);
      write();
    });
  }

  bodyStarts(loop: Loop): void {
    if (this.#fusion.loops.has(loop)) this.#reverse.declareHoisted(loop.body);
  }

  bodyEnded(loop: Loop): void {
    if (this.#fusion.loops.has(loop)) this.#reverse.fused(loop.body);
  }

  defined(): void {}
  slotMade(): void {}
  written(): void {}
  arrayMade(): void {}
  stored(): void {}
  beforeBranch(): void {}
  sideEnded(): void {}
}
