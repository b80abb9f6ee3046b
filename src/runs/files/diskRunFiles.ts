import * as nodeFs from 'node:fs/promises';
import path from 'node:path';
import type { StepLayout } from '../../core/trace/layout';
import type { RunStatus } from '../../protocol/panel';
import type { RunFileReader } from '../format/runFileReader';
import type { PickedValues } from '../pickedHistory';
import { isRunId } from '../runId';
import type { RunRecord } from '../runRecord';
import { DiskOutput, type WritableDisk } from './diskOutput';
import type {
  FileProblem,
  RunFiles,
  StepsPlan,
  StepsReader,
  StepsWriter,
  StoredRecord,
  StoredRecords,
} from './runFiles';
import { RunFileWriter } from './runFileWriter';
import { type FileState, RunIndex } from './runIndex';

/**
 * The part of the file system that is used here. A test may replace it, for example to simulate a full disk.
 */
export type FileSystem = WritableDisk & Pick<typeof nodeFs, 'open' | 'readdir'>;

/** The ending of the name of a run file. */
export const runFileEnding = '.adamscope';
const indexName = 'index.json';
const indexAfterMs = 1000;
const activeStates: ReadonlySet<RunStatus> = new Set(['queued', 'loading', 'running', 'paused']);

/** The runs of a workspace in a folder, each in a file `<id>.adamscope` (`docs/run-format.md`). */
export class DiskRunFiles implements RunFiles {
  readonly #folder: string;
  readonly #fs: FileSystem;
  readonly #writers = new Map<string, RunFileWriter>();
  /** The sizes of the files that were not opened, because the index knows their records. */
  readonly #sizes = new Map<string, number>();
  #index = RunIndex.of(null);
  /** The runs whose entries in the index are out of date. */
  readonly #changed = new Map<string, RunRecord>();
  #indexing: NodeJS.Timeout | undefined;
  #indexed: Promise<void> = Promise.resolve();

  constructor(folder: string, fs: FileSystem = nodeFs) {
    this.#folder = folder;
    this.#fs = fs;
  }

  async readRecords(): Promise<StoredRecords> {
    const records: StoredRecord[] = [];
    const problems: FileProblem[] = [];
    this.#index = RunIndex.of(await this.#readIndex());
    const names = await this.#fs.readdir(this.#folder).catch(() => []);
    // Read one after the other: a record may be large, and the event loop runs between two.
    for (const file of names.filter((name) => name.endsWith(runFileEnding))) {
      const read = (await this.#fromIndex(file)) ?? (await this.#readRecord(file));
      if (typeof read === 'string')
        problems.push({ file, message: `The stored run ${file} was left out: ${read}.` });
      else if ('record' in read) records.push(read);
      else {
        records.push({ record: read, isWhole: true });
        this.#indexSoon(read);
      }
    }
    return { records: records.sort((a, b) => a.record.startedAt - b.record.startedAt), problems };
  }

  readRecord(id: string): Promise<RunRecord | string> {
    return this.#readRecord(`${id}${runFileEnding}`);
  }

  async settle(): Promise<void> {
    clearTimeout(this.#indexing);
    await this.#writeIndex();
  }

  async #readIndex(): Promise<string | null> {
    const file = await this.#fs.open(path.join(this.#folder, indexName), 'r').catch(() => null);
    try {
      return (await file?.readFile('utf8')) ?? null;
    } catch {
      return null;
    } finally {
      await file?.close();
    }
  }

  async #fromIndex(file: string): Promise<StoredRecord | null> {
    const id = file.slice(0, -runFileEnding.length);
    const state = isRunId(id) && (await this.#stateOf(id));
    const found = state ? this.#index.recordOf(id, state) : null;
    if (state && found) this.#sizes.set(id, state.size);
    return found;
  }

  async #stateOf(id: string): Promise<FileState | null> {
    const handle = await this.#fs.open(this.fileOf(id), 'r').catch(() => null);
    try {
      return (await handle?.stat()) ?? null;
    } finally {
      await handle?.close();
    }
  }

  #indexSoon(record: RunRecord): void {
    this.#changed.set(record.id, record);
    clearTimeout(this.#indexing);
    this.#indexing = setTimeout(() => void this.#writeIndex(), indexAfterMs).unref();
  }

  /** A run in progress is left out: its file changes until it ends. Errors are ignored: without an index, the run files are read. */
  #writeIndex(): Promise<void> {
    this.#indexed = this.#indexed.then(async () => {
      const changed = [...this.#changed];
      this.#changed.clear();
      let isThere = false;
      for (const [id, record] of changed) {
        await this.#writers.get(id)?.settled;
        const state = await this.#stateOf(id);
        if (state) this.#index.set(record, state);
        isThere ||= state !== null;
      }
      // The folder may have been removed since.
      if (!isThere) return;
      const file = new DiskOutput(path.join(this.#folder, indexName), 0, this.#fs);
      await file.replace(Buffer.from(this.#index.json)).catch(() => {});
    });
    return this.#indexed;
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
    return this.#writer(record.id)
      .record(record)
      .then(() => {
        if (!activeStates.has(record.status)) this.#indexSoon(record);
      });
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

  async writePicked(id: string, picked: PickedValues): Promise<void> {
    // Without a writer, the run has been removed.
    await this.#writers.get(id)?.picked(picked);
  }

  bytesOf(id: string): number {
    return this.#writers.get(id)?.byteLength ?? this.#sizes.get(id) ?? 0;
  }

  async remove(id: string): Promise<void> {
    await this.#writers.get(id)?.settled;
    this.#writers.delete(id);
    this.#changed.delete(id);
    this.#index.delete(id);
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
      for await (const { records, samples, keyframes, picked } of reader.batches())
        yield { records, samples, keyframes, picked };
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
