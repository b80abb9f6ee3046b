import { type Data, type RecordBatch, RecordBatchReader, Schema } from 'apache-arrow';
import {
  extraPlace,
  recordedNames,
  recordLength,
  recordOffset,
  recordPlaces,
  type StepLayout,
} from '../../core/trace/layout';
import type { DigestRow } from '../../recordings/rankComparison';
import { type Recording, tensorOf } from '../../recordings/recording';
import type { RecordedStep } from '../../recordings/rules/rule';
import { type TensorRow, tensorColumns } from '../../recordings/tensorHistory';
import { encodeHead } from '../format/encodeBatch';
import { floatsOf } from '../format/int64';

/** What a batch of a recording contains. */
export interface RecordingBatch {
  /** Step records, one after the other. */
  readonly records: Float64Array;
  /** The same steps, for rules. */
  readonly steps: readonly RecordedStep[];
  readonly digests: readonly DigestRow[];
  /** As `decodeKeyframe` of recordings reads them. */
  readonly keyframes: readonly Uint8Array[];
  /** JSON, in order. */
  readonly events: readonly string[];
}

/** Decodes the batches of a recording. Columns of newer versions are ignored, and those that are missing are empty. */
export class RecordingBatches {
  readonly #recording: Recording;
  readonly #head: Uint8Array;

  constructor(schema: Schema, recording: Recording) {
    this.#recording = recording;
    this.#head = encodeHead(new Schema(schema.fields));
  }

