import type { Block, LocalArray, Temp } from '../ir';
import type { Residuals } from '../residuals';
import type { Names } from './expressions';
import type { Companion } from './forwardSweep';
import type { Lines } from './lines';

/** Puts on the stack what the reverse sweep will ask for: at the end of every block, so that it is taken off first. */
export class Recorder implements Companion {
  readonly #residuals: Residuals;
  readonly #names: Names;
  readonly #lines: Lines;

  constructor(residuals: Residuals, names: Names, lines: Lines) {
    this.#residuals = residuals;
    this.#names = names;
    this.#lines = lines;
  }

  isHoisted(what: Temp | LocalArray): boolean {
    const { block } = what;
    if (block === null || block.parent === null || block.loop !== null) return false;
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

  defined(): void {}
  slotMade(): void {}
  written(): void {}
  arrayMade(): void {}
  stored(): void {}
  beforeBranch(): void {}
  sideEnded(): void {}
}
