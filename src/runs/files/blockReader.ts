import type { FileHandle } from 'node:fs/promises';
import type { StepsReader } from './runFiles';
import { blockHeadBytes, decodeHeader, headerBytes, isWhole, rowsOf, rowsPerBlock } from './stepsFormat';

/** The part of a file handle that the reader uses. */
export type ReadableFile = Pick<FileHandle, 'read' | 'close'>;

/** Reads a steps file block by block, up to the last intact block. */
export class BlockReader implements StepsReader {
  readonly stride: number;
  damage: string | null;
  readonly #file: ReadableFile;
  readonly #recordLength: number;
  #position = headerBytes;

  private constructor(file: ReadableFile, recordLength: number, stride: number, damage: string | null) {
    this.#file = file;
    this.#recordLength = recordLength;
    this.stride = stride;
    this.damage = damage;
  }

  /**
   * @param recordLength  the record length of the run's layout; a file with a different one counts as damaged
   */
  static async open(file: ReadableFile, recordLength: number): Promise<BlockReader> {
    const bytes = new Uint8Array(headerBytes);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    const header = decodeHeader(bytes.subarray(0, bytesRead));
    if (typeof header === 'string') return new BlockReader(file, recordLength, 1, header);
    const damage =
      header.recordLength === recordLength
        ? null
        : `it has ${header.recordLength} numbers a step, and the run has ${recordLength}`;
    return new BlockReader(file, recordLength, Math.max(1, header.stride), damage);
  }

  async *blocks(): AsyncGenerator<Float64Array> {
    if (this.damage !== null) return;
    const largest = rowsPerBlock(this.#recordLength);
    // The block header has 8 bytes, so the records after it are aligned as a Float64Array requires.
    const bytes = new Uint8Array(blockHeadBytes + largest * 8 * this.#recordLength);
    for (;;) {
      const head = await this.#read(bytes, 0, blockHeadBytes);
      if (head === 0) return;
      const rows = head < blockHeadBytes ? 0 : rowsOf(bytes);
      if (rows === 0 || rows > largest) {
        this.damage = head < blockHeadBytes ? 'its last block is cut off' : 'the head of a block is damaged';
        return;
      }
      const end = blockHeadBytes + rows * 8 * this.#recordLength;
      if ((await this.#read(bytes, blockHeadBytes, end)) < end - blockHeadBytes) {
        this.damage = 'its last block is cut off';
        return;
      }
      if (!isWhole(bytes.subarray(0, end))) {
        this.damage = 'the checksum of a block is wrong';
        return;
      }
      yield new Float64Array(bytes.buffer, blockHeadBytes, rows * this.#recordLength);
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /**
   * Fills the range [from, to) of `bytes`, or less at the end of the file. Returns the number of bytes read.
   */
  async #read(bytes: Uint8Array, from: number, to: number): Promise<number> {
    let filled = 0;
    while (from + filled < to) {
      const { bytesRead } = await this.#file.read(bytes, from + filled, to - from - filled, this.#position);
      if (bytesRead === 0) break;
      filled += bytesRead;
      this.#position += bytesRead;
    }
    return filled;
  }
}
