import { basename } from 'node:path';
import { readSourceFile } from '../../../../disk/sourceFile';
import type { Sources } from '../../../../sources';

/**
 * The modules of packages are files on disk, which no editor changes and no run keeps. Each folder is asked for
 * its package.json by every module below it.
 */
export class PackageFiles implements Sources {
  readonly #manifests = new Map<string, string | undefined>();
  readonly #onRead: (file: string, text: string | undefined) => void;

  /** @param onRead  receives each text, and undefined for a file that does not exist */
  constructor(onRead: (file: string, text: string | undefined) => void = () => {}) {
    this.#onRead = onRead;
  }

  read(file: string): string | undefined {
    if (basename(file) !== 'package.json') return this.#read(file);
    if (!this.#manifests.has(file)) this.#manifests.set(file, this.#read(file));
    return this.#manifests.get(file);
  }

  #read(file: string): string | undefined {
    let text: string | undefined;
    try {
      text = readSourceFile(file);
    } catch {
      text = undefined;
    }
    this.#onRead(file, text);
    return text;
  }
}
