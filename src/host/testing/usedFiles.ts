import type { LossDeclaration } from '../../loss/declaration';
import type { Run } from '../../runs/run';

/** Whether a loss uses a file: its own, or one that its last run loaded. */
export function usesFile(
  { file }: Pick<LossDeclaration, 'file'>,
  lastRun: Run | undefined,
  used: string,
): boolean {
  return file === used || (lastRun?.record.source.texts.some(([loaded]) => loaded === used) ?? false);
}
