import * as nodeFs from 'node:fs/promises';
import path from 'node:path';
import type { FileOutput } from './runFileWriter';

/** The part of the file system that writes. A test may replace it, for example to simulate a full disk. */
export type WritableDisk = Pick<
  typeof nodeFs,
  'appendFile' | 'mkdir' | 'rename' | 'rm' | 'truncate' | 'writeFile'
>;

/** A run file on disk. */
export class DiskOutput implements FileOutput {
  readonly #file: string;
  readonly #fs: WritableDisk;
  #end: number | null;
  readonly #size: number;

  /**
   * @param end   where to append, in bytes; null if the file is damaged, so that nothing may be appended
   * @param size  of a damaged file
   */
  constructor(file: string, end: number | null, fs: WritableDisk = nodeFs, size = 0) {
    this.#file = file;
    this.#end = end;
    this.#size = size;
    this.#fs = fs;
  }

  get byteLength(): number {
    return this.#end ?? this.#size;
  }

  async replace(bytes: Uint8Array): Promise<void> {
    const fresh = `${this.#file}.new`;
    await this.#fs.mkdir(path.dirname(this.#file), { recursive: true });
    try {
      await this.#fs.writeFile(fresh, bytes);
      await this.#fs.rename(fresh, this.#file);
    } catch (error) {
      await this.#fs.rm(fresh, { force: true }).catch(() => {});
      throw error;
    }
    this.#end = bytes.length;
  }

  async append(bytes: Uint8Array): Promise<void> {
    if (this.#end === null) throw new Error('the file is damaged');
    // What a crash left of a batch would hide everything after it.
    await this.#fs.truncate(this.#file, this.#end);
    await this.#fs.appendFile(this.#file, bytes);
    this.#end += bytes.length;
  }
}
