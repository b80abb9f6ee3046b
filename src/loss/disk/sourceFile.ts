import { readFileSync, statSync } from 'node:fs';

/** The maximum size of a source file. Editors do not show longer files. */
export const maxSourceBytes = 16 * 2 ** 20;

/**
 * A file cannot be read as source. The message continues a sentence that begins with the name of the file.
 */
export class NotASourceFile extends Error {}

/**
 * Checks the kind of a file before it is read: reading a pipe waits for a writer, and a device may have no
 * end.
 *
 * @throws NotASourceFile if it is not a regular file, or longer than `maxSourceBytes`
 * @throws the error of the file system if there is no such file
 */
export function requireSourceFile(file: string): void {
  const stat = statSync(file);
  if (stat.isDirectory()) throw new NotASourceFile('is a folder');
  if (!stat.isFile()) throw new NotASourceFile('is not a regular file');
  if (stat.size > maxSourceBytes) throw new NotASourceFile(`is larger than ${maxSourceBytes / 2 ** 20} MB`);
}

/** The text of a file. @throws the same errors as `requireSourceFile` */
export function readSourceFile(file: string): string {
  requireSourceFile(file);
  return readFileSync(file, 'utf8');
}
