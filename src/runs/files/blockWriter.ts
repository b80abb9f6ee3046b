import type { StepsWriter } from './runFiles';
import { encodeBlock, encodeHeader, rowsPerBlock, type StepsHeader } from './stepsFormat';

const writeAfterMs = 500;

/** Collects records into blocks and appends those to a file, one write at a time. */
export class BlockWriter implements StepsWriter {
  readonly #append: (bytes: Uint8Array) => Promise<void>;
  readonly #recordLength: number;
  readonly #stride: number;
  readonly #rowsPerBlock: number;
  readonly #block: Float64Array;
  /** The last record, if it is not a k-th record. It is written when the run has ended. */
  #last: Float64Array | null = null;
  #hasLast = false;
  #rows = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Rejects with the first failure, as do all later writes, so that a file never has a gap. */
  #writing: Promise<void>;

  /** @param append  appends bytes to the file; the next call waits until the last one has settled */
  constructor(header: StepsHeader, append: (bytes: Uint8Array) => Promise<void>) {
    this.#append = append;
    this.#recordLength = header.recordLength;
    this.#stride = header.stride;
    this.#rowsPerBlock = rowsPerBlock(header.recordLength);
    this.#block = new Float64Array(this.#rowsPerBlock * this.#recordLength);
    this.#writing = append(encodeHeader(header));
    this.#writing.catch(() => {});
  }

  append(data: Float64Array, offset: number): void {
    const t = data[offset]!;
    if ((t - 1) % this.#stride !== 0) {
      this.#last ??= new Float64Array(this.#recordLength);
      this.#last.set(data.subarray(offset, offset + this.#recordLength));
      this.#hasLast = true;
      return;
    }
    this.#hasLast = false;
    this.#take(data, offset);
  }

  #take(data: Float64Array, offset: number): void {
    const at = this.#rows * this.#recordLength;
    this.#block.set(data.subarray(offset, offset + this.#recordLength), at);
    this.#rows++;
    if (this.#rows === this.#rowsPerBlock) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), writeAfterMs);
  }

  async close(): Promise<void> {
    if (this.#last && this.#hasLast) this.#take(this.#last, 0);
    this.#hasLast = false;
    this.#write();
    await this.#writing;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#rows === 0) return;
    const bytes = encodeBlock(this.#block.subarray(0, this.#rows * this.#recordLength), this.#recordLength);
    this.#rows = 0;
    this.#writing = this.#writing.then(() => this.#append(bytes));
    this.#writing.catch(() => {});
  }
}
