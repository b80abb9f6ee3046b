import * as vscode from 'vscode';
import { allNames, coordinateNames } from '../../core/coordinateNames';
import { formatNumber } from '../../core/numerics/format';
import type { LossDeclaration } from '../../loss/declaration';
import { planRun } from '../../loss/plan';
import { EvaluationError, evaluate } from '../../runner/evaluate';
import type { JobLauncher } from '../../runner/jobProcesses';
import { type LossIndex, languages, unsavedTexts } from '../lossIndex';
import { rangeOf } from '../positions';
import { settingsFor } from '../settings';

/** A hover that takes longer than this is of no use. */
const patienceMs = 3000;
const shownAtMost = 12;

/** Over the name of a loss: its value and gradient where it starts, and how the gradient is made. */
export class LossHover implements vscode.HoverProvider {
  readonly #index: LossIndex;
  readonly #jobs: JobLauncher;
  /** The last answer: a hover asks again and again for the same. */
  #known: { readonly key: string; readonly text: Promise<string | null> } | null = null;

  private constructor(index: LossIndex, jobs: JobLauncher) {
    this.#index = index;
    this.#jobs = jobs;
  }

  static register(index: LossIndex, jobs: JobLauncher): vscode.Disposable {
    return vscode.languages.registerHoverProvider(languages, new LossHover(index, jobs));
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    if (!vscode.workspace.isTrusted) return undefined;
    const losses = await this.#index.lossesIn(document);
    const loss = losses.find(({ location }) => rangeOf(location).contains(position));
    if (!loss) return undefined;
    const key = `${document.uri} ${document.version} ${loss.name}`;
    if (this.#known?.key !== key) this.#known = { key, text: this.#textOf(loss) };
    const text = await this.#known.text;
    return text === null
      ? undefined
      : new vscode.Hover(new vscode.MarkdownString(text), rangeOf(loss.location));
  }

  async #textOf(loss: LossDeclaration): Promise<string | null> {
    const { defaults, limits } = settingsFor(vscode.Uri.file(loss.file));
    const plan = planRun(loss, { below: [defaults], above: [] }, unsavedTexts());
    if (!plan.startKnown || plan.problems.some(({ severity }) => severity === 'error')) return null;
    try {
      const { at, value, grad, gradientMode } = await evaluate(this.#jobs, {
        source: plan.source,
        limits: { ...limits, evaluationTimeoutMs: Math.min(limits.evaluationTimeoutMs, patienceMs) },
        job: { kind: 'gradient', config: plan.config, at: null },
      });
      const nameOf = coordinateNames(plan.config.names, plan.source.parameterName, at.length);
      const rows = allNames(nameOf, Math.min(at.length, shownAtMost)).map(
        (name, i) => `| ${name} | ${formatNumber(at[i]!, 6)} | ${formatNumber(grad[i]!, 6)} |`,
      );
      const more = at.length > shownAtMost ? `\n\n… and ${at.length - shownAtMost} more` : '';
      return [
        `**${loss.name}** at its start: ${formatNumber(value, 6)}`,
        ['| | at | gradient |', '|---|---:|---:|', ...rows].join('\n') + more,
        `Gradient: ${gradientMode === 'finite-difference' ? 'finite differences' : gradientMode}`,
      ].join('\n\n');
    } catch (error) {
      if (error instanceof EvaluationError) return `**${loss.name}**: ${error.message}`;
      throw error;
    }
  }
}
