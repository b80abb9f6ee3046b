import { realpathSync } from 'node:fs';
import path from 'node:path';
import { ToolProblem } from './toolProblem';

/** The folders that the tools may use. No other file is read or run because its name was given to a tool. */
export class Roots {
  readonly #foldersNow: () => readonly string[];
  /** What the user calls the folders: "--root", "the workspace". */
  readonly #words: string;

  /** @param folders  the absolute paths of folders that exist, now */
  constructor(folders: () => readonly string[], words: string) {
    this.#foldersNow = folders;
    this.#words = words;
  }

  /**
   * The absolute path of a file or folder below a root. Symbolic links count as what they lead to.
   *
   * @param given  relative to a root, or absolute; with several roots it may begin with the name of one
   * @throws ToolProblem if it is outside of all roots, or does not exist
   */
  resolve(given: string): string {
    if (given.includes('\0')) throw new ToolProblem('a path must not contain the character with code 0');
    const candidates = this.#candidates(given).filter((file) => this.#isBelow(file, this.#folders));
    if (candidates.length === 0) throw this.#outside(given);
    const found = candidates.find((file) => realPath(file) !== null);
    if (found === undefined)
      throw new ToolProblem(`there is no file or folder ${given} below ${this.#named}`);
    if (!this.holds(found)) throw this.#outside(given);
    return found;
  }

  /** Whether a file that exists is below a root, also after its symbolic links have been followed. */
  holds(file: string): boolean {
    const real = realPath(file);
    return (
      real !== null &&
      this.#isBelow(
        real,
        this.#folders.map((folder) => realPath(folder) ?? folder),
      )
    );
  }

  /** The path in the form in which tools show and accept it: relative to its root, with forward slashes. */
  display(file: string): string {
    const root = this.#folders.find((folder) => this.#isBelow(file, [folder]));
    if (root === undefined) return file;
    const below = path.relative(root, file).split(path.sep).join('/') || '.';
    return this.#folders.length === 1 ? below : `${path.basename(root)}/${below}`;
  }

  get #folders(): readonly string[] {
    return this.#foldersNow();
  }

  #candidates(given: string): string[] {
    if (path.isAbsolute(given)) return [path.normalize(given)];
    const [first, ...rest] = given.split(/[/\\]/);
    const named = this.#folders
      .filter((folder) => this.#folders.length > 1 && path.basename(folder) === first)
      .map((folder) => path.join(folder, ...rest));
    return [...named, ...this.#folders.map((folder) => path.resolve(folder, given))];
  }

  #isBelow(file: string, folders: readonly string[]): boolean {
    return folders.some((folder) => {
      const relative = path.relative(folder, file);
      return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
    });
  }

  #outside(given: string): ToolProblem {
    return new ToolProblem(`${given} is outside of ${this.#named}: name a file below it`);
  }

  get #named(): string {
    return this.#folders.length === 0 ? this.#words : `${this.#words} (${this.#folders.join(', ')})`;
  }
}

function realPath(file: string): string | null {
  try {
    return realpathSync.native(file);
  } catch {
    return null;
  }
}
