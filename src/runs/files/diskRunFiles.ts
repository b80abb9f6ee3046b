import * as nodeFs from 'node:fs/promises';
import path from 'node:path';
import { recordLength, type StepLayout } from '../../core/trace/layout';
import { isRunId } from '../runId';
import type { RunRecord } from '../runRecord';
import { BlockReader } from './blockReader';
import { BlockWriter } from './blockWriter';
import { readRecord, recordText } from './recordText';
import type { FileProblem, RunFiles, StepsPlan, StepsReader, StepsWriter, StoredRecords } from './runFiles';

/**
 * The part of the file system that is used here. A test may replace it, for example to simulate a full disk.
 */
export type FileSystem = Pick<
  typeof nodeFs,
  'appendFile' | 'mkdir' | 'open' | 'readdir' | 'readFile' | 'rename' | 'rm' | 'writeFile'
>;

/** The maximum size of the steps of a run on disk. Of longer runs every k-th step is stored. */
const bytesPerRun = 64 * 2 ** 20;
const recordEnding = '.json';

/**
 * The runs of a workspace in a folder: `<id>.json`, the record, and `<id>.steps`, the step records. Steps are
 * appended during the run, so that they are not lost if the window closes.
 */
export class DiskRunFiles implements RunFiles {
  readonly #folder: string;
  readonly #fs: FileSystem;
  readonly #writing = new Map<string, RecordWrites>();

  constructor(folder: string, fs: FileSystem = nodeFs) {
    this.#folder = folder;
    this.#fs = fs;
  }

  async readRecords(): Promise<StoredRecords> {
    const records: RunRecord[] = [];
    const problems: FileProblem[] = [];
    const names = await this.#fs.readdir(this.#folder).catch(() => []);
    // Read one after the other: a record may be large, and the event loop runs between two.
    for (const file of names.filter((name) => name.endsWith(recordEnding))) {
      const read = await this.#readRecord(file);
      if (typeof read === 'string')
        problems.push({ file, message: `The stored run ${file} was left out: ${read}.` });
      else records.push(read);
    }
    return { records: records.sort((a, b) => a.startedAt - b.startedAt), problems };
  }

  async #readRecord(file: string): Promise<RunRecord | string> {
    const id = file.slice(0, -recordEnding.length);
    if (!isRunId(id)) return 'its name is not the id of a run';
    let text: string;
    try {
      text = await this.#fs.readFile(path.join(this.#folder, file), 'utf8');
    } catch (error) {
      return reasonOf(error);
    }
    const record = readRecord(text);
    if (typeof record !== 'string' && record.id !== id) return `it is the record of ${record.id}`;
    return record;
  }

  writeRecord(record: RunRecord): Promise<void> {
    const file = this.#file(record.id, recordEnding);
    let writes = this.#writing.get(record.id);
    if (!writes) {
      writes = new RecordWrites(async (text) => {
        const fresh = `${file}.new`;
        await this.#fs.mkdir(this.#folder, { recursive: true });
        try {
          await this.#fs.writeFile(fresh, text);
          await this.#fs.rename(fresh, file);
        } catch (error) {
          await this.#fs.rm(fresh, { force: true }).catch(() => {});
          throw error;
        }
      });
      this.#writing.set(record.id, writes);
    }
    return writes.write(record);
  }

  createSteps(id: string, layout: StepLayout, { steps, stride }: StepsPlan): StepsWriter {
    const file = this.#file(id, '.steps');
    const length = recordLength(layout);
    const every = stride * Math.max(1, Math.ceil((8 * length * steps) / stride / bytesPerRun));
    return new BlockWriter({ recordLength: length, stride: every }, async (bytes) => {
      await this.#fs.mkdir(this.#folder, { recursive: true });
      await this.#fs.appendFile(file, bytes);
    });
  }

  async openSteps(id: string, layout: StepLayout): Promise<StepsReader | null> {
    const name = this.#file(id, '.steps');
    const file = await this.#fs.open(name, 'r').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    });
    return file && BlockReader.open(file, recordLength(layout));
  }

  /**
   * The record is removed last, so that a run whose removal was interrupted is still found and removed later.
   */
  async remove(id: string): Promise<void> {
    await this.#writing.get(id)?.settled;
    this.#writing.delete(id);
    for (const ending of ['.steps', `${recordEnding}.new`, recordEnding])
      await this.#fs.rm(this.#file(id, ending), { force: true });
  }

  /** @throws RangeError if the id could lead out of the folder */
  #file(id: string, ending: string): string {
    if (!isRunId(id)) throw new RangeError(`${JSON.stringify(id)} is not the id of a run`);
    return path.join(this.#folder, `${id}${ending}`);
  }
}

/**
 * Serializes the writes of one record. Requests during a write are combined into one write of the latest
 * record.
 */
class RecordWrites {
  readonly #writeText: (text: string) => Promise<void>;
  #going: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(writeText: (text: string) => Promise<void>) {
    this.#writeText = writeText;
  }

  write(record: RunRecord): Promise<void> {
    this.#next ??= this.#going
      .catch(() => {})
      .then(() => {
        this.#next = null;
        this.#going = this.#writeText(recordText(record));
        return this.#going;
      });
    return this.#next;
  }

  /** Settles when nothing is being written. Never rejects. */
  get settled(): Promise<void> {
    return (this.#next ?? this.#going).catch(() => {});
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** Without the path, because the path is long and the sentence already names the file. */
function reasonOf(error: unknown): string {
  return codeOf(error) ?? String(error);
}