  /** @returns the batch, or why it cannot be read, without a full stop */
  decode(bytes: Uint8Array): RecordBatch | string {
    try {
      return RecordBatchReader.from([this.#head, bytes]).next().value as RecordBatch;
    } catch {
      return 'a batch does not have the columns that the file announces';
    }
  }

  /** Whether a column has a value in a batch. */
  static has(batch: RecordBatch, name: string): boolean {
    const column = batch.getChild(name);
    return column !== null && column.nullCount < batch.numRows;
  }

  /** @returns the content, or why it cannot be read, without a full stop */
  contentOf(batch: RecordBatch, layout: StepLayout): RecordingBatch | string {
    try {
      const steps = dataOf(batch, 'step');
      const numbers = steps && floatsOf(steps);
      const rows = Array.from({ length: batch.numRows }, (_, row) => row).filter((row) =>
        steps?.getValid(row),
      );
      const at = rows.map((row) => numbers![row]!);
      return {
        records: this.#recordsOf(batch, layout, rows, at),
        steps: stepsOf(batch, rows, at, this.#tensorsOf(batch, rows, at)),
        digests: digestsOf(batch, rows, at),
        keyframes: keyframesOf(batch),
        events: textsOf(batch, 'event'),
      };
    } catch {
      return 'a batch does not have the columns that the file announces';
    }
  }

  #recordsOf(
    batch: RecordBatch,
    layout: StepLayout,
    rows: readonly number[],
    steps: readonly number[],
  ): Float64Array {
    const length = recordLength(layout);
    const records = new Float64Array(rows.length * length).fill(Number.NaN);
    steps.forEach((t, i) => {
      records[i * length + recordPlaces.t] = t;
    });
    const scalars: readonly (readonly [string, number])[] = [
      ['loss', recordPlaces.loss],
      ['gradNorm', recordPlaces.gradNorm],
      ['clipFactor', recordPlaces.clipFactor],
      ['lr', recordPlaces.lr],
      ['age', extraPlace(layout, 'age')],
      ['lossScale', extraPlace(layout, 'lossScale')],
    ];
    for (const [name, place] of scalars) {
      const data = place < 0 ? null : dataOf(batch, name);
      const values = data && (name === 'age' ? floatsOf(data) : (data.values as Float64Array));
      rows.forEach((row, i) => {
        if (data?.getValid(row)) records[i * length + place] = values![row]!;
      });
    }
    const width = layout.coordinates.length;
    for (const name of recordedNames(layout)) {
      const place = recordOffset(layout, name);
      if (name === 'lr') {
        this.#fillLrs(batch, rows, (i) => records.subarray(i * length + place, i * length + place + width));
        continue;
      }
      const data = dataOf(batch, name);
      const values = data?.children[0]?.values as Float64Array | undefined;
      if (!data || !values) continue;
      if (values.length < data.length * width) throw new RangeError('a column is too short');
      rows.forEach((row, i) => {
        if (data.getValid(row))
          records.set(values.subarray(row * width, (row + 1) * width), i * length + place);
      });
    }
    return records;
  }

  /** The learning rate of each recorded coordinate: that of its group. */
  #fillLrs(batch: RecordBatch, rows: readonly number[], target: (i: number) => Float64Array): void {
    const { coordinates, tensors } = this.#recording;
    const groups = coordinates.map((c) => tensors[tensorOf(this.#recording, c)]?.group ?? 0);
    const ratesOf = groupRates(batch);
    rows.forEach((row, i) => {
      const [rates, out] = [ratesOf(row), target(i)];
      groups.forEach((group, k) => {
        out[k] = rates[group] ?? Number.NaN;
      });
    });
  }

  #tensorsOf(batch: RecordBatch, rows: readonly number[], steps: readonly number[]): (TensorRow | null)[] {
    const list = dataOf(batch, 'tensors');
    const structs = list?.children[0];
    if (!list || !structs) return rows.map(() => null);
    const child = (name: string) => {
      const index = (structs.type.children as { name: string }[]).findIndex((field) => field.name === name);
      return index < 0 ? null : structs.children[index]!;
    };
    const indices = child('tensor')?.values as Int32Array | undefined;
    if (!indices) return rows.map(() => null);
    const columns = tensorColumns.map((name) => child(name));
    const count = this.#recording.tensors.length;
    return rows.map((row, i) => {
      if (!list.getValid(row)) return null;
      const values = new Float32Array(count * tensorColumns.length).fill(Number.NaN);
      for (let k = list.valueOffsets[row] as number; k < (list.valueOffsets[row + 1] as number); k++) {
        const tensor = indices[k]!;
        if (tensor < 0 || tensor >= count) continue;
        columns.forEach((column, c) => {
          if (column?.getValid(k)) values[tensor * tensorColumns.length + c] = column.values[k] as number;
        });
      }
      return { t: steps[i]!, values };
    });
  }
}

function stepsOf(
  batch: RecordBatch,
  rows: readonly number[],
  steps: readonly number[],
  tensors: readonly (TensorRow | null)[],
): RecordedStep[] {
  const reader = (name: string) => {
    const data = dataOf(batch, name);
    return (row: number) => (data?.getValid(row) ? (data.values as Float64Array)[row]! : null);
  };
  const loss = reader('loss');
  const [gradNorm, clipFactor, lossScale] = [reader('gradNorm'), reader('clipFactor'), reader('lossScale')];
  const ratesOf = groupRates(batch);
  return rows.map((row, i) => ({
    t: steps[i]!,
    loss: loss(row),
    gradNorm: gradNorm(row) ?? Number.NaN,
    clipFactor: clipFactor(row) ?? Number.NaN,
    groupLr: ratesOf(row),
    lossScale: lossScale(row) ?? Number.NaN,
    tensors: tensors[i]!,
  }));
}

/** The learning rates of the groups at a row. */
function groupRates(batch: RecordBatch): (row: number) => number[] {
  const data = dataOf(batch, 'groupLr');
  const values = data?.children[0]?.values as Float64Array | undefined;
  if (!data || !values) return () => [];
  return (row) =>
    data.getValid(row) ? [...values.subarray(data.valueOffsets[row], data.valueOffsets[row + 1])] : [];
}

function keyframesOf(batch: RecordBatch): Uint8Array[] {
  const column = batch.getChild('keyframe');
  if (!column || column.nullCount === batch.numRows) return [];
  return Array.from({ length: batch.numRows }, (_, row) => column.get(row) as Uint8Array | null).filter(
    (bytes) => bytes !== null,
  );
}

function digestsOf(batch: RecordBatch, rows: readonly number[], steps: readonly number[]): DigestRow[] {
  const column = batch.getChild('digests');
  if (!column || column.nullCount === batch.numRows) return [];
  return rows.flatMap((row, i) => {
    const list = column.get(row) as Iterable<{ toJSON(): Record<string, unknown> }> | null;
    if (list === null) return [];
    const digests = [...list].map((struct) => {
      const { of, tensor, digest } = struct.toJSON();
      return [String(of), Number(tensor), BigInt(digest as bigint)] as const;
    });
    return [{ t: steps[i]!, digests }];
  });
}

function textsOf(batch: RecordBatch, name: string): string[] {
  const column = batch.getChild(name);
  const texts: string[] = [];
  for (let row = 0; row < batch.numRows; row++)
    if (column?.isValid(row)) texts.push(column.get(row) as string);
  return texts;
}

function dataOf(batch: RecordBatch, name: string): Data | null {
  return batch.getChild(name)?.data[0] ?? null;
}
