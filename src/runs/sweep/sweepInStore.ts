import { type ShownCell, sweepReport } from '../../core/analysis/sweep/sweepReport';
import type { CellResult } from '../../core/analysis/sweep/sweptCell';
import type { LossProblem } from '../../loss/problem';
import { inParallel } from '../inParallel';
import type { Analysis, AnalysisEnd, AnalysisListener } from '../reports';
import type { Run } from '../run';
import type { RunOrder } from '../runOrder';
import type { RunRecord } from '../runRecord';
import type { RunStore } from '../runStore';
import type { SweepAxis } from './axis';
import { cellResult, isRunOfCell } from './cellResult';
import type { SweepCell } from './cells';
import { StabilityCrossing } from './stabilityCrossing';

/** A cell with the order of its run. */
export interface OrderedCell extends SweepCell {
  readonly order: RunOrder;
}

export interface SweepOrder {
  /** The configuration that the sweep changes, and its loss. */
  readonly order: RunOrder;
  readonly x: SweepAxis;
  readonly y: SweepAxis | null;
  /** Row by row (y). */
  readonly cells: readonly OrderedCell[];
}

export interface SweepParts {
  readonly store: RunStore;
  /** How many runs are made at once. */
  readonly workers: number;
  /** Whether a text that a kept run loaded is another one by now. */
  readonly hasChanged: (record: RunRecord) => boolean;
}

/**
 * Makes a sweep of which each run is kept in the store. A run of the store with the configuration of a cell is taken up
 * instead of being made again. If the sweep is stopped, the runs in progress are removed, and the others are kept.
 *
 * @param id  of the report, which the runs refer to
 */
export function sweepInStore(
  parts: SweepParts,
  { order, x, y, cells }: SweepOrder,
  id: string,
  { onProgress, onReport }: AnalysisListener,
): Analysis {
  const stopped = new AbortController();
  const shown = cells.map(({ x, y, patch }): ShownCell => ({ x, y, patch, run: null, result: null }));
  const report = () => sweepReport({ config: order.config, x, y, cells: shown });
  let done = 0;
  onReport(report());
  onProgress(0, cells.length);
  const sweepCell = async (cell: OrderedCell, i: number, signal: AbortSignal) => {
    const made = keptRun(parts, cell) ?? (await newRun(parts.store, cell, id, signal));
    if (!made) return;
    const result = await resultOf(parts.store, made);
    shown[i] = { ...shown[i]!, run: made.record.id, result };
    done++;
    onReport(report());
    onProgress(done, cells.length);
  };
  const ended = inParallel(parts.workers, cells, sweepCell, stopped.signal).then(
    (): AnalysisEnd => (stopped.signal.aborted ? { kind: 'stopped' } : { kind: 'done', report: report() }),
    (error: unknown): AnalysisEnd => {
      if (error instanceof FailedCell) return { kind: 'failed', problems: error.problems };
      const message = `The sweep failed: ${error instanceof Error ? error.message : String(error)}`;
      const { location } = order.source;
      return {
        kind: 'failed',
        problems: [{ code: 'worker-crashed', severity: 'error', message, location }],
      };
    },
  );
  return { ended, stop: () => stopped.abort() };
}

/** A run that made no step, so that the others would fail too. */
class FailedCell extends Error {
  readonly problems: readonly LossProblem[];

  constructor(problems: readonly LossProblem[]) {
    super('a run could not be made');
    this.problems = problems;
  }
}

function keptRun({ store, hasChanged }: SweepParts, { order }: OrderedCell): Run | null {
  const { source, lossText, config } = order;
  const cell = { file: source.file, lossText, config };
  const isKept = ({ isLive, record }: Run) =>
    !isLive &&
    record.outcome !== null &&
    record.lrChanges.length === 0 &&
    record.source.lossName === source.lossName &&
    isRunOfCell(record, cell, hasChanged);
  return store.history.findLast(isKept) ?? null;
}

/**
 * @returns null if it was ended
 * @throws FailedCell if it made no step
 */
async function newRun(
  store: RunStore,
  { order, name }: OrderedCell,
  sweep: string,
  signal: AbortSignal,
): Promise<Run | null> {
  const run = store.start(order, { name: decodeURIComponent(name).replaceAll(',', ', '), sweep });
  const stop = () => void store.stop(run.record.id);
  signal.addEventListener('abort', stop);
  await run.finished;
  signal.removeEventListener('abort', stop);
  const { outcome, problems, stopped } = run.record;
  if (signal.aborted && (outcome === null || stopped === 'user')) {
    await store.delete(run.record.id);
    return null;
  }
  // The user stopped it alone, before its first step.
  if (!outcome && stopped === 'user') return null;
  if (!outcome) throw new FailedCell(problems);
  return run;
}

async function resultOf(store: RunStore, run: Run): Promise<CellResult> {
  const hold = store.hold(run);
  try {
    await store.load(run);
    return cellResult(run.record.outcome!, crossingOf(run));
  } finally {
    hold.dispose();
  }
}

function crossingOf({ trace, record }: Run): StabilityCrossing | null {
  if (!trace || !record.layout) return null;
  const crossing = new StabilityCrossing(record.layout, record.config);
  for (let row = 0; row < trace.rows; row++)
    trace.read(row, (data, offset) => {
      crossing.onRecord(data, offset);
      return 0;
    });
  return crossing;
}
