import ignore, { type Ignore } from 'ignore';

/**
 * The rules of the `.gitignore` files in a folder and its subfolders. As in git, the nearest file with a
 * matching rule decides, and a rule cannot include files below an ignored folder again.
 */
export class IgnoreFiles {
  /** The rules by folder; null if the folder has no readable ignore file. */
  readonly #rules = new Map<string, Ignore | null>();
  readonly #folders = new Map<string, boolean>();

  readonly #read: (path: string) => string | undefined;

  /**
   * @param read  returns the text of a file by its path relative to the folder; undefined if there is none
   */
  constructor(read: (path: string) => string | undefined) {
    this.#read = read;
  }

  /**
   * @param path  relative to the folder, with forward slashes
   * @param kind  rules that end in a slash apply only to folders
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

/**
 * The parent folder of a relative path: '' for an entry of the root folder, null for the root folder itself.
 */
function parentOf(path: string): string | null {
  if (path === '') return null;
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
