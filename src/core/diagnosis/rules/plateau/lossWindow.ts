import { medianOf } from '../../terms/medianOf';
import { mannKendall } from './mannKendall';

const blocks = 10;

/**
 * Raw losses in windows of ten blocks. Each block is reduced to its median, and each window to the trend of
 * its medians. If the loss function changes between steps, means replace the medians, because the median of a
 * periodic loss ignores rare large values.
 */
export class LossWindow {
  /** Steps of a window, a multiple of ten. */
  readonly length: number;
  readonly #block: Float64Array;
  readonly #medians = new Float64Array(blocks);
  readonly #byMeans: boolean;
  #inBlock = 0;
  #blocksDone = 0;

  constructor(atLeast: number, byMeans: boolean) {
    this.#byMeans = byMeans;
    const blockLength = Math.ceil(atLeast / blocks);
    this.length = blocks * blockLength;
    this.#block = new Float64Array(blockLength);
  }

  /** The `mannKendall` statistic of the window that this loss completes; null inside a window. */
  push(loss: number): number | null {
    const block = this.#block;
    block[this.#inBlock++] = loss;
    if (this.#inBlock < block.length) return null;
    this.#inBlock = 0;
    this.#medians[this.#blocksDone++] = this.#byMeans ? meanOf(block) : medianOf(block.sort());
    if (this.#blocksDone < blocks) return null;
    this.#blocksDone = 0;
    return mannKendall(this.#medians);
  }

  /** Begins a new window. */
  reset(): void {
    this.#inBlock = 0;
    this.#blocksDone = 0;
  }
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
