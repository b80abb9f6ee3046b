import { appendFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fromJson, toJson } from '../../core/numerics/json';
import { recordLength } from '../../core/trace/layout';
import { Trace } from '../../core/trace/trace';
import type { RunRecord } from './run';

/** Steps of a run are kept on disk up to this size; longer runs keep every k-th step there. */
const bytesPerRun = 64 * 2 ** 20;
const runsKept = 20;
const version = 1;

/**
 * The runs of a workspace on disk: `<id>.json`, the record, and `<id>.steps`, the step records as they come from the
 * worker (Float64, little endian). Steps are appended while the run goes on, so that a window that goes away takes
 * nothing with it.
 */
export class RunFiles {
  readonly #folder: string;
  readonly #writers = new Map<string, StepsWriter>();
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The records of the kept runs, oldest first. Files that cannot be read are left out. */
  async readAll(): Promise<RunRecord[]> {
    const files = await readdir(this.#folder).catch(() => []);
    const records = await Promise.all(
      files.filter((file) => file.endsWith('.json')).map((file) => this.#read(path.join(this.#folder, file))),
    );
    return records.filter((record) => record !== null).sort((a, b) => a.startedAt - b.startedAt);
  }

  async #read(file: string): Promise<RunRecord | null> {
    try {
      const stored = fromJson(await readFile(file, 'utf8')) as { version: number; record: RunRecord };
      if (stored.version !== version) return null;
      const { record } = stored;
      // Runs were kept before fixes were tried.
      record.verification ??= 'off';
      if (record.outcome) {
        const { outcome } = record;
        record.outcome = {
          ...outcome,
          final: { ...outcome.final, params: Float64Array.from(outcome.final.params) },
          best: { ...outcome.best, params: Float64Array.from(outcome.best.params) },
        };
      }
      return record;
    } catch {
      return null;
    }
  }

  /**
   * Writes the record whole, in place of the old one at once; writes follow one another. A disk that is full must not
   * end the run: then it lasts as long as the window.
   */
  write(record: RunRecord): Promise<void> {
    const text = toJson({ version, record });
    const file = path.join(this.#folder, `${record.id}.json`);
    this.#writing = this.#writing
      .then(() => mkdir(this.#folder, { recursive: true }))
      .then(() => writeFile(`${file}.new`, text))
      .then(() => rename(`${file}.new`, file))
      .catch(() => {});
    return this.#writing;
  }

  /** Takes a step record; it is on disk within a second. */
  append(record: RunRecord, data: Float64Array, offset: number): void {
    let writer = this.#writers.get(record.id);
    if (!writer) {
      const length = recordLength(record.layout!);
      writer = new StepsWriter(this.#stepsFile(record.id), length, strideOf(record));
      this.#writers.set(record.id, writer);
    }
    writer.append(data, offset);
  }

  /** Waits until everything taken is on disk. */
  async flush(id: string): Promise<void> {
    await this.#writers.get(id)?.flush();
  }

  async close(id: string): Promise<void> {
    await this.flush(id);
    this.#writers.delete(id);
  }

  /** The steps of a kept run; null if there are none. */
  async readTrace(record: RunRecord): Promise<Trace | null> {
    const { layout, start } = record;
    if (!layout || !start) return null;
    const trace = new Trace(
      layout,
      layout.coordinates.map((c) => start[c]!),
      { stride: strideOf(record) },
    );
    const length = recordLength(layout);
    const file = await open(this.#stepsFile(record.id), 'r').catch(() => null);
    if (!file) return trace;
    try {
      const block = new Float64Array(length * 4096);
      const bytes = new Uint8Array(block.buffer);
      for (;;) {
        const { bytesRead } = await file.read(bytes, 0, bytes.length);
        const rows = Math.floor(bytesRead / (8 * length));
        for (let row = 0; row < rows; row++) trace.append(block, row * length);
        if (bytesRead < bytes.length) return trace;
      }
    } finally {
      await file.close();
    }
  }

  /** Removes all but the newest runs; returns the ids that are left. */
  async prune(ids: readonly string[]): Promise<void> {
    for (const id of ids.slice(0, Math.max(0, ids.length - runsKept))) {
      await rm(path.join(this.#folder, `${id}.json`), { force: true });
      await rm(this.#stepsFile(id), { force: true });
    }
  }

  #stepsFile(id: string): string {
    return path.join(this.#folder, `${id}.steps`);
  }
}

function strideOf({ layout, config }: RunRecord): number {
  return Math.max(1, Math.ceil((8 * recordLength(layout!) * config.steps) / bytesPerRun));
}

/** Collects records and appends them to the file, one write at a time. */
class StepsWriter {
  readonly #file: string;
  readonly #length: number;
  readonly #stride: number;
  #pending: Float64Array;
  #count = 0;
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(file: string, length: number, stride: number) {
    this.#file = file;
    this.#length = length;
    this.#stride = stride;
    this.#pending = new Float64Array(length * 256);
  }

  append(data: Float64Array, offset: number): void {
    const t = data[offset]!;
    if ((t - 1) % this.#stride !== 0) return;
    const at = this.#count * this.#length;
    if (at === this.#pending.length) {
      const larger = new Float64Array(2 * at);
      larger.set(this.#pending);
      this.#pending = larger;
    }
    for (let i = 0; i < this.#length; i++) this.#pending[at + i] = data[offset + i]!;
    this.#count++;
    this.#timer ??= setTimeout(() => this.#write(), 500);
  }

  async flush(): Promise<void> {
    if (this.#timer) this.#write();
    await this.#writing;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rows = this.#pending.slice(0, this.#count * this.#length);
    this.#count = 0;
    this.#writing = this.#writing
      .then(() => appendFile(this.#file, new Uint8Array(rows.buffer)))
      // A full disk must not end the run: the steps stay in memory, only their copy is lost.
      .catch(() => {});
  }
}
