import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Linked, link } from '../../../src/loss/providers/javascript/load/link';

/** The `import()` of the engine; the test runner would transform the imported modules. */
const nativeImport = createRequire(import.meta.url)('./nativeImport.cjs') as (
  url: string,
) => Promise<Exports>;

export type Exports = Record<string, (...args: never[]) => unknown> & Record<string, unknown>;

/** A folder of files on disk, deleted after the test, with unsaved texts. */
export class Workspace {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'adamscope-loss-')));
  readonly #unsaved = new Map<string, string>();

  constructor(files: Readonly<Record<string, string>>) {
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true }));
    for (const [file, text] of Object.entries(files)) this.save(file, text);
  }

  save(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  /** Sets a text in the editor that is not saved. */
  type(file: string, text: string): void {
    this.#unsaved.set(this.path(file), text);
  }

  symlink(target: string, path: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    symlinkSync(this.path(target), this.path(path), 'junction');
  }

  path(file: string): string {
    return join(this.root, file);
  }

  read(file: string): string | undefined {
    const unsaved = this.#unsaved.get(file);
    if (unsaved !== undefined) return unsaved;
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
  }

  link(entry: string): Promise<Linked> {
    return link(this.path(entry), this, mkdtempSync(join(this.root, '.published-')));
  }

  /** The exports of a module without problems. */
  async load(entry: string): Promise<Exports> {
    return load(await this.link(entry));
  }
}

export async function load(linked: Linked): Promise<Exports> {
  const errors = linked.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return nativeImport(linked.entryUrl);
}

/**
 * Links texts that exist only in the editor, with the first as the entry, and returns its export `result`.
 */
export async function resultOf(files: Readonly<Record<string, string>>): Promise<unknown> {
  const workspace = new Workspace(files);
  return (await workspace.load(Object.keys(files)[0]!)).result;
}
