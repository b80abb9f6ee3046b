import { readFileSync } from 'node:fs';
import type { Sources } from './sources';

/** Files on disk, with some texts in the place of theirs: unsaved buffers. Remembers what was read. */
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
      return readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
  }
}
