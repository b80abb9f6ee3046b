/**
 * The mean of the last `length` values, and their spread. O(length) per value, no allocation after
 * construction.
 */
export class RunningMean {
  readonly length: number;
  readonly #ring: Float64Array;
  #count = 0;
  #next = 0;

  /** @param length  ≥ 1 */
  constructor(length: number) {
    this.length = length;
    this.#ring = new Float64Array(length);
  }

  /** The number of values in the mean. */
  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count === this.length;
  }

  push(value: number): void {
    this.#ring[this.#next] = value;
    if (++this.#next === this.length) this.#next = 0;
    if (this.#count < this.length) this.#count++;
  }

  /**
   * The mean of at least one value. Each value is divided before it is added, so that large values do not
   * overflow.
   */
  middle(): number {
    let sum = 0;
    for (let i = 0; i < this.#count; i++) sum += this.#ring[i]! / this.#count;
    return sum;
  }

  /** The standard error of the mean; 0 for fewer than two values. */
  standardError(): number {
    if (this.#count < 2) return 0;
    const mean = this.middle();
    let squares = 0;
    for (let i = 0; i < this.#count; i++) squares += (this.#ring[i]! - mean) ** 2;
    return Math.sqrt(squares / (this.#count - 1) / this.#count);
  }

  /** The interquartile range. */
  interquartileRange(): number {
    const sorted = this.#ring.slice(0, this.#count).sort();
    const last = this.#count - 1;
    return sorted[Math.ceil(0.75 * last)]! - sorted[Math.floor(0.25 * last)]!;
  }

  /** The largest of the lowest `share` of the values, a number in (0, 1); NaN for no values. */
  quantile(share: number): number {
    const sorted = this.#ring.slice(0, this.#count).sort();
    return sorted[Math.floor(share * (this.#count - 1))] ?? Number.NaN;
  }
}
