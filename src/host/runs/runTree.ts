import type { Run } from '../../runs/run';

/** The runs of one loss. */
export interface LossRuns {
  readonly file: string;
  readonly lossName: string;
  readonly runs: readonly Run[];
  /** The pinned runs first, then the newest first. Those of a sweep are together. */
  readonly entries: readonly (Run | SweepRuns)[];
}

/** The runs of one sweep that are not pinned, the newest first. */
export interface SweepRuns {
  readonly sweep: string;
  readonly runs: readonly Run[];
}

/** The runs of a window by loss; the loss that ran last comes first. */
export function runsByLoss(history: readonly Run[]): LossRuns[] {
  const groups = new Map<string, { file: string; lossName: string; runs: Run[] }>();
  for (const run of history.toReversed()) {
    const { file, lossName } = run.record.source;
    const key = `${file}#${lossName}`;
    const group = groups.get(key) ?? { file, lossName, runs: [] };
    group.runs.push(run);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => ({ ...group, entries: entriesOf(group.runs) }));
}

function entriesOf(runs: readonly Run[]): (Run | SweepRuns)[] {
  const pinned = runs.filter(({ record }) => record.isPinned);
  const sweeps = new Map<string, Run[]>();
  const others: (Run | SweepRuns)[] = [];
  for (const run of runs) {
    const { isPinned, sweep } = run.record;
    if (isPinned) continue;
    const known = sweep === undefined ? undefined : sweeps.get(sweep);
    if (known) known.push(run);
    else if (sweep === undefined) others.push(run);
    else {
      const cells = [run];
      sweeps.set(sweep, cells);
      others.push({ sweep, runs: cells });
    }
  }
  return [...pinned, ...others];
}

/** A text that differs if the entries of the view, or their order, differ. */
export function orderOf(history: readonly Run[]): string {
  const idsOf = (entry: Run | SweepRuns) =>
    'runs' in entry ? entry.runs.map(({ record }) => record.id) : entry.record.id;
  return JSON.stringify(
    runsByLoss(history).map(({ file, lossName, entries }) => [file, lossName, entries.map(idsOf)]),
  );
}

/** What the menus of a run depend on: "live", or "ended" with "pinned" or "loose". */
export function contextOf({ isLive, record }: Run): string {
  return `run ${isLive ? 'live' : 'ended'} ${record.isPinned ? 'pinned' : 'loose'}`;
}
