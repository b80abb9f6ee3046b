import * as vscode from 'vscode';
import type { Run } from '../runs/run';
import type { Runs } from '../runs/runs';

const refreshMs = 100;

/** The running step, then the outcome. A click shows the dashboard. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('adamscope.run', vscode.StatusBarAlignment.Left, 5);
  readonly #subscription: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;

  constructor(runs: Runs) {
    this.#item.name = 'Adamscope run';
    this.#item.command = 'adamscope.showDashboard';
    this.#subscription = runs.onDidChange(() => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#show(runs.active ?? runs.latest);
      }, refreshMs);
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    this.#item.dispose();
  }

  #show(run: Run | undefined): void {
    if (!run) return;
    const { status, source, findings } = run.record;
    const worst =
      findings.find(({ severity }) => severity === 'error') ??
      findings.find(({ severity }) => severity === 'warning');
    const said = worst && !run.isLive ? ` · ${worst.code}` : '';
    const { summary } = run;
    const named = summary.startsWith(source.lossName) ? summary : `${source.lossName}: ${summary}`;
    this.#item.text = `${iconOf(run)} ${named}${said}`;
    this.#item.tooltip = `${run.title} on ${source.lossName}. Click to show the dashboard.`;
    this.#item.backgroundColor =
      status === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    this.#item.show();
  }
}

function iconOf(run: Run): string {
  const { status, findings } = run.record;
  if (status === 'paused') return '$(debug-pause)';
  if (run.isLive) return '$(pulse)';
  if (status === 'failed' || findings.some(({ severity }) => severity === 'error')) return '$(error)';
  if (status === 'interrupted' || findings.some(({ severity }) => severity === 'warning'))
    return '$(warning)';
  return '$(check)';
}
