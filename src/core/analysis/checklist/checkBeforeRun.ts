import { batchesOf } from '../../batches';
import type { RunConfig } from '../../config/runConfig';
import { contextAt } from '../../context';
import { lrRangeTest } from '../lrRange/lrRangeTest';
import type { RunSetting } from '../recordedRun';
import { type ChecklistItem, checklist } from './checklist';

/**
 * Evaluates the checklist on a loss: its value and gradient at the start, over all samples, and a range test from there.
 *
 * @throws Cancelled  if the user cancelled
 * @throws what the loss throws
 */
export async function checkBeforeRun(
  { objective, start, own = null, progress: control }: RunSetting,
  config: RunConfig,
): Promise<ChecklistItem[]> {
  const batches = batchesOf(config.samples, config.batch, config.seed);
  const grad = new Float64Array(start.length);
  const open = contextAt(config.seed, batches, 1, batches.all);
  const loss = await objective.valueAndGradient(start.slice(), grad, open);
  const hasRange = Number.isFinite(loss) && grad.every(Number.isFinite) && (!own || own.takesLrOfSteps);
  const range = hasRange ? await lrRangeTest({ objective, start, config, seeds: 1, control, own }) : null;
  return checklist(config, {
    params: start,
    loss,
    grad,
    recommendedLr: range?.recommended?.lr?.median ?? null,
    configuredLr: range?.configured ?? (config.optimizer.lr as number),
  });
}
