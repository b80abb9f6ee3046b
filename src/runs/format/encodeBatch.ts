import {
  type Data,
  type DataType,
  type FixedSizeList,
  type Float64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  type Schema,
  Struct,
  vectorFromArray,
} from 'apache-arrow';
import { recordLength, type StepLayout } from '../../core/trace/layout';
import type { VectorSample } from '../../core/trace/vectorSample';
import type { PickedValues } from '../pickedHistory';
import { checksumKey, checksumOf } from './checksum';
import { type RareColumn, rareColumns, type StepColumn, schemaOf, stepColumns } from './columns';
import { integersOf } from './int64';
import { headLength, messageOf } from './message';
import { pickedData } from './pickedRows';
import { groupRows, heatmapRows, rankingRows } from './sampleRows';

/** The rows of one batch. */
export interface BatchContent {
  /** Step records, one after the other; empty for a batch without steps. */
  readonly records: Float64Array;
  /** JSON. It happened after the last of the steps. */
  readonly event: string | null;
  /** States of the run (keyframe.ts); not more than there are records, unless there are none. */
  readonly keyframes?: readonly Uint8Array[];
  /** Samples of all coordinates; absent if there are none. */
  readonly samples?: readonly VectorSample[];
  /** Values of a coordinate that was chosen after the run began. */
  readonly picked?: PickedValues;
}

/** The bytes that mark the end of a stream. They are never written, so that a file can be extended at any time. */
const endBytes = 8;

/** The first message of a file: its schema, with the metadata of the run. */
export function encodeHead(schema: Schema): Uint8Array {
  const stream = new RecordBatchStreamWriter().reset(undefined, schema).finish().toUint8Array(true);
  return stream.subarray(0, stream.length - endBytes);
}

/** Encodes the batches of a run file. */
export class BatchEncoder {
  readonly #layout: StepLayout | null;
  readonly #columns: readonly StepColumn[];
  readonly #recordLength: number;
  /** Without metadata, which only the head has. */
  readonly #schema: Schema;
  readonly #headBytes: number;

  /** @param layout  null if the run has no steps */
  constructor(layout: StepLayout | null) {
    this.#layout = layout;
    this.#columns = layout ? stepColumns(layout) : [];
    this.#recordLength = layout ? recordLength(layout) : 1;
    this.#schema = schemaOf(layout);
    this.#headBytes = encodeHead(this.#schema).length;
  }

  /**
   * One message: a record batch with a row for each step record. An event is in the last row, keyframes are in the last ones.
   * Without records the batch has one row, or one for each keyframe, which is null in the columns of the steps.
   */
  encode(content: BatchContent): Uint8Array {
    const { records, keyframes = [] } = content;
    const rows = records.length > 0 ? records.length / this.#recordLength : Math.max(1, keyframes.length);
    const { fields } = this.#schema;
    const children = [
      ...this.#columns.map((column, i) => this.#stepData(column, fields[i]!.type, records, rows)),
      ...rareColumns(this.#layout).map((name, i) =>
        this.#rareData(content, name, fields[this.#columns.length + i]!.type, rows),
      ),
    ];
    const data = makeData({ type: new Struct(fields), length: rows, nullCount: 0, children });
    const unchecked = this.#messageOf(new RecordBatch(this.#schema, data));
    const head = unchecked.subarray(0, Number(headLength(unchecked)));
    const message = messageOf(head);
    if (typeof message === 'string' || message.kind !== 'batch') throw new Error('a batch is not readable');
    const checksum = checksumOf(message, unchecked.subarray(head.length));
    return this.#messageOf(new RecordBatch(this.#schema, data, new Map([[checksumKey, checksum]])));
  }

  #rareData(content: BatchContent, name: RareColumn, type: DataType, rows: number): Data {
    const { samples = [], keyframes = [], event } = content;
    switch (name) {
      case 'picked':
        return pickedData(type, content.picked ?? null, rows);
      case 'keyframe':
        return bytesAtEnd(type, keyframes, rows);
      case 'ranking':
        return atEnd(type, rankingRows(samples), rows);
      case 'heatmap':
        return atEnd(type, heatmapRows(samples, this.#layout!), rows);
      case 'groups':
        return atEnd(type, groupRows(samples, this.#layout!), rows);
      case 'event':
        return atEnd(type, event, rows);
      default:
        return name satisfies never;
    }
  }

  #messageOf(batch: RecordBatch): Uint8Array {
    const stream = RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true);
    return stream.subarray(this.#headBytes, stream.length - endBytes);
  }

  #stepData(column: StepColumn, type: DataType, records: Float64Array, rows: number): Data {
    if (records.length === 0) return atEnd(type, null, rows);
    const { kind, width, place, isSparse } = column;
    const values = new Float64Array(rows * width);
    for (let row = 0; row < rows; row++) {
      const from = row * this.#recordLength + place;
      if (width === 1) values[row] = records[from]!;
      else values.set(records.subarray(from, from + width), row * width);
    }
    const whole = { length: rows, nullCount: 0 };
    if (kind === 'step') return makeData({ type, ...whole, data: integersOf(values) } as never);
    if (kind === 'scalar')
      return makeData({ type, ...whole, data: values, ...(isSparse && validityOf(values)) } as never);
    const list = type as FixedSizeList<Float64>;
    const child = makeData({ type: list.valueType, length: values.length, nullCount: 0, data: values });
    return makeData({ type: list, ...whole, child, ...(isSparse && validityOf(firstOfEach(values, width))) });
  }
}

/** A column that is null in all rows but the last. */
function atEnd(type: DataType, value: unknown, rows: number): Data {
  const values = new Array<unknown>(rows).fill(null);
  values[rows - 1] = value;
  return vectorFromArray(values, type).data[0]!;
}

/** A binary column that is null in all rows but the last ones. Without a copy of a single value, which may be large. */
function bytesAtEnd(type: DataType, last: readonly Uint8Array[], rows: number): Data {
  const nullCount = rows - last.length;
  const nullBitmap = new Uint8Array(Math.ceil(rows / 8));
  const valueOffsets = new Int32Array(rows + 1);
  last.forEach(({ length }, i) => {
    const row = nullCount + i;
    nullBitmap[row >> 3]! |= 1 << (row & 7);
    valueOffsets[row + 1] = valueOffsets[row]! + length;
  });
  const data = last.length === 1 ? last[0]! : Buffer.concat(last);
  return makeData({ type, length: rows, nullCount, nullBitmap, valueOffsets, data } as never);
}

/** The first number of each row. */
function firstOfEach(values: Float64Array, width: number): Float64Array {
  return Float64Array.from({ length: values.length / width }, (_, row) => values[row * width]!);
}

/** NaN stands for a value that was not measured. */
function validityOf(values: Float64Array): { readonly nullCount: number; readonly nullBitmap: Uint8Array } {
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 8));
  let nullCount = 0;
  values.forEach((value, i) => {
    if (Number.isNaN(value)) nullCount++;
    else nullBitmap[i >> 3]! |= 1 << (i & 7);
  });
  return { nullCount, nullBitmap };
}
