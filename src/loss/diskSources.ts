import { readFileSync, statSync } from 'node:fs';
import type { Sources } from './sources';

/** Longer source files are refused: an editor does not show them either. */
export const maxSourceBytes = 16 * 2 ** 20;

/** Why a file is not read as source, to be put behind its name. */
export class NotASourceFile extends Error {}

/**
 * Asks what a file is before it is read: reading a pipe waits for a writer, and a device has no end.
 *
 * @throws NotASourceFile if it is no regular file, or longer than `maxSourceBytes`
 * @throws the error of the file system if there is no such file
 */
export function requireSourceFile(file: string): void {
  const stat = statSync(file);
  if (stat.isDirectory()) throw new NotASourceFile('is a folder');
  if (!stat.isFile()) throw new NotASourceFile('is not a regular file');
  if (stat.size > maxSourceBytes) throw new NotASourceFile(`is larger than ${maxSourceBytes / 2 ** 20} MB`);
}

/** The text of a file that `requireSourceFile` lets pass. */
export function readSourceFile(file: string): string {
  requireSourceFile(file);
  return readFileSync(file, 'utf8');
}

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
