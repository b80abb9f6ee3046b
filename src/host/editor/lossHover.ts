import * as vscode from 'vscode';
import { coordinateNames } from '../../core/coordinates/coordinateNames';
import { accuracyWords } from '../../core/gradient/differenceAccuracy';
import { formatNumber } from '../../core/numerics/format';
import type { LossDeclaration } from '../../loss/declaration';
import { environmentWords, methodWords } from '../../loss/environment';
import { planRun } from '../../loss/plan';
import { EvaluationError, evaluate } from '../../runner/evaluate';
import type { JobLauncher } from '../../runner/jobProcesses';
import type { Disposable } from '../../runs/emitter';
import type { RunStore } from '../../runs/runStore';
import { languages } from '../languages';
import type { LossIndex } from '../lossIndex';
import { rangeOf } from '../positions';
import { chosenInterpreter } from '../python/pythonInterpreter';
import { settingsFor } from '../settings';
import { openText, unsavedTexts } from '../sources/openSources';
import { reveal } from '../sources/places';
import { markdownText } from './markdownText';

/** A hover that takes longer than this is not useful. */
const patienceMs = 3000;
const shownAtMost = 12;
const evaluateCommand = 'adamscope.evaluateLoss';

/**
 * Over the name of a loss: the result of its last run and, if the user has requested it, its value and
 * gradient at its start. A hover alone evaluates nothing, unless a setting enables this. In a workspace that
 * is not trusted, nothing is evaluated.
 */
export class LossHover implements vscode.HoverProvider {
  readonly #index: LossIndex;
  readonly #store: RunStore;
  readonly #jobs: JobLauncher;
  /** The last evaluation, cached because a hover is requested repeatedly. */
  #evaluated: { readonly key: string; readonly text: Promise<string | null> } | null = null;

  private constructor(index: LossIndex, store: RunStore, jobs: JobLauncher) {
    this.#index = index;
    this.#store = store;
    this.#jobs = jobs;
  }

  static register(index: LossIndex, store: RunStore, jobs: JobLauncher): Disposable {
    const hover = new LossHover(index, store, jobs);
    return vscode.Disposable.from(
      vscode.languages.registerHoverProvider(languages, hover),
      vscode.commands.registerCommand(evaluateCommand, (file: string, name: string) =>
        hover.#evaluateAndShow(file, name),
      ),
    );
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const losses = await this.#index.lossesIn(document);
    const loss = losses.find(({ location }) => rangeOf(location).contains(position));
    if (!loss) return undefined;
    const { isTrusted } = vscode.workspace;
    const key = keyOf(loss);
    if (isTrusted && settingsFor(vscode.Uri.file(loss.file)).evaluateOnHover && this.#evaluated?.key !== key)
      this.#evaluated = { key, text: this.#valueOf(loss) };
    const value = this.#evaluated?.key === key ? await this.#evaluated.text : null;
    const parts = [value, this.#lastRunOf(loss), ...(isTrusted && value === null ? [linkOf(loss)] : [])];
    const text = parts.filter((part) => part !== null).join('\n\n');
    if (text === '') return undefined;
    const markdown = new vscode.MarkdownString(text);
    markdown.isTrusted = { enabledCommands: [evaluateCommand] };
    return new vscode.Hover(markdown, rangeOf(loss.location));
  }

  async #evaluateAndShow(file: string, name: string): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    const loss = await this.#index.find(file, name);
    if (!loss) return;
    // Evaluated again even if it was evaluated before, because the cause of a failure may be gone.
    this.#evaluated = { key: keyOf(loss), text: this.#valueOf(loss) };
    await this.#evaluated.text;
    const { start } = rangeOf(loss.location);
    await reveal(loss.location, new vscode.Range(start, start));
    // An open hover, such as the one with the link, would stay as it is.
    await vscode.commands.executeCommand('editor.action.hideHover');
    await vscode.commands.executeCommand('editor.action.showHover');
  }

  #lastRunOf({ file, name }: LossDeclaration): string | null {
    const run = this.#store.newestOf(file, name);
    return run
      ? `**${markdownText(name)}**, last run, ${markdownText(run.title)}: ${markdownText(run.summary)}`
      : null;
  }

  async #valueOf(loss: LossDeclaration): Promise<string | null> {
    const { defaults, limits } = settingsFor(vscode.Uri.file(loss.file));
    const interpreter = await chosenInterpreter(loss);
    const plan = planRun(loss, { below: [defaults], above: [] }, unsavedTexts(), interpreter);
    if (!plan.startKnown || plan.problems.some(({ severity }) => severity === 'error')) return null;
    const name = `**${markdownText(loss.name)}**`;
    try {
      const { at, names, value, grad, gradientMode, accuracy, environment, problems } = await evaluate(
        this.#jobs,
        {
          source: plan.source,
          limits: { ...limits, evaluationTimeoutMs: Math.min(limits.evaluationTimeoutMs, patienceMs) },
          job: { kind: 'gradient', config: plan.config, at: null },
        },
      );
      const nameOf = coordinateNames(names, plan.source.parameterName, at.length);
      const rows = at
        .slice(0, shownAtMost)
        .map(
          (value, i) =>
            `| ${markdownText(nameOf(i))} | ${formatNumber(value, 6)} | ${formatNumber(grad[i]!, 6)} |`,
        );
      const more = at.length > shownAtMost ? `\n\n… and ${at.length - shownAtMost} more` : '';
      return [
        `${name} at its start: ${formatNumber(value, 6)}`,
        ['| | at | gradient |', '|---|---:|---:|', ...rows].join('\n') + more,
        `Gradient: ${gradientMode === 'finite-difference' ? 'finite differences' : methodWords(gradientMode, environment)}${accuracy ? `, ${accuracyWords(accuracy)}` : ''}`,
        ...(environment ? [`Evaluated with ${markdownText(environmentWords(environment))}`] : []),
        ...problems.map(({ message }) => markdownText(message)),
      ].join('\n\n');
    } catch (error) {
      if (error instanceof EvaluationError) return `${name}: ${markdownText(error.message)}`;
      throw error;
    }
  }
}

/** The same as long as the source of a loss is. */
function keyOf({ file, name }: LossDeclaration): string {
  return [file, name, openText(file)].join('\n');
}

function linkOf({ file, name }: LossDeclaration): string {
  const args = encodeURIComponent(JSON.stringify([file, name]));
  return `[Evaluate ${markdownText(name)} at its start](command:${evaluateCommand}?${args})`;
}
