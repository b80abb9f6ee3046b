import type { CellResult } from '../../core/analysis/sweep/sweptCell';
import { configDifferences } from '../../core/config/configDifferences';
import type { RunConfig } from '../../core/config/runConfig';
import type { StepLayout } from '../../core/trace/layout';
import type { OutcomeMessage } from '../../protocol/worker';
import type { RunRecord } from '../runRecord';
import { StabilityCrossing } from './stabilityCrossing';

/** @param crossing  of the same run; null if it made no step */
export function cellResult(
  { final, verdict, steps, stopped }: OutcomeMessage,
  crossing: StabilityCrossing | null,
): CellResult {
  return { loss: final.loss, verdict: verdict.kind, steps, stopped, crossing: crossing?.found };
}

/** What a cell of a sweep runs. */
export interface CellRun {
  readonly file: string;
  readonly lossText: string;
  readonly config: RunConfig;
}

/**
 * Whether a kept run is the run of a cell: it must have ended by itself, with the same configuration.
 *
 * @param hasChanged  whether a text that the run loaded is another one by now
 */
export function isRunOfCell(
  record: RunRecord,
  { file, lossText, config }: CellRun,
  hasChanged: (record: RunRecord) => boolean,
): boolean {
  const hasEnded = record.stopped !== null && record.stopped !== 'user' && record.stopped !== 'timeout';
  return (
    hasEnded &&
    record.status !== 'interrupted' &&
    record.source.file === file &&
    record.lossText === lossText &&
    configDifferences(record.config, config).length === 0 &&
    !hasChanged(record)
  );
}

/** Where a recorded run reached its stability limit. */
export async function crossingIn(
  steps: AsyncIterable<{ readonly data: Float64Array; readonly offset: number }>,
  layout: StepLayout,
  config: RunConfig,
): Promise<StabilityCrossing> {
  const crossing = new StabilityCrossing(layout, config);
  for await (const { data, offset } of steps) crossing.onRecord(data, offset);
  return crossing;
}
