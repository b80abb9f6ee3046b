export interface Interval<T> {
  /** Inclusive on both ends. */
  readonly from: number;
  readonly to: number;
  readonly value: T;
}

/** Which of many intervals cover a position: they may overlap, but few of them do. */
export class Intervals<T> {
  /** In order of `from`. */
  readonly #sorted: readonly Interval<T>[];
  /** The largest `to` of the intervals up to each one. */
  readonly #reach: readonly number[];

  constructor(intervals: readonly Interval<T>[]) {
    this.#sorted = intervals.toSorted((a, b) => a.from - b.from);
    let reach = Number.NEGATIVE_INFINITY;
    this.#reach = this.#sorted.map(({ to }) => {
      reach = Math.max(reach, to);
      return reach;
    });
  }

  /** In order of `from`. */
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
