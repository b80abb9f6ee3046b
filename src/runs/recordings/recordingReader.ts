import type { FileHandle } from 'node:fs/promises';
import type { RecordBatch, Schema } from 'apache-arrow';
import * as v from 'valibot';
import type { ExtraName, StepLayout } from '../../core/trace/layout';
import { layoutOfRecording } from '../../recordings/derivation';
import { type Recording, readRecording } from '../../recordings/recording';
import { readHeadParts } from '../format/head';
import { type ReadableFile, StreamReader } from '../format/streamReader';
import { type RecordingBatch, RecordingBatches } from './recordingBatches';

/** The texts of the script: [absolute path, text]. */
type Texts = readonly (readonly [string, string])[];

/** How a recording ended, as its file says. */
export interface RecordingEnd {
  /** Calls of the optimizer's `step`. */
  readonly steps: number;
  /** Why the recorder gave up, in a sentence; null if the training ended, or was no longer watched. */
  readonly failure: string | null;
}

const endSchema = v.object({
  ended: v.object({ steps: v.number(), reason: v.string(), message: v.optional(v.string()) }),
});

/**
 * Reads the recording of a training, also while it is being written, and up to its last whole batch if it is damaged. The file is read
 * once, from its start to its end.
 */
export class RecordingReader {
  readonly recording: Recording;
  readonly texts: Texts;
  /** Known after `next` has returned a batch. */
  layout: StepLayout | null = null;
  /** null while the file does not say that the training has ended. */
  end: RecordingEnd | null = null;
  readonly #file: ReadableFile;
  readonly #stream: StreamReader;
  readonly #batches: RecordingBatches;
  readonly #hasAge: boolean;

  private constructor(
    file: ReadableFile,
    stream: StreamReader,
    schema: Schema,
    recording: Recording,
    texts: Texts,
  ) {
    this.#file = file;
    this.#stream = stream;
    this.recording = recording;
    this.texts = texts;
    this.#batches = new RecordingBatches(schema, recording);
    this.#hasAge = schema.fields.some(({ name }) => name === 'age');
  }

  /**
   * @returns the reader; null if the file is the run of a loss; or why it cannot be read, without a full stop. The caller closes the
   *   file unless it gets a reader.
   */
  static async open(file: FileHandle): Promise<RecordingReader | string | null> {
    const stream = new StreamReader(file);
    const message = await stream.next();
    if (message?.kind !== 'schema')
      return message === null && stream.damage === null ? 'it is empty' : 'it does not begin like a run';
    const head = readHeadParts(message.schema);
    if (typeof head === 'string') return head;
    if (!('recording' in head.json)) return null;
    const recording = readRecording(head.json.recording);
    if (typeof recording === 'string') return recording;
    return new RecordingReader(file, stream, message.schema, recording, head.texts);
  }

  /** Why reading ended before the end of the file, without a full stop; null if it did not. */
  get damage(): string | null {
    return this.#stream.damage;
  }

  /** Whether the file ends within a batch, as while it is written, or after a crash. */
  get isCut(): boolean {
    return this.#stream.isCut;
  }

  /**
   * The batches from here to the end of the file as it is now. Called again later, it continues with what was appended since.
   */
  async *batches(): AsyncGenerator<RecordingBatch> {
    this.#stream.retry();
    for (let message = await this.#stream.next(); message; message = await this.#stream.next()) {
      if (message.kind !== 'batch') return this.#stream.reject('it has a second head');
      const batch = this.#batches.decode(await this.#stream.bytes(message));
      if (typeof batch === 'string') return this.#stream.reject(batch);
      this.layout ??= layoutOfRecording(this.recording, this.#extrasOf(batch));
      const content = this.#batches.contentOf(batch, this.layout);
      if (typeof content === 'string') return this.#stream.reject(content);
      for (const event of content.events) this.#takeEnd(event);
      yield content;
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #extrasOf(batch: RecordBatch): ExtraName[] {
    const isScaled = RecordingBatches.has(batch, 'lossScale');
    return [...(this.#hasAge ? ['age' as const] : []), ...(isScaled ? ['lossScale' as const] : [])];
  }

  #takeEnd(event: string): void {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), endSchema), event);
    if (!parsed.success) return;
    const { steps, reason, message } = parsed.output.ended;
    this.end = { steps, failure: reason === 'failed' ? (message ?? 'The recorder failed.') : null };
  }
}
