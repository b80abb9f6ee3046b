import { closeSync, openSync, writeSync } from 'node:fs';
import { toJson } from '../core/numerics/json';
import { recordOffset, recordPlaces, type StepLayout } from '../core/trace/layout';
import { BadInput } from './badInput';

const blockLength = 1 << 16;

/** The file of `--steps-out`: one JSON object a line, one line a step. */
export class StepsFile {
  readonly #file: number;
  #block = '';

  /** @throws BadInput if the file cannot be written */
  constructor(path: string) {
    try {
      this.#file = openSync(path, 'w');
    } catch (error) {
      throw new BadInput(`--steps-out: cannot write ${path}: ${(error as Error).message}`);
    }
  }

  write(layout: StepLayout, data: Float64Array, offset: number): void {
    const count = layout.coordinates.length;
    const list = (place: number) => data.subarray(offset + place, offset + place + count);
    const at = (place: keyof typeof recordPlaces) => data[offset + recordPlaces[place]]!;
    const state = Object.fromEntries(
      layout.stateNames.map((name) => [name, list(recordOffset(layout, name))] as const),
    );
    this.#block += `${toJson({
      t: at('t'),
      loss: at('loss'),
      grad: list(recordOffset(layout, 'grad')),
      gradNorm: at('gradNorm'),
      clipFactor: at('clipFactor'),
      params: list(recordOffset(layout, 'params')),
      lr: at('lr'),
      state,
    })}\n`;
    if (this.#block.length >= blockLength) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#block);
    this.#block = '';
  }
}
