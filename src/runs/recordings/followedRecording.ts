import { open, stat } from 'node:fs/promises';
import os from 'node:os';
import { recordLength } from '../../core/trace/layout';
import type { LossProblem } from '../../loss/problem';
import type { RankComparison } from '../../recordings/rankComparison';
import { RecordingFindings } from '../../recordings/recordingFindings';
import type { RunDescription } from '../runOrder';
import type { RunEnd, StepListener, StepSource } from '../stepSource';
import { describeRecording, locationOf } from './describeRecording';
import { RecordingReader } from './recordingReader';

const pollMs = 300;
/** The recorder writes twice a second while it has rows; but one step of a large model, or an evaluation, may take minutes. */
const staleMs = 10 * 60_000;

/** How a recording is read. */
export interface Reading {
  /** Whether it is followed until it ends; otherwise it is read to where it is now. */
  readonly follows: boolean;
  /** Compares the ranks of a distributed training; null if they are not compared. */
  readonly ranks: RankComparison | null;
  /** Settles when the recordings of the other ranks have ended, so that all of them are compared. */
  readonly others: Promise<unknown>;
}

const alone: Reading = { follows: true, ranks: null, others: Promise.resolve() };

/**
 * The recording of a training, read to its end and then followed while its script appends to it. Ends when the file says so, when it is
 * damaged, or when its process is gone.
 */
export class FollowedRecording implements StepSource {
  readonly control = null;
  readonly ended: Promise<RunEnd>;
  readonly description: RunDescription;
  readonly #file: string;
  readonly #reader: RecordingReader;
  readonly #findings: RecordingFindings;
  readonly #follows: boolean;
  readonly #others: Promise<unknown>;
  #resolve!: (end: RunEnd) => void;
  #isClosed = false;

  private constructor(file: string, reader: RecordingReader, { follows, ranks, others }: Reading) {
    this.#file = file;
    this.#reader = reader;
    this.#follows = follows;
    this.#others = others;
    const { recording, texts } = reader;
    this.description = describeRecording(recording, file, texts);
    const known = new Map(texts);
    this.#findings = new RecordingFindings(recording, (place) => locationOf(place, known), ranks);
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /**
   * @returns the source; null if the file is the run of a loss; or why it cannot be read, without a full stop
   * @throws the error of the file system
   */
  static async of(file: string, reading: Reading = alone): Promise<FollowedRecording | string | null> {
    const handle = await open(file, 'r');
    let reader: RecordingReader | string | null = null;
    try {
      reader = await RecordingReader.open(handle);
    } finally {
      if (reader === null || typeof reader === 'string') await handle.close();
    }
    return reader === null || typeof reader === 'string'
      ? reader
      : new FollowedRecording(file, reader, reading);
  }

  open(listener: StepListener): void {
    void this.#follow(listener)
      .catch((error: unknown) => String(error))
      .then(async (damage) => {
        await this.#reader.close();
        await this.#others;
        this.#report(listener);
        this.#resolve(this.#endOf(damage));
      });
  }

  close(): void {
    this.#isClosed = true;
  }

  /** @returns why reading ended before the end, without a full stop; null if it did not */
  async #follow(listener: StepListener): Promise<string | null> {
    let isOpened = false;
    for (;;) {
      // Asked before the file is read, so that what the process wrote at its end is not missed.
      const isAlive = await this.#isAlive();
      for await (const batch of this.#reader.batches()) {
        const { layout } = this.#reader;
        if (layout && !isOpened) {
          const { texts } = this.#reader;
          listener.onRecordingOpened?.({ layout, texts });
          isOpened = true;
        }
        const length = layout ? recordLength(layout) : 1;
        for (let offset = 0; offset < batch.records.length; offset += length)
          listener.onRecord?.(batch.records, offset);
        for (const { tensors } of batch.steps) if (tensors) listener.onTensors?.(tensors);
        this.#findings.take(batch);
        listener.onSteps?.();
        if (this.#isClosed) break;
      }
      this.#report(listener);
      const { damage, isCut, end } = this.#reader;
      if (damage !== null && !isCut) return damage;
      if (this.#isClosed || end !== null || !isAlive || !this.#follows) return damage;
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  #report(listener: StepListener): void {
    if (this.#findings.hasChanged()) listener.onFindings?.(this.#findings.all);
  }

  /** Whether the process that writes the file may still be there. */
  async #isAlive(): Promise<boolean> {
    const { process: writer } = this.#reader.recording;
    if (writer?.host === os.hostname()) return isRunning(writer.pid);
    const { mtimeMs } = await stat(this.#file);
    return Date.now() - mtimeMs <= staleMs;
  }

  #endOf(damage: string | null): RunEnd {
    const { end } = this.#reader;
    const problems: LossProblem[] = [];
    const { location } = this.description.source;
    if (damage !== null)
      problems.push({
        code: 'steps-damaged',
        severity: 'warning',
        message: `The file could not be read to its end: ${damage}. The charts show what could be read.`,
        location,
      });
    if (end?.failure)
      problems.push({ code: 'recording-failed', severity: 'warning', message: end.failure, location });
    return {
      outcome: null,
      problems,
      expectation: null,
      isInterrupted: end === null,
      ...(end && { steps: end.steps }),
    };
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
