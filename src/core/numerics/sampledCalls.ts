import type { Random } from './random';

/**
 * Selects the first call and later ones at random, with a distance that grows with their number. About log₂ of the number of calls
 * are selected in total, so what is done at selected calls costs ever less per call.
 */
export class SampledCalls {
  readonly #random: Random;
  #count = 0;
  #next = 1;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The number of calls so far. */
  get count(): number {
    return this.#count;
  }

  /** Counts a call. Returns whether it is selected; `select` must then select the next one. */
  isSelected(): boolean {
    return ++this.#count === this.#next;
  }

  /**
   * Selects the next call.
   *
   * @param spread   multiplies the largest distance, which is the number of calls so far plus 20
   * @param atLeast  the smallest distance
   */
  select(spread = 1, atLeast = 1): void {
    const distance = 1 + Math.floor(this.#random() * spread * (this.#count + 20));
    this.#next = this.#count + Math.max(distance, atLeast);
  }

  /** Selects no further call. */
  stop(): void {
    this.#next = 0;
  }
}
