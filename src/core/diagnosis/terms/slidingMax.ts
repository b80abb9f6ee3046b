/** The largest of the last `length` values. O(1) per value on average, no allocation after construction. */
export class SlidingMax {
  readonly #length: number;
  /** Values that may still become the largest, in descending order, each with its index; a ring buffer. */
  readonly #values: Float64Array;
  readonly #numbers: Float64Array;
  #first = 0;
  #count = 0;
  #pushed = 0;

  /** @param length  ≥ 1 */
  constructor(length: number) {
    this.#length = length;
    this.#values = new Float64Array(length);
    this.#numbers = new Float64Array(length);
  }

  /** @param value  not NaN */
  push(value: number): void {
    const length = this.#length;
    const number = this.#pushed++;
    if (this.#count > 0 && this.#numbers[this.#first]! <= number - length) {
      this.#first = (this.#first + 1) % length;
      this.#count--;
    }
    while (this.#count > 0 && this.#values[(this.#first + this.#count - 1) % length]! <= value) this.#count--;
    const place = (this.#first + this.#count++) % length;
    this.#values[place] = value;
    this.#numbers[place] = number;
  }

  /** −Infinity before the first value. */
  get largest(): number {
    return this.#count === 0 ? Number.NEGATIVE_INFINITY : this.#values[this.#first]!;
  }
}
