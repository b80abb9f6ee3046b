import { existsSync } from 'node:fs';
import { configDifferences } from '../../core/config/configDifferences';
import type { RunConfig } from '../../core/config/runConfig';
import type { StepLayout } from '../../core/trace/layout';
import type { VerdictKind } from '../../core/verdict/verdict';
import type { LossDeclaration } from '../../loss/declaration';
import type { JobLimits } from '../../protocol/jobProcess';
import type { OutcomeMessage } from '../../protocol/worker';
import { RunJob } from '../../runner/runJob';
import { readRunFile, UnreadableRun } from '../../runs/files/runInFile';
import type { RunRecord } from '../../runs/runRecord';
import { BadInput } from '../badInput';
import { changedSources } from '../changedSources';
import { interruption } from '../interruption';
import { jobs } from '../jobs';
import { lossTextOf, type OutFile, outFileOf } from '../outFile';
import { sentences } from '../prepare';
import { warn } from '../warn';
import type { SweepCell } from './cells';
import { type Crossing, StabilityCrossing } from './stabilityCrossing';

/** The result of one run of a sweep. */
export interface CellResult {
  /** The final loss; NaN if the run ended before it was evaluated. */
  readonly loss: number;
  readonly verdict: VerdictKind;
  readonly steps: number;
  readonly stopped: OutcomeMessage['stopped'];
  /** undefined if stability is not measured; null if the limit was not reached. */
  readonly crossing: Crossing | null | undefined;
}

/** A cell with its result; null while it has none. */
export type SweptCell = Pick<SweepCell, 'x' | 'y'> & {
  readonly result: CellResult | null;
  /** The file of the run; null if it is not kept. */
  readonly file: string | null;
};

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
  { plan, above }: SweepCell,
  { limits, file, signal }: { readonly limits: JobLimits; readonly file: string | null; signal: AbortSignal },
): Promise<CellResult | null> {
  const outFile: OutFile | null = file === null ? null : outFileOf(file, declaration, plan, above);
  const kept = outFile?.listener;
  let crossing: StabilityCrossing | null = null;
  const run = new RunJob(jobs, { source: plan.source, config: plan.config, limits });
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
  return resultOf(end.outcome, crossing);
}

/**
 * The result of a cell that an earlier sweep has kept: the run must have ended by itself, with this configuration, and no
 * text that it loaded may have changed since.
 */
export async function keptResult(
  declaration: LossDeclaration,
  { plan: { config } }: SweepCell,
  file: string,
): Promise<CellResult | null> {
  if (!existsSync(file)) return null;
  try {
    const { record, steps } = await readRunFile(file);
    const { outcome, layout } = record;
    if (!outcome || !layout || !isRunOf(record, declaration, config)) return null;
    const crossing = await crossingIn(steps(), layout, config);
    return resultOf(outcome, crossing);
  } catch (error) {
    // What a crash left is run again.
    if (error instanceof UnreadableRun) return null;
    throw error;
  }
}

function isRunOf(record: RunRecord, declaration: LossDeclaration, config: RunConfig): boolean {
  const hasEnded = record.stopped !== null && record.stopped !== 'user' && record.stopped !== 'timeout';
  return (
    hasEnded &&
    record.status !== 'interrupted' &&
    record.source.file === declaration.file &&
    record.lossText === lossTextOf(declaration) &&
    configDifferences(record.config, config).length === 0 &&
    changedSources(record).length === 0
  );
}

async function crossingIn(
  steps: AsyncIterable<{ readonly data: Float64Array; readonly offset: number }>,
  layout: StepLayout,
  config: RunConfig,
): Promise<StabilityCrossing> {
  const crossing = new StabilityCrossing(layout, config);
  for await (const { data, offset } of steps) crossing.onRecord(data, offset);
  return crossing;
}

function resultOf(
  { final, verdict, steps, stopped }: OutcomeMessage,
  crossing: StabilityCrossing | null,
): CellResult {
  return { loss: final.loss, verdict: verdict.kind, steps, stopped, crossing: crossing?.found };
}

const warned = new Set<string>();

/** Every cell would repeat it. */
export function warnOnce(sentence: string): void {
  if (warned.has(sentence)) return;
  warned.add(sentence);
  warn(sentence);
}
