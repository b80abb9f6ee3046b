import { open } from 'node:fs/promises';
import { recordLength } from '../core/trace/layout';
import { RunFileReader } from '../runs/format/runFileReader';
import type { RunRecord } from '../runs/runRecord';
import { BadInput } from './badInput';

/** A step record: it begins at `offset`. */
export interface StepAt {
  readonly data: Float64Array;
  readonly offset: number;
}

/** A run in a file. */
export interface RunInFile {
  readonly file: string;
  readonly record: RunRecord;
  /** The number of steps from one stored record to the next. */
  readonly stride: number;
  /** The step records in order. Each is valid until the next one is requested. */
  steps(): AsyncGenerator<StepAt>;
  /** Why the file cannot be read to its end, without a full stop; null if it can. Known when all steps have been read. */
  readonly damage: string | null;
}

/** @throws BadInput if the file is not a run, or its record cannot be read */
export async function readRunFile(file: string): Promise<RunInFile> {
  const reader = await reading(file);
  const record = await reader.record().finally(() => reader.close());
  if (typeof record === 'string') throw new BadInput(`${file} cannot be read: ${record}`);
  let damage = reader.damage;
  return {
    file,
    record,
    stride: reader.head.stride,
    async *steps() {
      const again = await reading(file);
      try {
        const length = again.layout ? recordLength(again.layout) : 1;
        for await (const { records: data } of again.batches())
          for (let offset = 0; offset < data.length; offset += length) yield { data, offset };
        damage = again.damage;
      } finally {
        await again.close();
      }
    },
    get damage() {
      return damage;
    },
  };
}

async function reading(file: string): Promise<RunFileReader> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new BadInput(
      error.code === 'ENOENT'
        ? `there is no file ${file}`
        : `${file} cannot be read: ${error.code ?? error.message}`,
    );
  });
  try {
    const reader = await RunFileReader.open(handle);
    if (typeof reader !== 'string') return reader;
    throw new BadInput(`${file} is not a run: ${reader}`);
  } catch (error) {
    await handle.close();
    throw error instanceof BadInput
      ? error
      : new BadInput(`${file} cannot be read: ${(error as Error).message}`);
  }
}
