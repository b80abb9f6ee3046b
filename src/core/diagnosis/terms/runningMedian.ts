/**
 * The median of the last `length` values, and their spread. O(length) per value, no allocation after
 * construction.
 */
export class RunningMedian {
  readonly length: number;
  /** The values in the order of their arrival, as a ring buffer. */
  readonly #ring: Float64Array;
  /** The same values in ascending order. */
  readonly #sorted: Float64Array;
  #count = 0;
  #next = 0;

  /** @param length  ≥ 1 */
  constructor(length: number) {
    this.length = length;
    this.#ring = new Float64Array(length);
    this.#sorted = new Float64Array(length);
  }

  get isFull(): boolean {
    return this.#count === this.length;
  }

  /** @param value  not NaN */
  push(value: number): void {
    const sorted = this.#sorted;
    if (this.isFull) this.#remove(this.#ring[this.#next]!);
    let i = this.#count++;
    for (; i > 0 && sorted[i - 1]! > value; i--) sorted[i] = sorted[i - 1]!;
    sorted[i] = value;
    this.#ring[this.#next] = value;
    if (++this.#next === this.length) this.#next = 0;
  }

  /**
   * The median of at least one value. Adds half of each middle value, because the sum of two large values may
   * overflow.
   */
  median(): number {
    const middle = this.#count >> 1;
    const upper = this.#sorted[middle]!;
    return this.#count % 2 === 1 ? upper : 0.5 * this.#sorted[middle - 1]! + 0.5 * upper;
  }

  /** The same as `median`. */
  middle(): number {
    return this.median();
  }

  /** The interquartile range; 0 for fewer than three values. */
  interquartileRange(): number {
    const last = this.#count - 1;
    return this.#sorted[Math.ceil(0.75 * last)]! - this.#sorted[Math.floor(0.25 * last)]!;
  }

  /** The largest of the lowest `share` of the values, a number in (0, 1); NaN for no values. */
  quantile(share: number): number {
    return this.#sorted[Math.floor(share * (this.#count - 1))] ?? Number.NaN;
  }

  #remove(value: number): void {
    const sorted = this.#sorted;
    const last = --this.#count;
    let i = 0;
    while (i < last && sorted[i] !== value) i++;
    for (; i < last; i++) sorted[i] = sorted[i + 1]!;
  }
}
