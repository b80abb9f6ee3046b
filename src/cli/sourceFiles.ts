import { readdirSync, readFile, statSync } from 'node:fs';
import path from 'node:path';
import { isCandidateFile, isForeignFolder } from '../loss/discovery/candidateFile';
import { type Ignored, ignoredBelow } from '../loss/disk/ignoredBelow';
import { requireSourceFile, sourceTextOf } from '../loss/disk/sourceFile';
import { BadInput } from './badInput';

/**
 * The files at a path that may contain losses, in order of name: the file itself, or the files below the
 * folder. Files that git ignores, packages and build output are left out. Symbolic links are not followed.
 *
 * @throws BadInput if there is no such path, or it is neither a regular file nor a folder
 */
export function filesAt(target: string): string[] {
  const stat = statSync(target, { throwIfNoEntry: false });
  if (!stat) throw new BadInput(`there is no file or folder ${target}`);
  if (stat.isFile()) return [target];
  if (!stat.isDirectory()) throw new BadInput(`${target} is neither a regular file nor a folder`);
  return [...filesBelow(target, '', ignoredBelow(target))];
}

/**
 * @param below  the path of `folder` relative to the folder that the user named, which may itself be called
 * build
 */
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

/** The text of a file, or the error with which reading it failed. */
export type ReadFile =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly error: unknown };

/** Reads a file if it is a source file. Never rejects. */
export function readSource(file: string): Promise<ReadFile> {
  return new Promise((resolve) => {
    try {
      requireSourceFile(file);
    } catch (error) {
      resolve({ file, error });
      return;
    }
    readFile(file, 'utf8', (error, text) => resolve(error ? { file, error } : textIn(file, text)));
  });
}

function textIn(file: string, content: string): ReadFile {
  try {
    return { file, text: sourceTextOf(file, content) };
  } catch (error) {
    return { file, error };
  }
}
