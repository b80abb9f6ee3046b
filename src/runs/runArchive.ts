import type { VectorSample } from '../core/trace/vectorSample';
import { Emitter, type Event } from './emitter';
import type { FileProblem, RunFiles, StepsWriter } from './files/runFiles';
import { restoreHistories } from './keptHistory';
import { Keyframes } from './keyframes';
import { newTrace } from './liveRun';
import type { PickedValues } from './pickedHistory';
import { Run } from './run';
import type { OpenedRun, StepSource } from './stepSource';
import { StoredRun } from './storedRun';

const writeSoonMs = 500;

/**
 * Stores the runs of a `RunStore` on disk and restores them. A write error does not end a run, but the run is
 * then lost when the window closes.
 */
export class RunArchive {
  readonly #files: RunFiles | null;
  readonly #problem = new Emitter<string>();
  /** Fires once, with a sentence, if runs cannot be written. */
  readonly onWriteProblem: Event<string> = this.#problem.event;
  /** The runs whose steps are completely on disk. */
  readonly #stored = new WeakSet<Run>();
  /** The runs whose records lack their vectors. */
  readonly #partial = new Set<Run>();
  readonly #completing = new Map<Run, Promise<void>>();
  readonly #reading = new Map<Run, Promise<void>>();
  readonly #soon = new Map<Run, NodeJS.Timeout>();
  #hasProblem = false;
  #picksWritten: Promise<unknown> = Promise.resolve();

  /** @param files  null if there is no storage */
  constructor(files: RunFiles | null) {
    this.#files = files;
  }

  /** The runs of earlier VS Code windows, oldest first, without their steps, and the files that could not be read. */
  async restore(): Promise<{ readonly runs: readonly Run[]; readonly problems: readonly FileProblem[] }> {
    if (!this.#files) return { runs: [], problems: [] };
    const { records, problems } = await this.#files.readRecords();
    const runs: Run[] = [];
    for (const { record, isWhole } of records) {
      const run = new Run(record);
      this.#stored.add(run);
      if (!isWhole) this.#partial.add(run);
      if (record.verification === 'running') record.verification = 'none';
      if (run.isLive) {
        record.status = 'interrupted';
        await this.complete(run);
        record.steps = await lastStepOf(new StoredRun(record, this.#files));
        void this.write(run);
      }
      runs.push(run);
    }
    return { runs, problems };
  }

  /** Reads the vectors of a run of an earlier window, if they are not there. Never rejects: a run that cannot be read stays as it is. */
  async complete(run: Run): Promise<void> {
    if (!this.#files || !this.#partial.has(run)) return;
    const completing = this.#completing.get(run) ?? this.#readVectors(run, this.#files);
    this.#completing.set(run, completing);
    await completing;
    this.#completing.delete(run);
  }

  async #readVectors(run: Run, files: RunFiles): Promise<void> {
    const whole = await files.readRecord(run.record.id);
    if (typeof whole === 'string') return;
    this.#partial.delete(run);
    const { start, config, source, layout, outcome, findings } = whole;
    Object.assign(run.record, { start, config, source, layout, outcome, findings });
  }

  /** Whether the steps of a run can be read again. */
  has(run: Run): boolean {
    return this.#stored.has(run);
  }

  /** Writes the record within half a second, so that a crash loses little and frequent changes cost little. */
  writeSoon(run: Run): void {
    if (this.#soon.has(run)) return;
    this.#soon.set(
      run,
      setTimeout(() => void this.write(run), writeSoonMs),
    );
  }

  /** Writes the record. Never rejects. */
  async write(run: Run): Promise<void> {
    clearTimeout(this.#soon.get(run));
    this.#soon.delete(run);
    if (this.#partial.has(run)) await this.complete(run);
    // A record without its vectors must not replace the whole one.
    if (this.#partial.has(run)) return;
    await this.#writing(this.#files?.writeRecord(run.record));
  }

  /** Writes values of a coordinate that was chosen after the run began. */
  writePicked({ record }: Run, picked: PickedValues): void {
    const written = this.#writing(this.#files?.writePicked(record.id, picked));
    this.#picksWritten = Promise.all([this.#picksWritten, written]);
  }

  /** Settles when the values of `writePicked` are on disk. Never rejects. */
  async settled(): Promise<void> {
    await this.#picksWritten;
  }

  async #writing(written: Promise<void> | undefined): Promise<void> {
    try {
      await written;
    } catch (error) {
      if (this.#hasProblem) return;
      this.#hasProblem = true;
      this.#problem.fire(
        `Adamscope cannot write runs to disk (${reasonOf(error)}). They last until the window closes.`,
      );
    }
  }

  /** The writer of the steps of a run; null if they are not written. */
  writerFor({ record }: Run, { layout, stride = 1 }: OpenedRun): StepsWriter | null {
    return this.#files?.createSteps(record.id, layout, { steps: record.config.steps, stride }) ?? null;
  }

  /** Ends the writing of a run's steps. Never rejects: an error is stored in `storageProblem` of the run. */
  async close(run: Run, writer: StepsWriter | null): Promise<void> {
    if (!this.#files) return;
    try {
      await writer?.close();
      this.#stored.add(run);
    } catch (error) {
      const message = `The steps of this run could not be written to disk (${reasonOf(error)}). They last until the window closes.`;
      const { location } = run.record.source;
      run.storageProblem = { code: 'not-kept', severity: 'warning', message, location };
    }
  }

  /** Reads the steps of a run that has ended into its trace. Never rejects: an error is stored in `storageProblem` of the run. */
  async read(run: Run): Promise<void> {
    if (!this.#files || !this.#stored.has(run)) return;
    if (this.#partial.has(run)) await this.complete(run);
    const reading = this.#reading.get(run) ?? this.#readFrom(run, new StoredRun(run.record, this.#files));
    this.#reading.set(run, reading);
    await reading;
    this.#reading.delete(run);
  }

  /** The size of a run on disk in bytes. */
  bytesOf({ record }: Run): number {
    return this.#files?.bytesOf(record.id) ?? 0;
  }

  /** Waits until the index of the runs is on disk. Never rejects. */
  async indexed(): Promise<void> {
    await this.#files?.settle();
  }

  async remove(run: Run): Promise<void> {
    this.#stored.delete(run);
    this.#partial.delete(run);
    clearTimeout(this.#soon.get(run));
    this.#soon.delete(run);
    // If a file cannot be removed now, a later window removes it.
    await this.#files?.remove(run.record.id).catch(() => {});
  }

  async #readFrom(run: Run, source: StepSource): Promise<void> {
    let trace: ReturnType<typeof newTrace> | null = null;
    const samples: VectorSample[] = [];
    const keyframes = new Keyframes();
    const picked: PickedValues[] = [];
    source.open({
      onOpened: (opened) => {
        trace = newTrace(opened);
      },
      onRecord: (data, offset) => trace?.append(data, offset),
      onSample: (sample) => samples.push(sample),
      onKeyframe: (keyframe) => keyframes.add(keyframe),
      onPicked: (values) => picked.push(values),
    });
    const { problems } = await source.ended;
    run.trace = trace;
    run.samples = samples;
    run.keyframes = keyframes;
    restoreHistories(run, picked);
    run.storageProblem = problems[0] ?? null;
  }
}

/** The last step of a source. */
async function lastStepOf(source: StepSource): Promise<number> {
  let last = 0;
  source.open({
    onRecord: (data, offset) => {
      last = data[offset]!;
    },
  });
  await source.ended;
  return last;
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
