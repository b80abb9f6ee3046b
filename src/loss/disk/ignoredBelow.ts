import { existsSync } from 'node:fs';
import path from 'node:path';
import { IgnoreFiles } from '../discovery/ignoreFiles';
import { readSourceFile } from './sourceFile';

/** Whether git ignores a path. The path is relative to a folder, with forward slashes. */
export type Ignored = (below: string, kind: 'file' | 'folder') => boolean;

/**
 * Applies the ignore files of the repository that contains a folder. If they ignore the folder, only its own
 * apply.
 */
export function ignoredBelow(target: string): Ignored {
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
