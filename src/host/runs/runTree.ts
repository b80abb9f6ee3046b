import type { Run } from '../../runs/run';

/** The runs of one loss. */
export interface LossRuns {
  readonly file: string;
  readonly lossName: string;
  /** The pinned ones first, then the newest first. */
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
  const rank = ({ record }: Run) => (record.isPinned ? 0 : 1);
  return [...groups.values()].map((group) => ({
    ...group,
    runs: group.runs.toSorted((a, b) => rank(a) - rank(b)),
  }));
}

/** A text that differs if the entries of the view, or their order, differ. */
export function orderOf(history: readonly Run[]): string {
  return JSON.stringify(
    runsByLoss(history).map(({ file, lossName, runs }) => [
      file,
      lossName,
      runs.map(({ record }) => record.id),
    ]),
  );
}

/** What the menus of a run depend on: "live", or "ended" with "pinned" or "loose". */
export function contextOf({ isLive, record }: Run): string {
  return `run ${isLive ? 'live' : 'ended'} ${record.isPinned ? 'pinned' : 'loose'}`;
}
