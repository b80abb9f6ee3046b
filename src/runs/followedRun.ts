import { open, stat } from 'node:fs/promises';
import { recordLength } from '../core/trace/layout';
import type { LossProblem } from '../loss/problem';
import { RunFileReader } from './format/runFileReader';
import type { RunRecord } from './runRecord';
import type { RunEnd, StepListener, StepSource } from './stepSource';

const pollMs = 300;
/** A file that is written by a running process grows at least this often: the writer flushes twice a second. */
const staleMs = 60_000;

/**
 * A run in any run file, read to its end and then followed while another process appends to it. Ends when its record says that
 * the run has ended, when the file is damaged, or when it was last changed long ago.
 */
export class FollowedRun implements StepSource {
  readonly control = null;
  readonly ended: Promise<RunEnd>;
  readonly #reader: RunFileReader;
  readonly #file: string;
  #resolve!: (end: RunEnd) => void;
  #isClosed = false;

  private constructor(file: string, reader: RunFileReader) {
    this.#file = file;
    this.#reader = reader;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /**
   * @returns the source and the record as it is now, or why the file cannot be read, without a full stop
   * @throws the error of the file system
   */
  static async of(file: string): Promise<{ source: FollowedRun; record: RunRecord } | string> {
    const first = await reading(file);
    if (typeof first === 'string') return first;
    const record = await first.record().finally(() => first.close());
    if (typeof record === 'string') return record;
    const reader = await reading(file);
    return typeof reader === 'string' ? reader : { source: new FollowedRun(file, reader), record };
  }

  open(listener: StepListener): void {
    void this.#follow(listener)
      .catch((error: unknown) => String(error))
      .then(async (damage) => {
        const record = this.#reader.recordSoFar();
        await this.#reader.close();
        this.#resolve(endOf(record, damage));
      });
  }

  close(): void {
    this.#isClosed = true;
  }

  /** @returns why reading ended before the end, without a full stop; null if it did not */
  async #follow(listener: StepListener): Promise<string | null> {
    let isOpened = false;
    let lrChanges = 0;
    for (;;) {
      isOpened = await this.#readOn(listener, isOpened);
      const record = this.#reader.recordSoFar();
      if (typeof record === 'string') return record;
      listener.onFindings?.(record.findings);
      for (const change of record.lrChanges.slice(lrChanges)) listener.onLrChange?.(...change);
      lrChanges = record.lrChanges.length;
      const { damage } = this.#reader;
      const isCut = damage !== null && this.#reader.end !== null;
      if (damage !== null && !isCut) return damage;
      if (this.#isClosed || hasEnded(record)) return damage;
      if (await this.#isStale()) return damage;
      await new Promise((resolve) => setTimeout(resolve, pollMs));
      this.#reader.retry();
    }
  }

  async #readOn(listener: StepListener, wasOpened: boolean): Promise<boolean> {
    let isOpened = wasOpened;
    const { layout, head } = this.#reader;
    const length = layout ? recordLength(layout) : 1;
    for await (const { records, samples, keyframes, picked } of this.#reader.batches()) {
      if (!isOpened) {
        const record = this.#reader.recordSoFar();
        if (layout && typeof record !== 'string' && record.start && record.gradientMode) {
          const { start, gradientMode, source } = record;
          listener.onOpened?.({ start, layout, stride: head.stride, gradientMode, texts: source.texts });
          isOpened = true;
        }
      }
      for (let offset = 0; isOpened && offset < records.length; offset += length)
        listener.onRecord?.(records, offset);
      if (isOpened) for (const sample of samples) listener.onSample?.(sample);
      if (isOpened) for (const keyframe of keyframes) listener.onKeyframe?.(keyframe);
      if (isOpened) for (const each of picked) listener.onPicked?.(each);
      listener.onSteps?.();
      if (this.#isClosed) break;
    }
    return isOpened;
  }

  async #isStale(): Promise<boolean> {
    const { mtimeMs } = await stat(this.#file);
    return Date.now() - mtimeMs > staleMs;
  }
}

async function reading(file: string): Promise<RunFileReader | string> {
  const handle = await open(file, 'r');
  try {
    const reader = await RunFileReader.open(handle);
    if (typeof reader === 'string') await handle.close();
    return reader;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function hasEnded({ status }: RunRecord): boolean {
  return status === 'finished' || status === 'failed' || status === 'interrupted';
}

function endOf(record: RunRecord | string, damage: string | null): RunEnd {
  if (typeof record === 'string') return { outcome: null, problems: [], expectation: null };
  const { outcome, expectation, problems, source } = record;
  const warning: LossProblem[] =
    damage === null
      ? []
      : [
          {
            code: 'steps-damaged',
            severity: 'warning',
            message: `The file could not be read to its end: ${damage}. The charts show what could be read.`,
            location: source.location,
          },
        ];
  return { outcome, expectation, problems: [...problems, ...warning], isInterrupted: outcome === null };
}
