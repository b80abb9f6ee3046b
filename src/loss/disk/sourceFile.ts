import { readFileSync, statSync } from 'node:fs';

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
