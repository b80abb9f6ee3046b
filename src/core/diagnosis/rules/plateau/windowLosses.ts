/** The lowest and the highest loss of some steps. Before the first loss it is empty: [∞, −∞]. */
export type LossRange = readonly [low: number, high: number];

export const emptyRange: LossRange = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

export function joined(a: LossRange, b: LossRange): LossRange {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

/** The losses of the steps of one window as they were, without averaging. */
export class WindowLosses {
  readonly #losses: Float64Array;
  #count = 0;
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;

  /** @param length  the number of steps of a window */
  constructor(length: number) {
    this.#losses = new Float64Array(length);
  }

  /** @param loss  values that are not finite are not counted in the range */
  push(loss: number): void {
    if (!Number.isFinite(loss)) return;
    this.#losses[this.#count++] = loss;
    if (loss < this.#low) this.#low = loss;
    if (loss > this.#high) this.#high = loss;
  }

  get range(): LossRange {
    return [this.#low, this.#high];
  }

  /** The difference of the quartiles, each the nearest loss outwards; NaN without losses. Changes the order of the losses. */
  interquartileRange(): number {
    const sorted = this.#losses.subarray(0, this.#count).sort();
    const last = this.#count - 1;
    return (sorted[Math.ceil(0.75 * last)] ?? Number.NaN) - (sorted[Math.floor(0.25 * last)] ?? Number.NaN);
  }

  reset(): void {
    this.#count = 0;
    this.#low = Number.POSITIVE_INFINITY;
    this.#high = Number.NEGATIVE_INFINITY;
  }
}
