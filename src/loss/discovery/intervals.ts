export interface Interval<T> {
  /** The first and last position, both inclusive. */
  readonly from: number;
  readonly to: number;
  readonly value: T;
}

/** Finds the intervals that contain a position. Fast if few of the intervals overlap. */
export class Intervals<T> {
  /** The intervals in order of `from`. */
  readonly #sorted: readonly Interval<T>[];
  /** For each index, the largest `to` of the intervals up to and including it. */
  readonly #reach: readonly number[];

  constructor(intervals: readonly Interval<T>[]) {
    this.#sorted = intervals.toSorted((a, b) => a.from - b.from);
    let reach = Number.NEGATIVE_INFINITY;
    this.#reach = this.#sorted.map(({ to }) => {
      reach = Math.max(reach, to);
      return reach;
    });
  }

  /** The values of the intervals that contain the position, in order of `from`. */
  at(position: number): T[] {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]!.from <= position) low = middle + 1;
      else high = middle;
    }
    const covering: T[] = [];
    for (let i = low - 1; i >= 0 && this.#reach[i]! >= position; i--)
      if (this.#sorted[i]!.to >= position) covering.push(this.#sorted[i]!.value);
    return covering.reverse();
  }
}
