import { type Direction, isBetter } from '../ascent';
import { bandLevels } from './bandNames';
import {
  bandOffset,
  extraPlace,
  layoutDirection,
  type RecordedName,
  recordLength,
  recordOffset,
  recordPlaces,
  type StepLayout,
} from './layout';
import { emptyExtent, MinMaxPyramid } from './pyramid';

/** The size of a chunk of rows, unless a single row is larger: a wide record must not reserve space for steps that may never come. */
const chunkBytes = 4 * 2 ** 20;
const mostRowsPerChunk = 1024;
/**
 * A pyramid processes at most this many rows per call, so that a long run is drawn in several frames without
 * blocking.
 */
const rowsAtOnce = 20_000;

/**
 * Reads a quantity from the row at `offset` in `data`. A row is a record, followed by the best loss so far
 * and the loss of the next step (NaN if there is none yet).
 */
export interface RowValue {
  (data: Float64Array, offset: number): number;
  /** The cost relative to reading a number; 1 if absent. */
  readonly cost?: number;
  /** Whether it reads the loss of the next step, which is not yet known in the last row. */
  readonly looksAhead?: boolean;
}

/** The number of values that the trace appends to a record. */
const added = 2;

/**
 * The records of a run, one row per step, each with the best loss so far and the loss of the next step. Above
 * `budget` bytes only every k-th step is kept, so that a run of any length fits: `stride` is k = 2, 4, …, and
 * existing rows are removed when it doubles. If the records are of irregular steps, every k-th record is kept.
 *
 * Envelopes come from min-max pyramids, which are created on first use and then updated as the trace grows.
 */
export class Trace {
  readonly layout: StepLayout;
  /** theta_0 of the recorded coordinates. */
  readonly start: readonly number[];
  /** The step of the first row. */
  readonly first: number;
  readonly #width: number;
  /** The position of the watched loss; −1 if none is watched. */
  readonly #watched: number;
  readonly #rowsPerChunk: number;
  readonly #maxRows: number;
  #chunks: Float64Array[] = [];
  #pyramids = new Map<string, MinMaxPyramid>();
  #rows = 0;
  #stride: number;
  /** Whether the steps of the records follow no rule, as in a recording of a training. */
  readonly #isIrregular: boolean;
  #records = 0;
  #steps = 0;
  readonly #direction: Direction;
  #best = Number.NaN;
  #bestT = 0;
  /** The last record, kept or not. */
  readonly #last: Float64Array;
  /** The position of the first band; −1 if the run has none. */
  readonly #bands: number;
  #bandRows: number[] = [];

  /**
   * @param options.budget  the largest number of bytes for rows
   * @param options.stride  the initial stride
   * @param options.first   the step of the first row
   * @param options.isIrregular  whether the steps of the records follow no rule: then `first` is not used
   */
  constructor(
    layout: StepLayout,
    start: readonly number[],
    {
      budget = 512 * 2 ** 20,
      stride = 1,
      first = 1,
      isIrregular = false,
    }: {
      readonly budget?: number;
      readonly stride?: number;
      readonly first?: number;
      readonly isIrregular?: boolean;
    } = {},
  ) {
    this.layout = layout;
    this.start = start;
    this.#stride = stride;
    this.first = first;
    this.#isIrregular = isIrregular;
    this.#width = recordLength(layout) + added;
    this.#watched = extraPlace(layout, 'watched');
    this.#direction = layoutDirection(layout);
    const rowBytes = 8 * this.#width;
    this.#rowsPerChunk = Math.min(mostRowsPerChunk, Math.max(1, Math.floor(chunkBytes / rowBytes)));
    this.#maxRows = Math.max(2 * this.#rowsPerChunk, Math.floor(budget / rowBytes));
    this.#last = new Float64Array(this.#width).fill(Number.NaN);
    this.#bands = layout.bands ? bandOffset(layout) : -1;
  }

  /** The number of recorded steps: t of the last record. */
  get steps(): number {
    return this.#steps;
  }

  /** The number of rows. Row r holds step first + r·stride, unless the steps are irregular. */
  get rows(): number {
    return this.#rows;
  }

  /** The number of steps between consecutive kept rows; of records, if their steps are irregular. */
  get stride(): number {
    return this.#stride;
  }

