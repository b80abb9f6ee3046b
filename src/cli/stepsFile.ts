import { closeSync, openSync, writeSync } from 'node:fs';
import type { RunConfig } from '../core/config/runConfig';
import { toJson } from '../core/numerics/json';
import type { StepLayout } from '../core/trace/layout';
import { stepObjects } from '../runs/export/stepObject';
import { BadInput } from './badInput';

const blockLength = 1 << 16;

/** The file of `--steps-out`. Each line is the JSON object of one step. */
export class StepsFile {
  readonly #file: number;
  readonly #config: RunConfig;
  #objectOf: ReturnType<typeof stepObjects> | null = null;
  readonly #path: string;
  #block = '';
  #written = 0;
  #failure: string | null = null;

  /** @throws BadInput if the file cannot be written */
  constructor(path: string, config: RunConfig) {
    this.#config = config;
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
    this.#objectOf ??= stepObjects(this.#config, layout);
    return `${toJson(this.#objectOf(data, offset))}\n`;
  }

  #flush(): void {
    const block = this.#block;
    this.#block = '';
    writeSync(this.#file, block);
  }
}
