import { readFileSync, statSync } from 'node:fs';
import { NotASourceFile } from '../notASourceFile';
import { isNotebook } from '../notebook/notebookText';
import { readNotebook } from '../notebook/readNotebook';

/** The maximum size of a source file. Editors do not show longer files. */
export const maxSourceBytes = 16 * 2 ** 20;
/** Most of a large notebook are its outputs, which are not read. */
const maxNotebookBytes = 256 * 2 ** 20;

/** The maximum size of a file that is read as source. */
export function maxBytesOf(file: string): number {
  return isNotebook(file) ? maxNotebookBytes : maxSourceBytes;
}

/**
 * Checks the kind of a file before it is read: reading a pipe waits for a writer, and a device may have no
 * end.
 *
 * @throws NotASourceFile if it is not a regular file, or too large
 * @throws the error of the file system if there is no such file
 */
export function requireSourceFile(file: string): void {
  const stat = statSync(file);
  if (stat.isDirectory()) throw new NotASourceFile('is a folder');
  if (!stat.isFile()) throw new NotASourceFile('is not a regular file');
  const most = maxBytesOf(file);
  if (stat.size > most) throw new NotASourceFile(`is larger than ${most / 2 ** 20} MB`);
}

/** The text of a file. @throws the same errors as `requireSourceFile` and `sourceTextOf` */
export function readSourceFile(file: string): string {
  requireSourceFile(file);
  return sourceTextOf(file, readFileSync(file, 'utf8'));
}

/** The source text in the content of a file. @throws NotASourceFile if it is a notebook that cannot be read */
export function sourceTextOf(file: string, content: string): string {
  return isNotebook(file) ? readNotebook(content) : content;
}
