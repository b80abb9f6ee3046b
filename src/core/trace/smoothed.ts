import type { RowValue, Trace } from './trace';

/** Rows that one call smooths at most, so that a long run is drawn in several frames without blocking. */
const rowsAtOnce = 50_000;

/**
 * The exponential moving average of a quantity over the rows of a trace, with the bias correction of Adam's moments, so that it does
 * not start at 0:
 *
 *   a = w a + (1 − w) x        average = a / (1 − w^n)
 *
 * Values that are not finite are left out: the average stays, and n does not grow. Between rows that are k steps apart, w is w^k, so
 * the average covers as many steps as in a trace of all steps.
 */
export class SmoothedSeries {
  readonly #trace: Trace;
  readonly #value: RowValue;
  readonly #keep: number;
  readonly #stride: number;
  #averages = new Float64Array(1024);
  #length = 0;
  #sum = 0;
  #weight = 0;

  /** @param weight  w, in [0, 1): the share of the average that one step keeps */
  constructor(trace: Trace, value: RowValue, weight: number) {
    this.#trace = trace;
    this.#value = value;
    this.#stride = trace.stride;
    this.#keep = weight ** trace.stride;
  }

  /** Whether the rows of the trace are still those that were smoothed: it removes every second one when it is full. */
  get isValid(): boolean {
    return this.#trace.stride === this.#stride;
  }

  get isBehind(): boolean {
    return this.#length < this.#known;
  }

  get #known(): number {
    return this.#value.looksAhead ? this.#trace.rows - 1 : this.#trace.rows;
  }

  /**
   * The averages in the buckets of `Trace.envelope` for the same steps and width: four numbers per bucket, of which the least and the
   * largest value are both the average at its last row.
   */
  envelope(from: number, to: number, width: number): Float64Array {
    this.#advance();
    const [first, end] = this.#trace.rowsWithin(from, to, this.#length);
    if (end <= first) return new Float64Array(0);
    const size = Math.max(1, Math.ceil((end - first) / Math.max(1, width)));
    const out = new Float64Array(4 * Math.ceil((end - first) / size));
    for (let b = 0; 4 * b < out.length; b++) {
      const start = first + b * size;
      const average = this.#averages[Math.min(end, start + size) - 1]!;
      out[4 * b] = this.#trace.stepOf(start);
      out[4 * b + 1] = average;
      out[4 * b + 2] = average;
    }
    return out;
  }

  #advance(): void {
    const end = Math.min(this.#known, this.#length + Math.ceil(rowsAtOnce / (this.#value.cost ?? 1)));
    if (end > this.#averages.length) {
      const grown = new Float64Array(Math.max(end, 2 * this.#averages.length));
      grown.set(this.#averages.subarray(0, this.#length));
      this.#averages = grown;
    }
    for (; this.#length < end; this.#length++) {
      const value = this.#trace.read(this.#length, this.#value);
      if (Number.isFinite(value)) {
        this.#sum = this.#keep * this.#sum + (1 - this.#keep) * value;
        this.#weight = this.#keep * this.#weight + (1 - this.#keep);
      }
      this.#averages[this.#length] = this.#weight === 0 ? Number.NaN : this.#sum / this.#weight;
    }
  }
}

const kept = new WeakMap<Trace, Map<string, SmoothedSeries>>();

/** The average of a quantity of a trace, which grows with it. @param key  identifies the quantity */
export function smoothedSeries(trace: Trace, key: string, value: RowValue, weight: number): SmoothedSeries {
  let ofTrace = kept.get(trace);
  if (!ofTrace) {
    ofTrace = new Map();
    kept.set(trace, ofTrace);
  }
  const known = ofTrace.get(`${key} ${weight}`);
  if (known?.isValid) return known;
  const series = new SmoothedSeries(trace, value, weight);
  ofTrace.set(`${key} ${weight}`, series);
  return series;
}
