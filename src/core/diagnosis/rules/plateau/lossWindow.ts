import { mannKendall } from './mannKendall';

const blocks = 10;

/** Raw losses in windows of ten blocks: each block by its median, each window by the trend of its medians. */
export class LossWindow {
  /** Steps of a window, a multiple of ten. */
  readonly length: number;
  readonly #block: Float64Array;
  readonly #medians = new Float64Array(blocks);
  #inBlock = 0;
  #blocksDone = 0;

  constructor(atLeast: number) {
    const blockLength = Math.ceil(atLeast / blocks);
    this.length = blocks * blockLength;
    this.#block = new Float64Array(blockLength);
  }

  /** The trend of the window that this loss completes, as `mannKendall` gives it; null inside a window. */
  push(loss: number): number | null {
    const block = this.#block;
    block[this.#inBlock++] = loss;
    if (this.#inBlock < block.length) return null;
    this.#inBlock = 0;
    block.sort();
    const middle = block.length >> 1;
    this.#medians[this.#blocksDone++] =
      block.length % 2 === 1 ? block[middle]! : 0.5 * block[middle - 1]! + 0.5 * block[middle]!;
    if (this.#blocksDone < blocks) return null;
    this.#blocksDone = 0;
    return mannKendall(this.#medians);
  }
}
