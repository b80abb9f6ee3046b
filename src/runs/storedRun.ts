import { recordLength } from '../core/trace/layout';
import type { LossProblem } from '../loss/problem';
import type { RunFiles } from './files/runFiles';
import type { RunRecord } from './runRecord';
import type { RunEnd, StepListener, StepSource } from './stepSource';

/**
 * A run that has ended, read from its files. Steps that cannot be read are omitted, and `ended` contains a warning.
 */
export class StoredRun implements StepSource {
  readonly control = null;
  readonly ended: Promise<RunEnd>;
  readonly #record: RunRecord;
  readonly #files: Pick<RunFiles, 'openSteps'>;
  #resolve!: (end: RunEnd) => void;
  #isClosed = false;

  constructor(record: RunRecord, files: Pick<RunFiles, 'openSteps'>) {
    this.#record = record;
    this.#files = files;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  open(listener: StepListener): void {
    const { outcome, expectation } = this.#record;
    void this.#tell(listener).then((damage) => {
      this.#resolve({ outcome, expectation, problems: damage === null ? [] : [this.#warning(damage)] });
    });
  }

  close(): void {
    this.#isClosed = true;
  }

  /** @returns a description of the damage of the steps, without a full stop; null if there is none */
  async #tell(listener: StepListener): Promise<string | null> {
    const { id, layout, start, gradientMode, source, findings, steps } = this.#record;
    if (!layout || !start || !gradientMode) return null;
    let last = 0;
    try {
      const reader = await this.#files.openSteps(id);
      const stride = reader?.stride ?? 1;
      const length = recordLength(layout);
      listener.onOpened?.({ start, layout, stride, gradientMode, texts: source.texts });
      if (!reader) return steps === 0 ? null : 'they are not there';
      try {
        for await (const { records, samples, keyframes, picked } of reader.blocks()) {
          if (this.#isClosed) return null;
          for (let offset = 0; offset < records.length; offset += length)
            listener.onRecord?.(records, offset);
          for (const sample of samples) listener.onSample?.(sample);
          for (const keyframe of keyframes) listener.onKeyframe?.(keyframe);
          for (const each of picked) listener.onPicked?.(each);
          if (records.length > 0) last = records[records.length - length]!;
          listener.onSteps?.();
        }
        listener.onFindings?.(findings);
        if (reader.damage !== null) return reader.damage;
        return last + stride > steps ? null : 'the last ones were not written';
      } finally {
        await reader.close();
      }
    } catch (error) {
      return String(error);
    }
  }

  #warning(damage: string): LossProblem {
    const message = `The stored steps of this run could not be read to the end: ${damage}. The charts show what could be read.`;
    return { code: 'steps-damaged', severity: 'warning', message, location: this.#record.source.location };
  }
}
