import {
  type Data,
  type RecordBatch,
  RecordBatchReader,
  Schema,
  type StructRow,
  type Vector,
} from 'apache-arrow';
import type { Keyframe } from '../../core/keyframe';
import { recordLength, type StepLayout } from '../../core/trace/layout';
import type { VectorSample } from '../../core/trace/vectorSample';
import type { PickedValues } from '../pickedHistory';
import { checksumKey, checksumOf } from './checksum';
import { type StepColumn, stepColumns } from './columns';
import { encodeHead } from './encodeBatch';
import { floatsOf } from './int64';
import { keyframeOf } from './keyframe';
import type { BatchMessage } from './message';
import { pickedOf } from './pickedRows';
import { samplesOf } from './sampleRows';

/** What a batch contains. */
export interface DecodedBatch {
  /** Step records, one after the other. */
  readonly records: Float64Array;
  /** JSON, in order. */
  readonly events: readonly string[];
  readonly keyframes: readonly Keyframe[];
  readonly samples: readonly VectorSample[];
  readonly picked: readonly PickedValues[];
}

/** Decodes the batches of a run file. */
export class BatchDecoder {
  readonly #layout: StepLayout | null;
  readonly #columns: readonly StepColumn[];
  readonly #recordLength: number;
  readonly #head: Uint8Array;

  /**
   * @param schema  of the file; it may have further columns
   * @param layout  null if the run has no steps
   */
  constructor(schema: Schema, layout: StepLayout | null) {
    this.#layout = layout;
    this.#columns = layout ? stepColumns(layout) : [];
    this.#recordLength = layout ? recordLength(layout) : 1;
    this.#head = encodeHead(new Schema(schema.fields));
  }

  /**
   * @param bytes  the whole message
   * @returns its content, or why it cannot be read, without a full stop
   */
  decode(message: BatchMessage, bytes: Uint8Array): DecodedBatch | string {
    const body = bytes.subarray(message.headBytes);
    if (message.metadata.get(checksumKey) !== checksumOf(message, body))
      return 'the checksum of a batch is wrong';
    try {
      const batch = RecordBatchReader.from([this.#head, bytes]).next().value as RecordBatch;
      return {
        records: this.#recordsOf(batch),
        events: presentValues<string>(batch, 'event'),
        keyframes: presentValues<Uint8Array>(batch, 'keyframe').flatMap((bytes) => keyframeOf(bytes) ?? []),
        samples: this.#samplesOf(batch),
        picked: this.#layout ? pickedOf(dataOf(batch, 'picked'), this.#layout) : [],
      };
    } catch {
      return 'a batch does not have the columns that the file announces';
    }
  }

  #samplesOf(batch: RecordBatch): VectorSample[] {
    if (this.#layout?.blocks === undefined) return [];
    const ranking = structsOf(batch, 'ranking');
    const heatmap = structsOf(batch, 'heatmap').map(({ medians, ...row }) => ({
      ...row,
      medians: Float64Array.from(medians as Iterable<number>),
    }));
    const groups = this.#layout.groups
      ? structsOf(batch, 'groups').map(({ rms, ...row }) => ({
          ...row,
          rms: Float64Array.from(rms as Iterable<number>),
        }))
      : [];
    return samplesOf({ ranking, heatmap, groups }, this.#layout);
  }

  #recordsOf(batch: RecordBatch): Float64Array {
    const columns = this.#columns.map((column) => ({ column, data: dataOf(batch, column.name) }));
    const steps = columns[0]?.data;
    if (!steps) return new Float64Array(0);
    const rows = Array.from({ length: batch.numRows }, (_, row) => row).filter((row) => steps.getValid(row));
    const records = new Float64Array(rows.length * this.#recordLength);
    for (const { column, data } of columns) this.#fill(records, rows, column, data);
    return records;
  }

  #fill(
    records: Float64Array,
    rows: readonly number[],
    { kind, width, place }: StepColumn,
    data: Data,
  ): void {
    const values: Float64Array =
      kind === 'step' ? floatsOf(data) : kind === 'scalar' ? data.values : data.children[0]!.values;
    if (values.length < data.length * width) throw new RangeError('a column is too short');
    rows.forEach((row, i) => {
      const at = i * this.#recordLength + place;
      if (!data.getValid(row)) records.fill(Number.NaN, at, at + width);
      else if (width === 1) records[at] = values[row]!;
      else records.set(values.subarray(row * width, (row + 1) * width), at);
    });
  }
}

function dataOf(batch: RecordBatch, name: string): Data {
  const data = batch.getChild(name)?.data[0];
  if (!data) throw new RangeError(`there is no column ${name}`);
  return data;
}

function presentValues<T>(batch: RecordBatch, name: string): T[] {
  const column = batch.getChild(name);
  if (!column) throw new RangeError(`there is no column ${name}`);
  const present: T[] = [];
  if (column.nullCount === batch.numRows) return present;
  for (let row = 0; row < batch.numRows; row++) if (column.isValid(row)) present.push(column.get(row) as T);
  return present;
}

/** The structs of a column of lists of structs, in order. */
function structsOf(batch: RecordBatch, name: string): Record<string, unknown>[] {
  return presentValues<Vector>(batch, name).flatMap((list) =>
    [...(list as Iterable<StructRow>)].map((row) => row.toJSON() as Record<string, unknown>),
  );
}
