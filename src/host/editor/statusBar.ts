import * as vscode from 'vscode';
import type { Finding } from '../../core/diagnosis/finding';
import type { Severity } from '../../core/diagnosis/severity';
import { formatNumber } from '../../core/numerics/format';
import type { Run } from '../../runs/run';
import type { RunStore } from '../../runs/runStore';
import { runIcon } from '../runs/runIcon';
import { markdownText } from './markdownText';

const refreshMs = 100;
const findingsAtMost = 8;

/**
 * The current step, then the outcome, the most severe finding, and whether the expectation is met. A click
 * shows the dashboard.
 */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('adamscope.run', vscode.StatusBarAlignment.Left, 5);
  readonly #subscription: { dispose(): void };
  #timer: NodeJS.Timeout | undefined;

  constructor(runs: RunStore) {
    this.#item.name = 'Adamscope run';
    this.#item.command = 'adamscope.showDashboard';
    this.#subscription = runs.onDidChange(() => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        const run = runs.latest;
        const others = runs.live.filter((each) => each !== run).length;
        this.#show(run, others);
      }, refreshMs);
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    this.#item.dispose();
  }

  /** @param others  the number of other runs in progress */
  #show(run: Run | undefined, others: number): void {
    // The Test Explorer shows the results of tests.
    if (!run || run.record.isTest) return;
    this.#item.text = others > 0 ? `${textOf(run)} · ${others} more under way` : textOf(run);
    this.#item.tooltip = tooltipOf(run);
    this.#item.backgroundColor =
      run.record.status === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    this.#item.show();
  }
}

const icons: { readonly [S in Severity]: string } = {
  error: '$(error)',
  warning: '$(warning)',
  info: '$(info)',
};

function textOf(run: Run): string {
  const { summary, expectation } = run;
  const { source, config } = run.record;
  // A message about a thrown error already contains the name of the loss.
  const isNamed = run.record.problems.find(({ severity }) => severity === 'error')?.code === 'loss-threw';
  const named = isNamed ? summary : `${source.lossName}: ${summary}`;
  const worst = run.isLive ? undefined : run.record.findings.toSorted(bySeverity)[0];
  const parts = [named];
  if (expectation && config.expect)
    parts.push(
      `${config.expect.above ? '>' : '<'} ${formatNumber(config.expect.loss)} ${expectation.met ? '✓' : '✗'}`,
    );
  if (worst && worst.severity !== 'info') parts.push(worst.headline);
  return `$(${runIcon(run)}) ${parts.join(' · ')}`;
}

function tooltipOf(run: Run): vscode.MarkdownString {
  const { source, findings } = run.record;
  const sorted = findings.toSorted(bySeverity);
  const lines = [`**${markdownText(run.title)}** on ${markdownText(source.lossName)}`];
  if (run.verdict) lines.push(markdownText(run.verdict.detail));
  if (run.expectation) lines.push(markdownText(run.expectation.words));
  lines.push(...sorted.slice(0, findingsAtMost).map(findingLine));
  if (sorted.length > findingsAtMost) lines.push(`… and ${sorted.length - findingsAtMost} more`);
  lines.push('Click to show the dashboard.');
  return new vscode.MarkdownString(lines.join('\n\n'), true);
}

function findingLine({ headline, severity, steps: [from, to] }: Finding): string {
  const steps = from === to ? `step ${from}` : `steps ${from} to ${to}`;
  return `${icons[severity]} ${markdownText(headline)} (${steps})`;
}

function bySeverity(a: Finding, b: Finding): number {
  const order: readonly Severity[] = ['error', 'warning', 'info'];
  return order.indexOf(a.severity) - order.indexOf(b.severity);
}
