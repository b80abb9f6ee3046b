import type { DiscoveryMode, LossDeclaration } from '../declaration';
import { baseName, isCandidateFile } from './candidateFile';
import { mayHoldLoss } from './mayHoldLoss';
import { ModuleReader } from './moduleReader';
import { startParse } from './syntaxTree';

/** Lets others work in between. */
export interface Slices {
  /** Whether the time at a stretch is used up. */
  isOver(): boolean;
  /** Lets others work. @throws if the search is cancelled */
  rest(): Promise<void>;
}

/** What `discover` finds, without holding up the thread for longer than a slice. */
export async function discoverInSlices(
  text: string,
  file: string,
  mode: DiscoveryMode,
  slices: Slices,
): Promise<LossDeclaration[]> {
  if (mode === 'off' || !isCandidateFile(baseName(file)) || !mayHoldLoss(text, file, mode)) return [];
  const parse = startParse(text, file);
  for (;;) {
    const tree = parse.advance();
    if (tree) return new ModuleReader(text, file, tree).losses(mode);
    if (slices.isOver()) await slices.rest();
  }
}
