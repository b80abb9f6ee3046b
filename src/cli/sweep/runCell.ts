import { existsSync } from 'node:fs';
import type { CellResult } from '../../core/analysis/sweep/sweptCell';
import { keyframeBudget } from '../../core/keyframePlan';
import type { LossDeclaration } from '../../loss/declaration';
import type { JobLimits } from '../../protocol/jobProcess';
import { RunJob } from '../../runner/runJob';
import { readRunFile, UnreadableRun } from '../../runs/files/runInFile';
import { cellResult, crossingIn, isRunOfCell } from '../../runs/sweep/cellResult';
import { StabilityCrossing } from '../../runs/sweep/stabilityCrossing';
import { BadInput } from '../badInput';
import { changedSources } from '../changedSources';
import { interruption } from '../interruption';
import { jobs } from '../jobs';
import { lossTextOf, type OutFile, outFileOf } from '../outFile';
import { sentences } from '../prepare';
import { warn } from '../warn';
import type { PlannedCell } from './plannedCells';

/**
 * Runs one cell.
 *
 * @param file    where the run is kept; null for nowhere
 * @param signal  ends the run
 * @returns null if the run was ended
 * @throws BadInput if the loss cannot be loaded, or the file cannot be written
 */
export async function runCell(
  declaration: LossDeclaration,
  { plan, above }: PlannedCell,
  { limits, file, signal }: { readonly limits: JobLimits; readonly file: string | null; signal: AbortSignal },
): Promise<CellResult | null> {
  const outFile: OutFile | null = file === null ? null : outFileOf(file, declaration, plan, above);
  const kept = outFile?.listener;
  let crossing: StabilityCrossing | null = null;
  const run = new RunJob(jobs, {
    source: plan.source,
    config: plan.config,
    limits,
    ...(outFile && { keyframeBudget }),
  });
  const close = () => run.close();
  signal.addEventListener('abort', close);
  run.open({
    ...kept,
    onOpened: (opened) => {
      crossing = new StabilityCrossing(opened.layout, plan.config);
      kept?.onOpened(opened);
    },
    onRecord: (data, offset) => {
      crossing?.onRecord(data, offset);
      outFile?.append(data, offset);
      if (outFile?.failure) run.close();
    },
    onWarning: (problem) => {
      warnOnce(sentences([problem]));
      kept?.onWarning(problem);
    },
  });
  if (signal.aborted) run.close();
  const end = await run.ended;
  signal.removeEventListener('abort', close);
  await outFile?.end(end, interruption.aborted);
  if (outFile?.failure) throw new BadInput(outFile.failure);
  if (signal.aborted) return null;
  if (!end.outcome) throw new BadInput(sentences(end.problems));
  if (end.problems.length > 0) warnOnce(sentences(end.problems));
  return cellResult(end.outcome, crossing);
}

/** The result of a cell that an earlier sweep has kept; null if there is none, or it is out of date. */
export async function keptResult(
  declaration: LossDeclaration,
  { plan: { config } }: PlannedCell,
  file: string,
): Promise<CellResult | null> {
  if (!existsSync(file)) return null;
  try {
    const { record, steps } = await readRunFile(file);
    const { outcome, layout } = record;
    const cell = { file: declaration.file, lossText: lossTextOf(declaration), config };
    if (!outcome || !layout || !isRunOfCell(record, cell, (kept) => changedSources(kept).length > 0))
      return null;
    return cellResult(outcome, await crossingIn(steps(), layout, config));
  } catch (error) {
    // What a crash left is run again.
    if (error instanceof UnreadableRun) return null;
    throw error;
  }
}

const warned = new Set<string>();

/** Every cell would repeat it. */
export function warnOnce(sentence: string): void {
  if (warned.has(sentence)) return;
  warned.add(sentence);
  warn(sentence);
}
