import { crc32 } from 'node:zlib';
import { recordLength, type StepLayout } from '../../core/trace/layout';
import type { VectorSample } from '../../core/trace/vectorSample';
import type { BatchContent, BatchEncoder } from '../format/encodeBatch';
import { bytesOf, encodeStart } from '../format/keyframe';
import { jsonObject, recordJson } from '../format/recordJson';
import type { PickedValues } from '../pickedHistory';
import type { RunRecord } from '../runRecord';
import type { StepsPlan, StepsWriter } from './runFiles';

const writeAfterMs = 500;
/** The largest number of bytes of step records in a batch, unless a single record is larger. */
const batchBytes = 2 ** 20;
/** The maximum size of the steps of a run on disk. Of longer runs every k-th step is stored. */
const bytesPerRun = 64 * 2 ** 20;

const nothing = new Float64Array(0);

/** Where the bytes of a run file go. */
export interface FileOutput {
  /** Replaces the file, at once or not at all. */
  replace(bytes: Uint8Array): Promise<void>;
  append(bytes: Uint8Array): Promise<void>;
  readonly byteLength: number;
}

/**
 * Writes the file of one run: its record whenever that has changed, and its steps as they come. The file is only ever appended to;
 * it is made anew when the layout of the steps becomes known, because the columns depend on it.
 */
export class RunFileWriter {
  readonly #output: FileOutput;
  /** Rejects with the first failure, as do all later writes, so that a file never has a gap. */
  #going: Promise<void> = Promise.resolve();
  /** The layout of the file as it is now: its columns depend on it. undefined: there is no file yet. */
  #layout: StepLayout | null | undefined;
  #encoder: BatchEncoder | null = null;
  #stride = 1;
  #recordLength = 1;
  #steps: StepBatches | null = null;
  /** Samples that have not been written yet. */
  #samples: VectorSample[] = [];
  /** Keyframes that have not been written yet. */
  #keyframes: Uint8Array[] = [];
  /** The checksum of every member of the record, as it was last written. */
  readonly #written = new Map<string, number>();
  #requested: { readonly record: RunRecord; readonly settled: Promise<void> } | null = null;

  constructor(output: FileOutput) {
    this.#output = output;
  }

  /** Continues a file that already contains this record. */
  static resume(output: FileOutput, record: RunRecord): RunFileWriter {
    const writer = new RunFileWriter(output);
    writer.#layout = record.layout;
    for (const [key, json] of recordJson(record)) writer.#written.set(key, crc32(json));
    return writer;
  }

