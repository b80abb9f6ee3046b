import type { DiscoveryMode, LossDeclaration } from '../declaration';
import { baseName, isCandidateFile } from './candidateFile';
import { ModuleReader } from './moduleReader';
import { isOptimizerStep } from './optimizerStep';

/** The losses of a source text, in order. Never throws, however unfinished the text. */
export function discover(text: string, file: string, mode: DiscoveryMode): LossDeclaration[] {
  if (mode === 'off' || !isCandidateFile(baseName(file))) return [];
  return new ModuleReader(text, file).losses(mode);
}

/** The optimizers of the user's own, `@optimizerStep`, in order. */
export function optimizerStepsIn(text: string, file: string): LossDeclaration[] {
  if (!isCandidateFile(baseName(file)) || !text.includes('@optimizerStep')) return [];
  return new ModuleReader(text, file)
    .declarations('cursor')
    .filter((declaration) => declaration.exportName !== null && isOptimizerStep(declaration));
}

/** Whatever carries `@expect`, in order: also what is no loss, or not exported, and should not be passed over in silence. */
export function expectationsIn(text: string, file: string): LossDeclaration[] {
  if (!isCandidateFile(baseName(file)) || !text.includes('@expect')) return [];
  return new ModuleReader(text, file)
    .declarations('cursor')
    .filter(({ annotation }) => annotation?.tags.some(({ name }) => name === 'expect'));
}

/**
 * The function around the cursor, whatever its name; its comment and the whole lines of its declaration count. An
 * exported one is preferred to what is nested inside it.
 */
export function lossAt(text: string, file: string, offset: number): LossDeclaration | null {
  if (!isCandidateFile(baseName(file))) return null;
  return new ModuleReader(text, file).at(offset);
}

/** The function of that name, or exported under it (`default` too), loss or not; an exported one is preferred. */
export function lossNamed(text: string, file: string, name: string): LossDeclaration | null {
  if (!isCandidateFile(baseName(file))) return null;
  return new ModuleReader(text, file).named(name);
}
