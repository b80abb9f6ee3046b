import type { DiscoveryMode, LossDeclaration } from '../declaration';
import { baseName, isCandidateFile } from './candidateFile';
import { type ImportedTypes, noImportedTypes } from './javascript/importedTypes';
import { mayHoldLoss } from './mayHoldLoss';
import { startParse } from './parse';
import { readerOf } from './readerOf';

/** Divides work into slices of time, so that the thread can do other work between them. */
export interface Slices {
  /** Whether the time of the current slice is used up. */
  isOver(): boolean;
  /** Waits until the next slice. @throws if the search is cancelled */
  rest(): Promise<void>;
}

/**
 * The same result as `discover`, without blocking the thread for longer than a slice while the text is
 * parsed.
 */
export async function discoverInSlices(
  text: string,
  file: string,
  mode: DiscoveryMode,
  slices: Slices,
  imported: ImportedTypes = noImportedTypes,
): Promise<LossDeclaration[]> {
  if (mode === 'off' || !isCandidateFile(baseName(file)) || !mayHoldLoss(text, file, mode)) return [];
  const parse = startParse(text, file);
  for (;;) {
    const tree = parse.advance();
    if (tree) return readerOf(text, file, imported, tree).losses(mode);
    if (slices.isOver()) await slices.rest();
  }
}
