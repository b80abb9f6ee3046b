import { readSourceFile } from './disk/sourceFile';
import type { Sources } from './sources';

/**
 * Reads files on disk, with the texts of unsaved buffers instead of the saved ones. Keeps every text that it
 * read, so that the same texts can be loaded again after the files have changed.
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

  /** All texts that were passed to the constructor or read: [absolute path, text]. */
  get texts(): (readonly [string, string])[] {
    return [...this.#texts];
  }
}
