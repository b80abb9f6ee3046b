import ignore, { type Ignore } from 'ignore';

/**
 * The rules of the `.gitignore` files of a folder and of the folders below it, as git reads them: the file nearest to a
 * path decides, and nothing below an ignored folder is taken back.
 */
export class IgnoreFiles {
  /** By folder; null where there is no file, or none that can be read. */
  readonly #rules = new Map<string, Ignore | null>();
  readonly #folders = new Map<string, boolean>();

  readonly #read: (path: string) => string | undefined;

  /** @param read  the text of a file, by its path below the folder; undefined if there is none */
  constructor(read: (path: string) => string | undefined) {
    this.#read = read;
  }

  /**
   * @param path  below the folder, with forward slashes
   * @param kind  a rule that ends in a slash is about folders only
   */
  ignores(path: string, kind: 'file' | 'folder'): boolean {
    if (kind === 'file') return this.#isBelowIgnored(path) || this.#matches(path, '');
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const ignored = this.#isBelowIgnored(path) || this.#matches(path, '/');
    this.#folders.set(path, ignored);
    return ignored;
  }

  #isBelowIgnored(path: string): boolean {
    const parent = parentOf(path);
    return parent !== null && parent !== '' && this.ignores(parent, 'folder');
  }

  #matches(path: string, slash: '' | '/'): boolean {
    for (let folder = parentOf(path); folder !== null; folder = parentOf(folder)) {
      const rules = this.#rulesOf(folder);
      const relative = folder === '' ? path : path.slice(folder.length + 1);
      const verdict = rules?.test(relative + slash);
      if (verdict?.ignored) return true;
      if (verdict?.unignored) return false;
    }
    return false;
  }

  #rulesOf(folder: string): Ignore | null {
    const known = this.#rules.get(folder);
    if (known !== undefined) return known;
    const text = this.#read(folder === '' ? '.gitignore' : `${folder}/.gitignore`);
    const rules = text === undefined ? null : ignore().add(text);
    this.#rules.set(folder, rules);
    return rules;
  }
}

/** '' for what stands in the folder itself; null for the folder. */
function parentOf(path: string): string | null {
  if (path === '') return null;
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
