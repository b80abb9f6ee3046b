import { type Fusion, unfusedLoop } from '../fusion';
import type { Block, Loop, Temp } from '../ir';
import type { Residuals } from '../residuals';
import type { Names } from './expressions';
import type { Companion } from './forwardSweep';
import type { Lines } from './lines';
import type { ReverseSweep } from './reverseSweep';
import type { Shadows } from './shadows';

/** The most objects kept for the reverse sweep; they take less memory than the largest stack of numbers. */
const mostValues = 2 ** 22;

/**
 * Emits code that pushes the values for the reverse sweep onto the stack, at the end of each block. The
 * reverse sweep of the block pops them first.
 */
export class Recorder implements Companion {
  readonly shadows: Shadows;
  readonly #residuals: Residuals;
  readonly #fusion: Fusion;
  readonly #reverse: ReverseSweep;
  readonly #names: Names;
  readonly #lines: Lines;

  constructor(
    residuals: Residuals,
    fusion: Fusion,
    reverse: ReverseSweep,
    names: Names,
    lines: Lines,
    shadows: Shadows,
  ) {
    this.shadows = shadows;
    this.#residuals = residuals;
    this.#fusion = fusion;
    this.#reverse = reverse;
    this.#names = names;
    this.#lines = lines;
  }

  isHoisted(temp: Temp): boolean {
    return this.#residuals.values.get(temp) === 'variable' && this.#isInBranch(temp);
  }

  isShadowHoisted(temp: Temp): boolean {
    return this.#residuals.shadows.get(temp) === 'variable' && this.#isInBranch(temp);
  }

  #isInBranch({ block }: Temp): boolean {
    if (block === null || block.parent === null || unfusedLoop(block, this.#fusion) !== null) return false;
    return block.loop?.body !== block;
  }

  blockEnded(block: Block): void {
    const residuals = this.#residuals.stacked.get(block) ?? [];
    const { prefix } = this.#names;
    const numbers = residuals.flatMap(({ temp, isShadow }) => {
      if (isShadow || temp.kind === 'any') return [];
      const value = this.#names.value(temp);
      return [temp.kind === 'bool' ? `${value} ? 1 : 0` : value];
    });
    for (const { temp, isShadow } of residuals)
      if (isShadow) this.#lines.add(`${prefix}values.push(${this.#names.shadow(temp, '')});`);
      else if (temp.kind === 'any') this.#lines.add(`${prefix}values.push(${this.#names.value(temp)});`);
    if (residuals.some(({ temp, isShadow }) => isShadow || temp.kind === 'any'))
      this.#lines.add(`if (${prefix}values.length > ${mostValues}) ${prefix}full();`);
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
  stored(): void {}
  beforeBranch(): void {}
  sideEnded(): void {}
}
