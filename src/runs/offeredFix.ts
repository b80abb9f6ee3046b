import type { Fix } from '../core/diagnosis/finding';
import type { Run } from './run';
import type { RunStore } from './runStore';

/** A choice that refers to findings or fixes that have changed. Its message is a sentence for the user. */
export class StaleChoice extends Error {}

/**
 * A fix that is being offered.
 *
 * @param revision  the revision of the run's findings that the user saw
 * @throws StaleChoice if the run no longer exists, or if its findings or fixes have changed
 */
export function offeredFix(
  store: Pick<RunStore, 'find'>,
  runId: string,
  revision: number,
  findingId: string,
  fixId: string,
): { readonly run: Run; readonly fix: Fix } {
  const run = store.find(runId);
  if (!run) throw new StaleChoice('This run is no longer in the history.');
  const fix = run.fixOf(revision, findingId, fixId);
  if (!fix) throw new StaleChoice('The findings of this run have changed; choose the fix again.');
  return { run, fix };
}
