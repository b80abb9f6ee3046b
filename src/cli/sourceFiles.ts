import { existsSync, readdirSync, readFile, statSync } from 'node:fs';
import path from 'node:path';
import { isCandidateFile, isForeignFolder } from '../loss/discovery/candidateFile';
import { IgnoreFiles } from '../loss/discovery/ignoreFiles';
import { readSourceFile, requireSourceFile } from '../loss/diskSources';
import { BadInput } from './badInput';

/** So many files are read ahead of the one that is looked at. */
const readAhead = 32;

/**
 * The files at a path that may hold losses, in order of name: the file itself, or those below the folder. What git
 * ignores is left out, and so are packages and build output; symbolic links are not followed.
 *
 * @throws BadInput if there is no such path, or it is neither a regular file nor a folder
 */
export function filesAt(target: string): string[] {
  const stat = statSync(target, { throwIfNoEntry: false });
  if (!stat) throw new BadInput(`there is no file or folder ${target}`);
  if (stat.isFile()) return [target];
  if (!stat.isDirectory()) throw new BadInput(`${target} is neither a regular file nor a folder`);
  return [...filesBelow(target, '', ignoredIn(target))];
}

type Ignored = (below: string, kind: 'file' | 'folder') => boolean;

/** @param below  the path so far below the folder that was named, which may itself be called build */
function* filesBelow(folder: string, below: string, ignored: Ignored): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const inner = path.join(folder, entry.name);
    const innerBelow = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!isForeignFolder(entry.name) && !ignored(innerBelow, 'folder'))
        yield* filesBelow(inner, innerBelow, ignored);
    } else if (entry.isFile() && isCandidateFile(innerBelow) && !ignored(innerBelow, 'file')) yield inner;
  }
}

/** The ignore files of the repository apply, unless they ignore the named folder itself. */
function ignoredIn(target: string): Ignored {
  const folder = path.resolve(target);
  const root = repositoryOf(folder) ?? folder;
  const rules = ignoreFilesIn(root);
  const prefix = path.relative(root, folder).split(path.sep).join('/');
  if (prefix === '') return (below, kind) => rules.ignores(below, kind);
  if (!rules.ignores(prefix, 'folder')) return (below, kind) => rules.ignores(`${prefix}/${below}`, kind);
  const own = ignoreFilesIn(folder);
  return (below, kind) => own.ignores(below, kind);
}

function ignoreFilesIn(root: string): IgnoreFiles {
  return new IgnoreFiles((file) => {
    try {
      return readSourceFile(path.join(root, file));
    } catch {
      return undefined;
    }
  });
}

function repositoryOf(folder: string): string | null {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, '.git'))) return at;
    if (path.dirname(at) === at) return null;
  }
}

/** The text of a file, or why it cannot be read. */
export type ReadFile =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly error: unknown };

/** The texts of files, in their order, read some at a time. */
export async function* textsOf(files: readonly string[]): AsyncGenerator<ReadFile> {
  const pending: Promise<ReadFile>[] = [];
  let next = 0;
  for (let taken = 0; taken < files.length; taken++) {
    while (next < files.length && pending.length < readAhead) pending.push(readSoon(files[next++]!));
    yield await pending.shift()!;
  }
}

function readSoon(file: string): Promise<ReadFile> {
  return new Promise((resolve) => {
    try {
      requireSourceFile(file);
    } catch (error) {
      resolve({ file, error });
      return;
    }
    readFile(file, 'utf8', (error, text) => resolve(error ? { file, error } : { file, text }));
  });
}
