import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ImportedText, ImportedTypes } from '../discovery/javascript/importedTypes';
import { readSourceFile } from './sourceFile';

/** A specifier may name the output of the compiler, although only the source exists. */
const endings =
  '.ts .tsx .mts .cts .d.ts .js .jsx .mjs .cjs /index.ts /index.tsx /index.d.ts /index.js'.split(' ');
const scriptEnding = /\.([cm]?)js(x?)$/;

/**
 * The types that files on disk export. Only relative specifiers are followed: the files of packages and the
 * paths of a project need its configuration, which takes too long to read for a list of losses.
 */
export function typesOnDisk(): ImportedTypes {
  const texts = new Map<string, ReturnType<ImportedText>>();
  return new ImportedTypes((specifier, from) => {
    if (!/^\.\.?(?:\/|$)/.test(specifier)) return null;
    const path = resolve(dirname(from), specifier);
    const known = texts.get(path);
    if (known !== undefined) return known;
    const read = readFirst(candidates(path));
    texts.set(path, read);
    return read;
  });
}

function candidates(path: string): string[] {
  const source = path.replace(scriptEnding, '.$1ts$2');
  return [...(source === path ? [] : [source]), path, ...endings.map((each) => path + each)];
}

function readFirst(files: readonly string[]): ReturnType<ImportedText> {
  for (const file of files) {
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) continue;
    try {
      return { file, text: readSourceFile(file) };
    } catch {
      return null;
    }
  }
  return null;
}
