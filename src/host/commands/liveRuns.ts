import * as vscode from 'vscode';
import type { Run } from '../../runs/run';
import type { RunStore } from '../../runs/runStore';

/** The actions of commands on a run in progress, and the runs to which each applies. */
const commands = {
  pause: { title: 'Pause which run?', fits: ({ record }: Run) => record.status === 'running' },
  resume: { title: 'Resume which run?', fits: ({ record }: Run) => record.status === 'paused' },
  step: { title: 'Take one step of which run?', fits: ({ record }: Run) => record.status === 'paused' },
  stop: { title: 'Stop which run?', fits: ({ isLive }: Run) => isLive },
} as const;

/**
 * The run in progress for a command: the only run to which the command applies, or else the one that the user
 * picks.
 *
 * @param shown  the runs in the dashboards: they come first in the list
 * @returns undefined if there is none, or none was picked
 */
export async function pickLiveRun(
  store: RunStore,
  command: keyof typeof commands,
  shown: readonly Run[],
): Promise<Run | undefined> {
  const { title, fits } = commands[command];
  const runs = store.live.filter(fits);
  if (runs.length < 2) return runs[0];
  const rank = (run: Run) => (shown.includes(run) ? shown.indexOf(run) : shown.length);
  const items = [...runs]
    .reverse()
    .sort((a, b) => rank(a) - rank(b))
    .map((run) => ({ label: run.record.source.lossName, description: run.title, detail: run.summary, run }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.run;
}
