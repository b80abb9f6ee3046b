import path from 'node:path';
import { mergePatches } from '../core/config/resolve';
import type { RunConfigPatch } from '../core/config/runConfig';
import type { Keyframe } from '../core/keyframe';
import type { VectorSample } from '../core/trace/vectorSample';
import type { LossDeclaration } from '../loss/declaration';
import { LineMap } from '../loss/places/lineMap';
import type { Plan } from '../loss/plan';
import { DiskOutput } from '../runs/files/diskOutput';
import type { StepsWriter } from '../runs/files/runFiles';
import { RunFileWriter } from '../runs/files/runFileWriter';
import { endRecord, recordEvents } from '../runs/recordKeeping';
import { newRunId } from '../runs/runId';
import type { RunDescription } from '../runs/runOrder';
import { newRecord, type RunRecord } from '../runs/runRecord';
import type { OpenedRun, RunEnd } from '../runs/stepSource';
import { readText } from './findLosses';

/**
 * The file of a run of a loss.
 *
 * @param above  the configuration layers that override the annotation
 */
export function outFileOf(
  file: string,
  declaration: LossDeclaration,
  { source, config }: Plan,
  above: readonly RunConfigPatch[],
): OutFile {
  const lossText = lossTextOf(declaration);
  return new OutFile(file, { source, config, lossText, overrides: above.reduce(mergePatches, {}) });
}

/** The text of the function with its comment, as it is on disk. */
export function lossTextOf({ file, extent }: LossDeclaration): string {
  const text = readText(file);
  const { from, to } = new LineMap(file, text).range(extent);
  return text.slice(from, to);
}

/** The file of `--out`: the run as an Arrow stream (docs/run-format.md), appended while the run goes on. */
export class OutFile {
  readonly #record: RunRecord;
  readonly #writer: RunFileWriter;
  readonly #path: string;
  #steps: StepsWriter | null = null;
  #failure: string | null = null;
  readonly #startedAt = Date.now();

  constructor(file: string, description: RunDescription) {
    this.#path = file;
    this.#record = newRecord(newRunId(this.#startedAt), this.#startedAt, description);
    this.#writer = new RunFileWriter(new DiskOutput(path.resolve(file), 0));
  }

  /** Why the file cannot be written, in one sentence; null if it can. */
  get failure(): string | null {
    return this.#failure;
  }

  /** The events of the run that the file contains. */
  get listener() {
    const events = recordEvents(this.#record, () => this.#write());
    return {
      ...events,
      onOpened: (opened: OpenedRun) => this.#onOpened(opened, events.onOpened),
      onSample: (sample: VectorSample) => this.#steps?.sample(sample),
      onKeyframe: (keyframe: Keyframe) => this.#steps?.keyframe(keyframe),
    };
  }

  append(data: Float64Array, offset: number): void {
    this.#record.steps = data[offset]!;
    this.#steps?.append(data, offset);
  }

  /** Settles when everything is on disk. Never rejects. */
  async end(end: RunEnd, isStopped: boolean, changes: Partial<RunRecord> = {}): Promise<void> {
    endRecord(this.#record, end, isStopped);
    this.#record.elapsedMs = Date.now() - this.#startedAt;
    Object.assign(this.#record, changes);
    await this.#steps?.close().catch((error: unknown) => this.#fail(error));
    await this.#writer.record(this.#record).catch((error: unknown) => this.#fail(error));
  }

  #onOpened(opened: OpenedRun, take: (opened: OpenedRun) => void): void {
    const { layout, stride = 1 } = opened;
    this.#steps = this.#writer.steps(layout, { steps: this.#record.config.steps, stride });
    take(opened);
  }

  #write(): void {
    this.#writer.record(this.#record).catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    this.#failure ??= `--out: ${this.#path} cannot be written: ${(error as Error).message}`;
  }
}
