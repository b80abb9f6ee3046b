import { type FileHandle, open } from 'node:fs/promises';
import { recordLength } from '../../core/trace/layout';
import type { RunFileReader } from '../format/runFileReader';
import type { RunRecord } from '../runRecord';

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

/** A file is not there, or not a run. The message names the file. */
export class UnreadableRun extends Error {}

/** @throws UnreadableRun if the file is not a run, or its record cannot be read */
export async function readRunFile(file: string): Promise<RunInFile> {
  const reader = await reading(file);
  const record = await reader.record().finally(() => reader.close());
  if (typeof record === 'string') throw new UnreadableRun(`${file} cannot be read: ${record}`);
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
  let handle: FileHandle | null = null;
  try {
    handle = await open(file, 'r');
    const { RunFileReader } = await import('../format/runFileReader');
    const reader = await RunFileReader.open(handle);
    if (typeof reader !== 'string') return reader;
    throw new UnreadableRun(`${file} is not a run: ${reader}`);
  } catch (error) {
    await handle?.close();
    if (error instanceof UnreadableRun) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UnreadableRun(
      code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read: ${code ?? message}`,
    );
  }
}
