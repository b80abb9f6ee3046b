import {
  extraPlace,
  type RecordedName,
  recordLength,
  recordOffset,
  recordPlaces,
  type StepLayout,
} from './layout';
import { emptyExtent, MinMaxPyramid } from './pyramid';

const rowsPerChunk = 1024;
/** A pyramid takes in so many rows a call at most: a long run is drawn in several frames, not in one long stall. */
const rowsAtOnce = 20_000;

/**
 * A quantity of the run, read off the row that begins at `offset` in `data`: a record, then the best loss so far, then
 * the loss of the next step (NaN while there is none).
 */
export interface RowValue {
  (data: Float64Array, offset: number): number;
  /** How many times dearer it is than reading a number; 1 if absent. */
  readonly cost?: number;
  /** Whether it reads the loss of the next step, which the last row does not know yet. */
  readonly looksAhead?: boolean;
}

/** Numbers that the trace adds to a record. */
const added = 2;

/**
 * What a run leaves behind: its records, row by row, with the best loss so far and the next step’s loss added to each. Past `budget` bytes only
 * every k-th step is kept (k = 2, 4, …: the rows that are there are thinned when it doubles), so that a run of any
 * length fits; `stride` tells.
 *
 * Envelopes are drawn from min-max pyramids that are made on first demand and then follow the trace as it grows.
 */
export class Trace {
  readonly layout: StepLayout;
  /** theta_0 of the recorded coordinates. */
  readonly start: readonly number[];
  readonly #width: number;
  /** Place of the watched loss; −1 where none is watched. */
  readonly #watched: number;
  readonly #maxRows: number;
  #chunks: Float64Array[] = [];
  #pyramids = new Map<string, MinMaxPyramid>();
  #rows = 0;
  #stride: number;
  #steps = 0;
  #best = Number.NaN;
  #bestT = 0;
  /** The last record, kept or not. */
  readonly #last: Float64Array;

  /**
   * @param options.budget  bytes of rows at most
   * @param options.stride  keep every how many steps from the beginning
   */
  constructor(
    layout: StepLayout,
    start: readonly number[],
    { budget = 512 * 2 ** 20, stride = 1 }: { readonly budget?: number; readonly stride?: number } = {},
  ) {
    this.layout = layout;
    this.start = start;
    this.#stride = stride;
    this.#width = recordLength(layout) + added;
    this.#watched = extraPlace(layout, 'watched');
    this.#maxRows = Math.max(2 * rowsPerChunk, Math.floor(budget / (8 * this.#width)));
    this.#last = new Float64Array(this.#width).fill(Number.NaN);
  }

  /** Steps recorded so far: the t of the last record. */
  get steps(): number {
    return this.#steps;
  }

  /** Rows kept. Row r holds step 1 + r·stride. */
  get rows(): number {
    return this.#rows;
  }

  /** Every how many steps a row is kept. */
  get stride(): number {
    return this.#stride;
  }

