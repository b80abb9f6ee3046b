import { readSourceFile } from './disk/sourceFile';
import type { Sources } from './sources';

/**
 * Files on disk, with some texts in the place of theirs: unsaved buffers. Remembers what was read, so that the same
 * texts can be loaded again later, whatever has happened to the files.
 */
export class DiskSources implements Sources {
  readonly #texts: Map<string, string>;

  /** @param texts  [absolute path, text] */
  constructor(texts: readonly (readonly [string, string])[] = []) {
    this.#texts = new Map(texts);
  }

  read(file: string): string | undefined {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    try {
      const text = readSourceFile(file);
      this.#texts.set(file, text);
      return text;
    } catch {
      return undefined;
    }
  }

  /** Every text that was given or read: [absolute path, text]. */
  get texts(): (readonly [string, string])[] {
    return [...this.#texts];
  }
}
