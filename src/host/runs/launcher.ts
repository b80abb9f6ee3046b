import * as vscode from 'vscode';
import { isNamedStart, type RunConfigPatch, type Start } from '../../core/config/runConfig';
import { validatePatch } from '../../core/config/validate';
import { inTagsOf } from '../../loss/annotation/tagWords';
import type { LossDeclaration } from '../../loss/declaration';
import { planRun } from '../../loss/plan';
import { lengthOf, readStart, startText } from '../../loss/start/startText';
import type { Run } from '../../runs/run';
import type { RunOrder } from '../../runs/runOrder';
import type { RunStore } from '../../runs/runStore';
import type { AnnotationWriter } from '../editor/annotationWriter';
import { notificationText } from '../notificationText';
import { chosenInterpreter } from '../python/pythonInterpreter';
import { settingsFor } from '../settings';
import { unsavedTexts } from '../sources/openSources';
import { reveal } from '../sources/places';
import { lossTextOf } from './lossText';

/** Starts a run from a declaration: checks trust and configuration, asks for the start, and reports what is missing. */
export class Launcher {
  readonly #runs: RunStore;
  readonly #writer: AnnotationWriter;
  /** Starts that the user entered, by file and name, so that each loss asks only once. */
  readonly #answers: vscode.Memento;

  constructor(runs: RunStore, writer: AnnotationWriter, answers: vscode.Memento) {
    this.#runs = runs;
    this.#writer = writer;
    this.#answers = answers;
  }

  /**
   * @param overrides  options that override the annotation
   * @returns the run; undefined if it could not start (the user has been informed) or was cancelled
   */
  async launch(declaration: LossDeclaration, overrides: RunConfigPatch = {}): Promise<Run | undefined> {
    const order = await this.prepare(declaration, overrides);
    return order && this.#runs.start(order);
  }

  /**
   * What a run or an analysis of a loss needs.
   *
   * @param needsStart  whether a start is needed; the user is then asked for it if it is unknown
   * @returns undefined if it cannot start (the user has been informed) or was cancelled
   */
  async prepare(
    declaration: LossDeclaration,
    overrides: RunConfigPatch = {},
    needsStart = true,
  ): Promise<RunOrder | undefined> {
    if (!(await isTrusted())) return undefined;
    const resource = vscode.Uri.file(declaration.file);
    const { defaults, diagnosis, limits } = settingsFor(resource);
    const settingProblems = validatePatch(defaults);
    if (settingProblems.length > 0) {
      await badSetting(settingProblems[0]!.message);
      return undefined;
    }
    const interpreter = await chosenInterpreter(declaration);
    const key = `start:${declaration.file}#${declaration.name}`;
    const planWith = (answer: Start | undefined) =>
      planRun(
        declaration,
        { below: answer ? [defaults, { start: answer }] : [defaults], above: [overrides] },
        unsavedTexts(),
        interpreter,
      );
    let plan = planWith(undefined);
    const errors = plan.problems.filter((problem) => problem.severity === 'error');
    if (errors.length > 0) {
      const show = 'Show';
      const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
      void vscode.window
        .showErrorMessage(notificationText(`${errors[0]!.message}${more}`), show)
        .then((choice) => {
          if (choice === show) void reveal(errors[0]!.location);
        });
      return undefined;
    }
    if (needsStart && !plan.startKnown) {
      const known = this.#answers.get<Start>(key);
      const answer =
        known && (declaration.dim === null || lengthOf(known) === declaration.dim)
          ? known
          : await askStart(declaration);
      if (!answer) return undefined;
      if (answer !== known) {
        await this.#answers.update(key, answer);
        void this.#offerAnnotation(declaration, answer);
      }
      plan = planWith(answer);
    }
    const { source, config } = plan;
    const lossText = await lossTextOf(declaration);
    return { source, config, lossText, overrides, diagnosis, limits };
  }

  async #offerAnnotation(declaration: LossDeclaration, start: Start): Promise<void> {
    const write = `Write ${inTagsOf(declaration.language, '@start')}`;
    const shown = isNamedStart(start) ? startText(start) : `[${startText(start)}]`;
    const choice = await vscode.window.showInformationMessage(
      `${declaration.name} starts at ${shown}. Write this start to its annotation?`,
      write,
    );
    if (choice === write) await this.#writer.write(declaration.file, declaration.name, { start });
  }
}

async function isTrusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = 'Manage Workspace Trust';
  const choice = await vscode.window.showWarningMessage(
    'This workspace is not trusted, so Adamscope does not run its losses: running a loss executes code of the workspace.',
    manage,
  );
  if (choice === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}

async function badSetting(message: string): Promise<void> {
  const openSettings = 'Open Settings';
  const choice = await vscode.window.showErrorMessage(
    notificationText(`The setting adamscope.defaults is invalid: ${message}`),
    openSettings,
  );
  if (choice === openSettings)
    await vscode.commands.executeCommand('workbench.action.openSettings', 'adamscope.defaults');
}

async function askStart({ name, dim, form, parameterNames }: LossDeclaration): Promise<Start | undefined> {
  const wanted = dim === null ? 'numbers' : dim === 1 ? '1 number' : `${dim} numbers`;
  const which = parameterNames ? ` (${parameterNames.join(', ')})` : '';
  const isNamed = form.vector.kind === 'object' && parameterNames !== null;
  const zeros = isNamed
    ? Object.fromEntries(parameterNames.map((each) => [each, 0]))
    : new Array<number>(dim ?? 0).fill(0);
  const text = await vscode.window.showInputBox({
    title: `Start of ${name}`,
    prompt: `${wanted}${which}, separated by commas`,
    value: startText(zeros),
    ignoreFocusOut: true,
    validateInput: (value) => {
      const { start } = readStart(value);
      if (!start || validatePatch({ start }).length > 0)
        return 'Enter numbers separated by commas, such as -1.2, 1 or a=0, b=1';
      if (dim !== null && lengthOf(start) !== dim) return `${name} takes ${wanted}${which}`;
      return undefined;
    },
  });
  return text === undefined ? undefined : readStart(text).start;
}
