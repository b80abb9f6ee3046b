/** Peaks are usual if they occur in at least so many blocks, and in this share of them. */
const fewestBlocks = 3;
const share = 1 / 10;

/**
 * How high a loss usually rises, from the lowest and the highest loss of each block of consecutive losses. A run that
 * oscillates in bursts is calm for longer than the reference window of a spike, and then returns to heights that it has
 * reached all the time.
 */
export class UsualHeights {
  readonly #length: number;
  readonly #isNoisy: boolean;
  readonly #lowest: number[] = [];
  readonly #means: number[] = [];
  readonly #highest: number[] = [];
  #count = 0;

  /**
   * @param length   of a block, in losses
   * @param isNoisy  whether a single low loss may be luck; then the mean of a block shows how far the descent is
   */
  constructor(length: number, isNoisy: boolean) {
    this.#length = length;
    this.#isNoisy = isNoisy;
  }

  push(loss: number): void {
    const within = this.#count++ % this.#length;
    if (within === 0) {
      this.#lowest.push(loss);
      this.#means.push(loss);
      this.#highest.push(loss);
      return;
    }
    const last = this.#lowest.length - 1;
    this.#means[last]! += (loss - this.#means[last]!) / (within + 1);
    this.#lowest[last] = Math.min(this.#lowest[last]!, loss);
    this.#highest[last] = Math.max(this.#highest[last]!, loss);
  }

  /**
   * The height that at least a tenth of the blocks reach, and at least 3 of them, after the descent to `level`; −∞ if
   * there are fewer. The block in which the descent ends still contains losses of the descent and does not count.
   */
  heightSince(level: number): number {
    const reached = (this.#isNoisy ? this.#means : this.#lowest).findIndex((loss) => loss <= level);
    if (reached < 0) return Number.NEGATIVE_INFINITY;
    const heights = this.#highest.slice(reached + 1).sort((a, b) => b - a);
    const rank = Math.max(fewestBlocks, Math.ceil(share * heights.length));
    return heights[rank - 1] ?? Number.NEGATIVE_INFINITY;
  }
}
