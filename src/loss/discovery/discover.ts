import type { DiscoveryMode, LossDeclaration } from '../declaration';
import { baseName, isCandidateFile } from './candidateFile';
import { hasExpectation } from './hasExpectation';
import { type ImportedTypes, noImportedTypes } from './javascript/importedTypes';
import { mayHoldTag } from './mayHoldLoss';
import { isOptimizerStep } from './optimizerStep';
import { readerOf } from './readerOf';

/** The losses in a source text, in order. Never throws, even if the text is incomplete. */
export function discover(
  text: string,
  file: string,
  mode: DiscoveryMode,
  imported: ImportedTypes = noImportedTypes,
): LossDeclaration[] {
  if (mode === 'off' || !isCandidateFile(baseName(file))) return [];
  return readerOf(text, file, imported).losses(mode);
}

/** The optimizer steps that the user wrote (`@optimizerStep`), in order. */
export function optimizerStepsIn(text: string, file: string): LossDeclaration[] {
  if (!isCandidateFile(baseName(file)) || !mayHoldTag(text, file, 'optimizerStep')) return [];
  return readerOf(text, file)
    .declarations('cursor')
    .filter((declaration) => declaration.exportName !== null && isOptimizerStep(declaration));
}

/**
 * All functions with `@expect`, in order. Includes functions that are not a loss or not exported, to report
 * them.
 */
export function expectationsIn(
  text: string,
  file: string,
  imported: ImportedTypes = noImportedTypes,
): LossDeclaration[] {
  if (!isCandidateFile(baseName(file)) || !mayHoldTag(text, file, 'expect')) return [];
  return readerOf(text, file, imported).declarations('cursor').filter(hasExpectation);
}

/**
 * The function at the cursor, with any name. Its range includes its comment and the whole lines of its
 * declaration. An exported function is preferred to a function nested inside it.
 */
export function lossAt(
  text: string,
  file: string,
  offset: number,
  imported: ImportedTypes = noImportedTypes,
): LossDeclaration | null {
  if (!isCandidateFile(baseName(file))) return null;
  return readerOf(text, file, imported).at(offset);
}

/**
 * The function that has this name or is exported under it (also `default`). It need not be a loss. Exports
 * come first.
 */
export function lossNamed(
  text: string,
  file: string,
  name: string,
  imported: ImportedTypes = noImportedTypes,
): LossDeclaration | null {
  if (!isCandidateFile(baseName(file))) return null;
  return readerOf(text, file, imported).named(name);
}
