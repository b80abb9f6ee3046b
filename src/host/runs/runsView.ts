import * as vscode from 'vscode';
import type { Run } from '../../runs/run';
import type { RunStore } from '../../runs/runStore';
import type { Eventual } from '../onFirstUse';
import { type RunIcon, runIcon } from './runIcon';
import { contextOf, type LossRuns, orderOf, runsByLoss, type SweepRuns } from './runTree';

export const runsViewId = 'adamscope.runs';
const refreshMs = 250;

const iconColours: { readonly [I in RunIcon]?: string } = {
  error: 'list.errorForeground',
  warning: 'list.warningForeground',
  check: 'testing.iconPassed',
};

/** An element of the view: the runs of a loss or of a sweep, or a run. */
export type RunNode = LossRuns | SweepRuns | Run;

/** The tree view *Runs*: all runs of the workspace, by loss. */
export class RunsView implements vscode.TreeDataProvider<RunNode>, vscode.Disposable {
  readonly #window: Eventual<{ readonly runs: RunStore }>;
  readonly #changed = new vscode.EventEmitter<RunNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #parts: vscode.Disposable[];
  /** The runs that have changed since the view was last refreshed. */
  readonly #stale = new Set<Run>();
  /** The order of the entries that the view shows. */
  #order = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(window: Eventual<{ readonly runs: RunStore }>) {
    this.#window = window;
    const view = vscode.window.createTreeView(runsViewId, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.#parts = [view, this.#changed];
    void window.made.then(({ runs }) => this.#follow(runs));
  }

  #follow(runs: RunStore): void {
    const changes = runs.onDidChange(({ run }) => {
      this.#stale.add(run);
      this.#timer ??= setTimeout(() => this.#refresh(runs), refreshMs);
    });
    this.#parts.push(changes);
  }

  /** While the whole view is refreshed, a menu that is open has no entry to act on: therefore only where the order has changed. */
  #refresh(runs: RunStore): void {
    this.#timer = undefined;
    const order = orderOf(runs.history);
    if (order === this.#order) for (const run of this.#stale) this.#changed.fire(run);
    else this.#changed.fire(undefined);
    this.#order = order;
    this.#stale.clear();
  }

  async getChildren(node?: RunNode): Promise<RunNode[]> {
    if (!node) return runsByLoss((await this.#window.get()).runs.history);
    if ('entries' in node) return [...node.entries];
    return 'runs' in node ? [...node.runs] : [];
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    if ('entries' in node) return lossItem(node);
    return 'runs' in node ? sweepItem(node) : runItem(node);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const part of this.#parts) part.dispose();
  }
}

function lossItem({ file, lossName, runs }: LossRuns): vscode.TreeItem {
  const item = new vscode.TreeItem(lossName, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `${file}#${lossName}`;
  item.description = vscode.workspace.asRelativePath(file);
  item.tooltip = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'} of ${lossName} in ${file}`;
  item.contextValue = 'loss';
  return item;
}

function sweepItem({ sweep, runs }: SweepRuns): vscode.TreeItem {
  const item = new vscode.TreeItem('Sweep', vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `sweep ${sweep}`;
  item.iconPath = new vscode.ThemeIcon('table');
  item.description = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`;
  item.contextValue = 'sweep';
  item.command = { command: 'adamscope.showDashboard', title: 'Show in the dashboard', arguments: [sweep] };
  return item;
}

function runItem(run: Run): vscode.TreeItem {
  const { id, name, isPinned, startedAt } = run.record;
  const item = new vscode.TreeItem(run.name);
  const icon = runIcon(run);
  const colour = iconColours[icon];
  item.id = id;
  item.iconPath = new vscode.ThemeIcon(
    icon,
    colour === undefined ? undefined : new vscode.ThemeColor(colour),
  );
  item.description = `${isPinned ? 'pinned · ' : ''}${run.summary}`;
  item.tooltip = [
    name === null ? run.title : `${name}: ${run.title}`,
    new Date(startedAt).toLocaleString(),
    run.verdict?.headline ?? run.summary,
  ].join('\n');
  item.contextValue = contextOf(run);
  item.command = { command: 'adamscope.showDashboard', title: 'Show in the dashboard', arguments: [id] };
  return item;
}
