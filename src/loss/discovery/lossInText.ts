import type { LossDeclaration } from '../declaration';
import { baseName, isCandidateFile } from './candidateFile';
import { type ImportedTypes, noImportedTypes } from './javascript/importedTypes';
import { readerOf } from './readerOf';

/** The loss with this name in a text, for a loss found by annotation, by name, or at the cursor. */
export function lossInText(
  text: string,
  file: string,
  name: string,
  imported: ImportedTypes = noImportedTypes,
): LossDeclaration | null {
  if (!isCandidateFile(baseName(file))) return null;
  const module = readerOf(text, file, imported);
  const known = module.losses('named').find((loss) => loss.name === name);
  if (known) return known;
  // A loss that was run from the cursor may not be found by its name, so check each occurrence of the name in
  // the text.
  const word = name.slice(name.lastIndexOf('.') + 1);
  for (let at = text.indexOf(word); at >= 0 && word !== ''; at = text.indexOf(word, at + 1)) {
    if (isWordPart(text[at - 1]) || isWordPart(text[at + word.length])) continue;
    const candidate = module.namedAt(at, name);
    if (candidate) return candidate;
  }
  return null;
}

function isWordPart(character: string | undefined): boolean {
  return character !== undefined && /[\p{ID_Continue}$]/u.test(character);
}
