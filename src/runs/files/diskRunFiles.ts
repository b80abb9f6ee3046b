import * as nodeFs from 'node:fs/promises';
import path from 'node:path';
import type { StepLayout } from '../../core/trace/layout';
import type { RunFileReader } from '../format/runFileReader';
import { isRunId } from '../runId';
import type { RunRecord } from '../runRecord';
import { DiskOutput, type WritableDisk } from './diskOutput';
import type { FileProblem, RunFiles, StepsPlan, StepsReader, StepsWriter, StoredRecords } from './runFiles';
import { RunFileWriter } from './runFileWriter';

/**
 * The part of the file system that is used here. A test may replace it, for example to simulate a full disk.
 */
export type FileSystem = WritableDisk & Pick<typeof nodeFs, 'open' | 'readdir'>;

/** The ending of the name of a run file. */
export const runFileEnding = '.adamscope';

/** The runs of a workspace in a folder, each in a file `<id>.adamscope` (`docs/run-format.md`). */
export class DiskRunFiles implements RunFiles {
  readonly #folder: string;
  readonly #fs: FileSystem;
  readonly #writers = new Map<string, RunFileWriter>();

  constructor(folder: string, fs: FileSystem = nodeFs) {
    this.#folder = folder;
    this.#fs = fs;
  }

  async readRecords(): Promise<StoredRecords> {
    const records: RunRecord[] = [];
    const problems: FileProblem[] = [];
    const names = await this.#fs.readdir(this.#folder).catch(() => []);
    // Read one after the other: a record may be large, and the event loop runs between two.
    for (const file of names.filter((name) => name.endsWith(runFileEnding))) {
      const read = await this.#readRecord(file);
      if (typeof read === 'string')
        problems.push({ file, message: `The stored run ${file} was left out: ${read}.` });
      else records.push(read);
    }
    return { records: records.sort((a, b) => a.startedAt - b.startedAt), problems };
  }

  async #readRecord(file: string): Promise<RunRecord | string> {
    const id = file.slice(0, -runFileEnding.length);
    if (!isRunId(id)) return 'its name is not the id of a run';
    const name = path.join(this.#folder, file);
    const handle = await this.#fs.open(name, 'r').catch(reasonOf);
    if (typeof handle === 'string') return handle;
    try {
      const reader = await openReader(handle);
      if (typeof reader === 'string') return reader;
      const record = await reader.record();
      if (typeof record === 'string') return record;
      if (record.id !== id) return `it is the record of ${record.id}`;
      const { size } = await handle.stat();
      const output = new DiskOutput(name, reader.end, this.#fs, size);
      this.#writers.set(id, RunFileWriter.resume(output, record));
      return record;
    } catch (error) {
      return reasonOf(error);
    } finally {
      await handle.close();
    }
  }

  writeRecord(record: RunRecord): Promise<void> {
    return this.#writer(record.id).record(record);
  }

  createSteps(id: string, layout: StepLayout, plan: StepsPlan): StepsWriter {
    return this.#writer(id).steps(layout, plan);
  }

  async openSteps(id: string): Promise<StepsReader | null> {
    const file = await this.#fs.open(this.fileOf(id), 'r').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (!file) return null;
    try {
      const reader = await openReader(file);
      if (typeof reader !== 'string') return stepsOf(reader);
      throw new Error(reader);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  bytesOf(id: string): number {
    return this.#writers.get(id)?.byteLength ?? 0;
  }

  async remove(id: string): Promise<void> {
    await this.#writers.get(id)?.settled;
    this.#writers.delete(id);
    for (const ending of ['.new', '']) await this.#fs.rm(`${this.fileOf(id)}${ending}`, { force: true });
  }

  #writer(id: string): RunFileWriter {
    let writer = this.#writers.get(id);
    if (!writer) {
      writer = new RunFileWriter(new DiskOutput(this.fileOf(id), 0, this.#fs));
      this.#writers.set(id, writer);
    }
    return writer;
  }

  /**
   * The file of a run.
   *
   * @throws RangeError if the id could lead out of the folder
   */
  fileOf(id: string): string {
    if (!isRunId(id)) throw new RangeError(`${JSON.stringify(id)} is not the id of a run`);
    return path.join(this.#folder, `${id}${runFileEnding}`);
  }
}

/** The reader is loaded on first use: the Arrow library is large. */
async function openReader(file: nodeFs.FileHandle): Promise<RunFileReader | string> {
  const { RunFileReader } = await import('../format/runFileReader');
  return RunFileReader.open(file);
}

function stepsOf(reader: RunFileReader): StepsReader {
  return {
    stride: reader.head.stride,
    async *blocks() {
      for await (const { records, samples, keyframes } of reader.batches())
        yield { records, samples, keyframes };
    },
    get damage() {
      return reader.damage;
    },
    close: () => reader.close(),
  };
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** Without the path, because the path is long and the sentence already names the file. */
function reasonOf(error: unknown): string {
  return codeOf(error) ?? String(error);
}
