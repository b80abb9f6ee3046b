import { useRef } from 'preact/hooks';
import type { RunView } from '../../src/protocol/panel';
import { isLive } from '../state/isLive';

/**
 * The run whose charts are shown; null if there are none yet. A run without steps does not know its quantities. If it follows
 * another run of the same loss, the charts of that run stay until its first step: they have the same places, and making all of
 * them again would take longer than the first steps.
 */
export function useChartedRun(run: RunView): RunView | null {
  const last = useRef<RunView | null>(null);
  if (run.steps > 0) last.current = run;
  else if (!isLive(run.status) || !isSameLoss(run, last.current)) last.current = null;
  const before = last.current;
  if (before === null || run.steps > 0) return before;
  const { dim, names, coordinates, hasBands, groupLevels, mapped, quantities, boundNote, stability } = before;
  return { ...run, dim, names, coordinates, hasBands, groupLevels, mapped, quantities, boundNote, stability };
}

function isSameLoss(a: RunView, b: RunView | null): boolean {
  return a.lossName === b?.lossName && a.location.file === b.location.file;
}