  /** Writes what has changed in the record. Requests during a write are combined into one. */
  record(record: RunRecord): Promise<void> {
    if (this.#requested) return this.#requested.settled;
    const settled = this.#then(async () => {
      this.#requested = null;
      await this.#writeRecord(record);
    });
    this.#requested = { record, settled };
    return settled;
  }

  /** Called once, before the record with this layout is written. */
  steps(layout: StepLayout, { steps, stride }: StepsPlan): StepsWriter {
    const length = recordLength(layout);
    const tooLarge = (8 * length * steps) / stride / bytesPerRun;
    // A power of two, as for samples, which would otherwise be at steps without a row.
    this.#stride = stride * 2 ** Math.max(0, Math.ceil(Math.log2(tooLarge)));
    const batches = new StepBatches(length, this.#stride, (records) => {
      void this.#then(() => this.#appendSteps(records)).catch(() => {});
    });
    this.#steps = batches;
    this.#recordLength = length;
    return {
      append: (data, offset) => batches.append(data, offset),
      sample: (sample) => void this.#samples.push(sample),
      keyframe: (keyframe) => void this.#keyframes.push(bytesOf(keyframe)),
      close: async () => {
        batches.close();
        void this.#then(async () => {
          if (this.#samples.length > 0 || this.#keyframes.length > 0) await this.#appendSteps(nothing);
        }).catch(() => {});
        await this.#going;
      },
    };
  }

  /** Writes values of a coordinate that was chosen after the run began; also after its end. */
  picked({ coordinate, steps, values }: PickedValues): Promise<void> {
    const width = values.length / steps.length;
    const most = Math.max(1, Math.floor(batchBytes / (8 * (2 + width))));
    return this.#then(async () => {
      for (let from = 0; from < steps.length; from += most) {
        const to = Math.min(steps.length, from + most);
        const part = values.subarray(from * width, to * width);
        const picked = { coordinate, steps: steps.subarray(from, to), values: part };
        await this.#append({ records: nothing, event: null, picked });
      }
    });
  }

  get byteLength(): number {
    return this.#output.byteLength;
  }

  /** Settles when nothing is being written. Never rejects. */
  get settled(): Promise<void> {
    return this.#going.catch(() => {});
  }

  async #writeRecord(latest: RunRecord): Promise<void> {
    // As it is now: its members are replaced while the encoder is being loaded.
    const record = { ...latest };
    const members = recordJson(record);
    const changed = [...members].filter(([key, json]) => this.#written.get(key) !== crc32(json));
    if (this.#layout === undefined || (record.layout && !this.#layout)) await this.#create(record);
    else if (changed.length > 0) {
      // The steps before the event.
      const records = this.#steps?.take() ?? nothing;
      const event = jsonObject([
        ['step', String(record.steps)],
        ['set', jsonObject(changed)],
      ]);
      await this.#append({ records, event });
    }
    for (const [key, json] of changed) this.#written.set(key, crc32(json));
  }

  async #create(record: RunRecord): Promise<void> {
    this.#layout = record.layout;
    this.#encoder = null;
    const encoder = await this.#openEncoder();
    const { headOf } = await import('../format/head');
    const head = headOf(record, this.#stride);
    const { start } = record;
    if (!start) return this.#output.replace(head);
    const keyframes = [encodeStart(start)];
    const first = encoder.encode({ records: nothing, event: null, keyframes });
    await this.#output.replace(Buffer.concat([head, first]));
  }

  /** Writes records and the waiting keyframes, those that have no room among the records in batches of their own. */
  async #appendSteps(records: Float64Array): Promise<void> {
    const rows = records.length / this.#recordLength;
    await this.#append({ records, event: null, keyframes: this.#takeKeyframes(rows || batchBytes) });
    while (this.#keyframes.length > 0)
      await this.#append({ records: nothing, event: null, keyframes: this.#takeKeyframes(batchBytes) });
  }

  /** The next keyframes that fit into a batch: one of any size, or several small ones. */
  #takeKeyframes(most: number): Uint8Array[] {
    let bytes = 0;
    const count = this.#keyframes.findIndex((keyframe, i) => {
      bytes += keyframe.length;
      return i >= most || (i > 0 && bytes > batchBytes);
    });
    return this.#keyframes.splice(0, count < 0 ? this.#keyframes.length : count);
  }

  async #append(content: Omit<BatchContent, 'samples'>): Promise<void> {
    const encoder = await this.#openEncoder();
    const samples = this.#samples;
    this.#samples = [];
    return this.#output.append(encoder.encode({ ...content, samples }));
  }

  /** The encoder is loaded on first use: the Arrow library is large. */
  async #openEncoder(): Promise<BatchEncoder> {
    if (this.#layout === undefined) throw new Error('the record must be written before the steps');
    const { BatchEncoder } = await import('../format/encodeBatch');
    this.#encoder ??= new BatchEncoder(this.#layout);
    return this.#encoder;
  }

  #then(write: () => Promise<void>): Promise<void> {
    const next = this.#going.then(write);
    this.#going = next;
    next.catch(() => {});
    return next;
  }
}

/** Collects step records into batches. */
class StepBatches {
  readonly #recordLength: number;
  readonly #stride: number;
  readonly #write: (records: Float64Array) => void;
  readonly #block: Float64Array;
  /** The last record, if it is not a k-th record. It is written when the run has ended. */
  #last: Float64Array | null = null;
  #length = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(length: number, stride: number, write: (records: Float64Array) => void) {
    this.#recordLength = length;
    this.#stride = stride;
    this.#write = write;
    this.#block = new Float64Array(length * Math.max(1, Math.floor(batchBytes / (8 * length))));
  }

  append(data: Float64Array, offset: number): void {
    const record = data.subarray(offset, offset + this.#recordLength);
    if ((record[0]! - 1) % this.#stride === 0) {
      this.#last = null;
      this.#add(record);
    } else if (this.#last) this.#last.set(record);
    else this.#last = record.slice();
  }

  /** The records that have not been written yet. */
  take(): Float64Array {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const records = this.#block.slice(0, this.#length);
    this.#length = 0;
    return records;
  }

  close(): void {
    if (this.#last) this.#add(this.#last);
    this.#last = null;
    this.#flush();
  }

  #add(record: Float64Array): void {
    this.#block.set(record, this.#length);
    this.#length += this.#recordLength;
    if (this.#length === this.#block.length) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), writeAfterMs);
  }

  #flush(): void {
    const records = this.take();
    if (records.length > 0) this.#write(records);
  }
}