  /** Whether the envelope of this key does not reach the last row yet and must be requested again. */
  isBehind(key: string, value: RowValue): boolean {
    return (this.#pyramids.get(key)?.length ?? 0) < this.#rows - (value.looksAhead ? 1 : 0);
  }

  /** The size of the rows in bytes. */
  get byteLength(): number {
    return this.#chunks.length * this.#rowsPerChunk * this.#width * 8;
  }

  /** The best loss so far, and t of its point theta_t. (The loss of step t belongs to theta_{t−1}.) */
  get best(): { readonly loss: number; readonly t: number } {
    return { loss: this.#best, t: this.#bestT };
  }

  /** Appends the record in `data` at `offset`. Must be called with ascending t. */
  append(data: Float64Array, offset: number): void {
    const t = data[offset + recordPlaces.t]!;
    const loss = data[offset + recordPlaces.loss]!;
    // The watched loss belongs to the point after the step, the loss to the point before it.
    const counted = this.#watched < 0 ? loss : data[offset + this.#watched]!;
    if (
      isBetter(counted, this.#best, this.#direction) ||
      (Number.isNaN(this.#best) && !Number.isNaN(counted))
    ) {
      this.#best = counted;
      this.#bestT = this.#watched < 0 || this.#steps === 0 ? t - 1 : t;
    }
    const last = this.#last;
    const length = this.#width - added;
    if (this.#rows > 0 && this.stepOf(this.#rows - 1) === t - 1) this.#writeNextLoss(loss);
    for (let i = 0; i < length; i++) last[i] = data[offset + i]!;
    last[length] = this.#best;
    this.#steps = t;
    const index = this.#isIrregular ? this.#records++ : t - this.first;
    if (index % this.#stride !== 0) return;
    if (this.#rows === this.#maxRows) this.#thin();
    if (index % this.#stride !== 0) return;
    const place = this.#rows % this.#rowsPerChunk;
    if (place === 0 && this.#chunks.length * this.#rowsPerChunk === this.#rows)
      this.#chunks.push(new Float64Array(this.#rowsPerChunk * this.#width));
    const chunk = this.#chunks[this.#chunks.length - 1]!;
    const row = place * this.#width;
    for (let i = 0; i < this.#width; i++) chunk[row + i] = last[i]!;
    if (this.#bands >= 0 && this.#hasBands(last)) this.#bandRows.push(this.#rows);
    this.#rows++;
  }

  /** The rows with bands, ascending. */
  get bandRows(): readonly number[] {
    return this.#bandRows;
  }

  /** The step of a row. */
  stepOf(row: number): number {
    return this.#isIrregular ? this.at(row, recordPlaces.t) : this.first + row * this.#stride;
  }

  /** The row of a step; −1 if the step is not kept. */
  rowOf(step: number): number {
    const row = this.rowFrom(step);
    return row < this.#rows && this.stepOf(row) === step ? row : -1;
  }

  /** The first row of a step that is not before `step`; `rows` if there is none. */
  rowFrom(step: number): number {
    if (!this.#isIrregular)
      return Math.min(this.#rows, Math.max(0, Math.ceil((step - this.first) / this.#stride)));
    let [low, high] = [0, this.#rows];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.stepOf(middle) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The row of the kept step that is nearest to a step; −1 if there is no row. */
  rowNear(step: number): number {
    const after = this.rowFrom(step);
    if (after === 0 || after === this.#rows) return Math.min(after, this.#rows - 1);
    return this.stepOf(after) - step < step - this.stepOf(after - 1) ? after : after - 1;
  }

  /** The rows of the steps [from, to] among the first `count` rows: the first of them, and the one after the last. */
  rowsWithin(from: number, to: number, count: number): readonly [number, number] {
    return [this.rowFrom(from), Math.min(count, this.rowFrom(Math.floor(to) + 1))];
  }

  /** The value at a position of a row. */
  at(row: number, place: number): number {
    return this.#chunks[Math.floor(row / this.#rowsPerChunk)]![
      (row % this.#rowsPerChunk) * this.#width + place
    ]!;
  }

  /** Computes a quantity from the record in a row. */
  read(row: number, value: RowValue): number {
    return value(
      this.#chunks[Math.floor(row / this.#rowsPerChunk)]!,
      (row % this.#rowsPerChunk) * this.#width,
    );
  }

  /** The value at a position of the last record, kept or not; NaN before the first record. */
  lastAt(place: number): number {
    return this.#last[place]!;
  }

  /** The position of a name of the k-th recorded coordinate; −1 if it is not recorded. */
  placeOf(name: RecordedName, k: number): number {
    const offset = recordOffset(this.layout, name);
    return offset < 0 ? -1 : offset + k;
  }

  /** A copy of the record in a row; with row = −1, of the last record. */
  record(row: number): Float64Array {
    const length = this.#width - added;
    if (row < 0) return this.#last.slice(0, length);
    const from = (row % this.#rowsPerChunk) * this.#width;
    return this.#chunks[Math.floor(row / this.#rowsPerChunk)]!.slice(from, from + length);
  }

  /**
   * The extents of a quantity over at most `width` buckets of the steps [from, to]. Each bucket has four
   * numbers: its first step, its smallest and largest finite value (NaN if none), and its number of
   * non-finite values.
   *
   * If the pyramid of the quantity does not reach the last row yet (`isBehind`), the result ends where the
   * pyramid ends.
   *
   * @param key  identifies the quantity; the same key must always be used with the same `value`
   */
  envelope(key: string, value: RowValue, from: number, to: number, width: number): Float64Array {
    const pyramid = this.#pyramid(key, value);
    const [first, end] = this.rowsWithin(from, to, pyramid.length);
    if (end <= first) return new Float64Array(0);
    const size = Math.max(1, Math.ceil((end - first) / Math.max(1, width)));
    const buckets = Math.ceil((end - first) / size);
    const valueAt = (row: number) => this.read(row, value);
    const out = new Float64Array(4 * buckets);
    const extent = emptyExtent();
    for (let b = 0; b < buckets; b++) {
      const start = first + b * size;
      pyramid.extent(start, Math.min(end, start + size), valueAt, extent);
      out[4 * b] = this.stepOf(start);
      out[4 * b + 1] = extent.min;
      out[4 * b + 2] = extent.max;
      out[4 * b + 3] = extent.nonFinite;
    }
    return out;
  }

  /** Whether a band of the parameters was recorded: not all of its quantiles are NaN. */
  #hasBands(record: Float64Array): boolean {
    return bandLevels.some((_, k) => !Number.isNaN(record[this.#bands + k]!));
  }

  #pyramid(key: string, value: RowValue): MinMaxPyramid {
    let pyramid = this.#pyramids.get(key);
    if (!pyramid) {
      pyramid = new MinMaxPyramid();
      this.#pyramids.set(key, pyramid);
    }
    const known = value.looksAhead ? this.#rows - 1 : this.#rows;
    const end = Math.min(known, pyramid.length + Math.ceil(rowsAtOnce / (value.cost ?? 1)));
    for (let row = pyramid.length; row < end; row++) pyramid.append(this.read(row, value));
    return pyramid;
  }

  /** Writes the loss of the next step into the last row. */
  #writeNextLoss(loss: number): void {
    const row = this.#rows - 1;
    this.#chunks[Math.floor(row / this.#rowsPerChunk)]![((row % this.#rowsPerChunk) + 1) * this.#width - 1] =
      loss;
  }

  /** Removes every second row. */
  #thin(): void {
    const kept: Float64Array[] = [];
    const rows = Math.ceil(this.#rows / 2);
    for (let row = 0; row < rows; row++) {
      if (row % this.#rowsPerChunk === 0) kept.push(new Float64Array(this.#rowsPerChunk * this.#width));
      const from = ((2 * row) % this.#rowsPerChunk) * this.#width;
      const source = this.#chunks[Math.floor((2 * row) / this.#rowsPerChunk)]!;
      kept.at(-1)!.set(source.subarray(from, from + this.#width), (row % this.#rowsPerChunk) * this.#width);
    }
    this.#chunks = kept;
    this.#rows = rows;
    this.#stride *= 2;
    this.#bandRows = this.#bandRows.filter((row) => row % 2 === 0).map((row) => row / 2);
    this.#pyramids = new Map();
  }
}
