import { closeSync, openSync, writeSync } from 'node:fs';
import type { RunConfig } from '../core/config/runConfig';
import { toJson } from '../core/numerics/json';
import { phasesOf } from '../core/phases';
import {
  type ExtraName,
  extraPlace,
  recordOffset,
  recordPlaces,
  type StepLayout,
} from '../core/trace/layout';
import { BadInput } from './badInput';

const blockLength = 1 << 16;

/** The file of `--steps-out`. Each line is the JSON object of one step. */
export class StepsFile {
  readonly #file: number;
  /** The name of the optimizer option that a schedule may change during the run. */
  readonly #cycled: 'beta1' | 'momentum';
  readonly #path: string;
  #block = '';
  #written = 0;
  #failure: string | null = null;

  /** @throws BadInput if the file cannot be written */
  constructor(path: string, config: RunConfig) {
    this.#cycled = phasesOf(config)[0].definition.cycled ?? 'momentum';
    try {
      this.#file = openSync(path, 'w');
    } catch (error) {
      throw new BadInput(`--steps-out: cannot write ${path}: ${(error as Error).message}`);
    }
    this.#path = path;
  }

  /** The reason why the steps cannot be written, in one sentence; null if they can. After a failure nothing more is written. */
  get failure(): string | null {
    return this.#failure;
  }

  write(layout: StepLayout, data: Float64Array, offset: number): void {
    if (this.#failure) return;
    this.#attempt(() => {
      this.#block += this.#lineOf(layout, data, offset);
      if (this.#block.length >= blockLength) this.#flush();
    });
    this.#written++;
  }

  close(): void {
    if (!this.#failure) this.#attempt(() => this.#flush());
    this.#attempt(() => closeSync(this.#file));
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failure ??= `--steps-out: ${this.#path} cannot be written after step ${this.#written}: ${(error as Error).message}`;
    }
  }

  #lineOf(layout: StepLayout, data: Float64Array, offset: number): string {
    const count = layout.coordinates.length;
    const list = (place: number) => data.subarray(offset + place, offset + place + count);
    const at = (place: keyof typeof recordPlaces) => data[offset + recordPlaces[place]]!;
    const extra = (name: ExtraName) => data[offset + extraPlace(layout, name)]!;
    const scalars = layout.extras.filter((name) => name === 'muProduct');
    const extras = Object.fromEntries(
      layout.extras
        .filter((name) => name !== 'muProduct')
        .map((name) => [name === 'beta' ? this.#cycled : name, extra(name)]),
    );
    const state = Object.fromEntries([
      ...layout.stateNames.map((name) => [name, list(recordOffset(layout, name))] as const),
      ...scalars.map((name) => [name, extra(name)] as const),
    ]);
    return `${toJson({
      t: at('t'),
      loss: at('loss'),
      grad: list(recordOffset(layout, 'grad')),
      gradNorm: at('gradNorm'),
      clipFactor: at('clipFactor'),
      params: list(recordOffset(layout, 'params')),
      lr: at('lr'),
      ...extras,
      state,
    })}\n`;
  }

  #flush(): void {
    const block = this.#block;
    this.#block = '';
    writeSync(this.#file, block);
  }
}
