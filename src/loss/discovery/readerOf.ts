import type { Tree } from '@lezer/common';
import { languageOf } from '../language';
import { type ImportedTypes, noImportedTypes } from './javascript/importedTypes';
import { ModuleReader } from './javascript/moduleReader';
import type { LossReader } from './lossReader';
import { PythonModuleReader } from './python/moduleReader';

/**
 * The reader for the language of a file.
 *
 * @param imported  the types of other modules, which the parameters of functions refer to
 * @param tree      the syntax tree of the text, if it has been parsed already
 */
export function readerOf(
  text: string,
  file: string,
  imported: ImportedTypes = noImportedTypes,
  tree?: Tree,
): LossReader {
  switch (languageOf(file)) {
    case 'python':
      return new PythonModuleReader(text, file, tree);
    case 'javascript':
      return new ModuleReader(text, file, imported, tree);
  }
}
