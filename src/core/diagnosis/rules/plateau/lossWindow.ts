import { medianOf } from '../../terms/medianOf';
import { mannKendall } from './mannKendall';

const blocks = 10;

/**
 * Raw losses in windows of ten blocks: each block by its median, each window by the trend of its medians. A loss that is
 * another one from step to step goes by the blocks' means: of a cycle the median shows the usual step alone.
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

  /** The trend of the window that this loss completes, as `mannKendall` gives it; null inside a window. */
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
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
