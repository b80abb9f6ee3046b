import type { Schema } from 'apache-arrow';
import * as v from 'valibot';
import type { StepLayout } from '../../core/trace/layout';
import type { RunRecord } from '../runRecord';
import { schemaOf } from './columns';
import { BatchDecoder, type DecodedBatch } from './decodeBatch';
import { type RunHead, readHead } from './head';
import type { BatchMessage } from './message';
import { recordOf } from './recordJson';
import { type ReadableFile, StreamReader } from './streamReader';

const eventSchema = v.object({ set: v.looseObject({}) });

/**
 * Reads a run file, also while it is being written, and up to its last whole batch if it is damaged. The file is read once from
 * its start to its end: either its record, or its batches.
 */
export class RunFileReader {
  readonly head: RunHead;
  readonly #stream: StreamReader;
  readonly #decoder: BatchDecoder;
  readonly #file: ReadableFile;
  #members: object;
  #start: readonly number[] | null = null;

  private constructor(file: ReadableFile, stream: StreamReader, head: RunHead, decoder: BatchDecoder) {
    this.#file = file;
    this.#stream = stream;
    this.head = head;
    this.#decoder = decoder;
    this.#members = head.members;
  }

  /** @returns the reader, or why the file cannot be read, without a full stop. The caller closes the file in that case. */
  static async open(file: ReadableFile): Promise<RunFileReader | string> {
    const stream = new StreamReader(file);
    const message = await stream.next();
    if (message === null) return stream.damage === null ? 'it is empty' : 'it does not begin like a run';
    if (message.kind !== 'schema') return 'it does not begin like a run';
    const head = readHead(message.schema);
    if (typeof head === 'string') return head;
    if (!hasColumns(message.schema, schemaOf(head.layout))) return 'its columns are not those of its layout';
    return new RunFileReader(file, stream, head, new BatchDecoder(message.schema, head.layout));
  }

  /** Why reading ended before the end of the file, without a full stop; null if it did not. */
  get damage(): string | null {
    return this.#stream.damage;
  }

  /**
   * Where a writer may continue: the end of the last whole batch, in bytes. null if the file is damaged before its end, because
   * what follows might be repaired.
   */
  get end(): number | null {
    return this.damage === null || this.#stream.isCut ? this.#stream.end : null;
  }

  get layout(): StepLayout | null {
    return this.head.layout;
  }

  /**
   * The batches from here to the end of the file as it is now. Called again later, it continues with what was appended since.
   */
  async *batches(): AsyncGenerator<DecodedBatch> {
    for (let message = await this.#stream.next(); message; message = await this.#stream.next()) {
      const batch = message.kind === 'batch' && (await this.#decode(message));
      if (!batch) return;
      yield batch;
    }
  }

  /**
   * The record in its last state. Skips the bodies of the batches without events and keyframes.
   *
   * @returns the record, or why it cannot be read, without a full stop
   */
  async record(): Promise<RunRecord | string> {
    for (let message = await this.#stream.next(); message; message = await this.#stream.next()) {
      if (message.kind !== 'batch') break;
      if (hasEvent(message) || this.#start === null) await this.#decode(message);
    }
    return this.recordSoFar();
  }

  /** The record after the batches that have been read. */
  recordSoFar(): RunRecord | string {
    return recordOf(this.#members, { start: this.#start, texts: this.head.texts });
  }

  /** Lets `batches` try again to read a batch that was cut off, because it may have been completed since. */
  retry(): void {
    this.#stream.retry();
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #decode(message: BatchMessage): Promise<DecodedBatch | null> {
    const batch = this.#decoder.decode(message, await this.#stream.bytes(message));
    if (typeof batch === 'string') {
      this.#stream.reject(batch);
      return null;
    }
    const first = batch.keyframes[0];
    if (this.#start === null && first?.t === 0) this.#start = Array.from(first.values.subarray(1));
    for (const event of batch.events) this.#takeEvent(event);
    return batch;
  }

  #takeEvent(json: string): void {
    let event: unknown;
    try {
      event = JSON.parse(json);
    } catch {
      return;
    }
    const parsed = v.safeParse(eventSchema, event);
    if (parsed.success) this.#members = { ...this.#members, ...parsed.output.set };
  }
}

/** Whether a schema has at least the columns of another. */
function hasColumns(schema: Schema, least: Schema): boolean {
  return least.fields.every((field) => {
    const own = schema.fields.find(({ name }) => name === field.name);
    return own !== undefined && String(own.type) === String(field.type);
  });
}

/** Whether a batch has an event: the column of events is the last one, and not all of it is null. */
function hasEvent({ nodes }: BatchMessage): boolean {
  const last = nodes.at(-1);
  return last !== undefined && last[1] < last[0];
}