  /** Whether the envelope of this key does not reach the last row yet: ask for it again. */
  isBehind(key: string, value: RowValue): boolean {
    return (this.#pyramids.get(key)?.length ?? 0) < this.#rows - (value.looksAhead ? 1 : 0);
  }

  /** Bytes of the rows. */
  get byteLength(): number {
    return this.#chunks.length * rowsPerChunk * this.#width * 8;
  }

  /** Least loss so far and the t of the point it belongs to (theta_t; the loss of step t belongs to theta_{t−1}). */
  get best(): { readonly loss: number; readonly t: number } {
    return { loss: this.#best, t: this.#bestT };
  }

  /** Appends the record that stands in `data` at `offset`. Records come in order of t. */
  append(data: Float64Array, offset: number): void {
    const t = data[offset + recordPlaces.t]!;
    const loss = data[offset + recordPlaces.loss]!;
    // A watched loss is of the point after the step, a loss of the one before it.
    const counted = this.#watched < 0 ? loss : data[offset + this.#watched]!;
    if (counted < this.#best || (Number.isNaN(this.#best) && !Number.isNaN(counted))) {
      this.#best = counted;
      this.#bestT = this.#watched < 0 || this.#steps === 0 ? t - 1 : t;
    }
    const last = this.#last;
    const length = this.#width - added;
    if (this.#rows > 0 && this.stepOf(this.#rows - 1) === t - 1) this.#tellNextLoss(loss);
    for (let i = 0; i < length; i++) last[i] = data[offset + i]!;
    last[length] = this.#best;
    this.#steps = t;
    if ((t - 1) % this.#stride !== 0) return;
    if (this.#rows === this.#maxRows) this.#thin();
    if ((t - 1) % this.#stride !== 0) return;
    const place = this.#rows % rowsPerChunk;
    if (place === 0 && this.#chunks.length * rowsPerChunk === this.#rows)
      this.#chunks.push(new Float64Array(rowsPerChunk * this.#width));
    const chunk = this.#chunks[this.#chunks.length - 1]!;
    const row = place * this.#width;
    for (let i = 0; i < this.#width; i++) chunk[row + i] = last[i]!;
    this.#rows++;
  }

  /** The step of a row. */
  stepOf(row: number): number {
    return 1 + row * this.#stride;
  }

  /** The row of a step; −1 if the step is not kept. */
  rowOf(step: number): number {
    const row = (step - 1) / this.#stride;
    return Number.isInteger(row) && row >= 0 && row < this.#rows ? row : -1;
  }

  /** The number at a place of a row. */
  at(row: number, place: number): number {
    return this.#chunks[Math.floor(row / rowsPerChunk)]![(row % rowsPerChunk) * this.#width + place]!;
  }

  /** A quantity at a row. */
  read(row: number, value: RowValue): number {
    return value(this.#chunks[Math.floor(row / rowsPerChunk)]!, (row % rowsPerChunk) * this.#width);
  }

  /** The number at a place of the last record, kept or not; NaN before the first. */
  lastAt(place: number): number {
    return this.#last[place]!;
  }

  /** Place of a name of the k-th recorded coordinate; −1 if it is not recorded. */
  placeOf(name: RecordedName, k: number): number {
    const offset = recordOffset(this.layout, name);
    return offset < 0 ? -1 : offset + k;
  }

  /** Copies a row (or, with row = −1, the last record) without the best loss: a record as it came. */
  record(row: number): Float64Array {
    const length = this.#width - added;
    if (row < 0) return this.#last.slice(0, length);
    const from = (row % rowsPerChunk) * this.#width;
    return this.#chunks[Math.floor(row / rowsPerChunk)]!.slice(from, from + length);
  }

  /**
   * The extents of a quantity over at most `width` buckets of the steps [from, to]: four numbers a bucket, its first
   * step, least and largest finite value (NaN if none), number of values that are not finite.
   *
   * Ends where the pyramid of the quantity ends, while that catches up with the rows: see `isBehind`.
   *
   * @param key  names the quantity; the same key must always come with the same `value`
   */
  envelope(key: string, value: RowValue, from: number, to: number, width: number): Float64Array {
    const first = Math.max(0, Math.ceil((from - 1) / this.#stride));
    const pyramid = this.#pyramid(key, value);
    const end = Math.min(pyramid.length, Math.floor((to - 1) / this.#stride) + 1);
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

  /** Writes the loss of the step that follows into the last row. */
  #tellNextLoss(loss: number): void {
    const row = this.#rows - 1;
    this.#chunks[Math.floor(row / rowsPerChunk)]![((row % rowsPerChunk) + 1) * this.#width - 1] = loss;
  }

  /** Keeps every other row. */
  #thin(): void {
    const kept: Float64Array[] = [];
    const rows = Math.ceil(this.#rows / 2);
    for (let row = 0; row < rows; row++) {
      if (row % rowsPerChunk === 0) kept.push(new Float64Array(rowsPerChunk * this.#width));
      const from = ((2 * row) % rowsPerChunk) * this.#width;
      const source = this.#chunks[Math.floor((2 * row) / rowsPerChunk)]!;
      kept.at(-1)!.set(source.subarray(from, from + this.#width), (row % rowsPerChunk) * this.#width);
    }
    this.#chunks = kept;
    this.#rows = rows;
    this.#stride *= 2;
    this.#pyramids = new Map();
  }
}
