import * as vscode from 'vscode';
import { isNamedStart, type RunConfigPatch, type Start } from '../../core/config/runConfig';
import { validatePatch } from '../../core/config/validate';
import { inTagsOf } from '../../loss/annotation/tagWords';
import type { LossDeclaration } from '../../loss/declaration';
import type { SourceProblem } from '../../loss/problem';
import { lengthOf, readStart, startText } from '../../loss/start/startText';
import type { Run } from '../../runs/run';
import type { RunOrder } from '../../runs/runOrder';
import type { RunStore } from '../../runs/runStore';
import type { AnnotationWriter } from '../editor/annotationWriter';
import { notificationText } from '../notificationText';
import { reveal } from '../sources/places';
import { type Prepared, prepareOrder } from './prepareOrder';
import { isTrusted } from './trust';

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
    const key = `start:${declaration.file}#${declaration.name}`;
    const prepared = await prepareOrder(declaration, { overrides, needsStart });
    if (prepared.kind !== 'start-unknown') return orderOrMessage(prepared);
    const known = this.#answers.get<Start>(key);
    const isKnown = known && (declaration.dim === null || lengthOf(known) === declaration.dim);
    const start = isKnown ? known : await askStart(declaration);
    if (!start) return undefined;
    if (start !== known) {
      await this.#answers.update(key, start);
      void this.#offerAnnotation(declaration, start);
    }
    return orderOrMessage(await prepareOrder(declaration, { overrides, start }));
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

/** Informs the user if there is no order. */
function orderOrMessage(prepared: Prepared): RunOrder | undefined {
  switch (prepared.kind) {
    case 'order':
      return prepared.order;
    case 'bad-setting':
      void badSetting(prepared.message);
      return undefined;
    case 'problems':
      void showProblems(prepared.problems);
      return undefined;
    case 'start-unknown':
      return undefined;
    default:
      return prepared satisfies never;
  }
}

async function showProblems([first, ...others]: readonly SourceProblem[]): Promise<void> {
  if (!first) return;
  const show = 'Show';
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  const choice = await vscode.window.showErrorMessage(notificationText(`${first.message}${more}`), show);
  if (choice === show) await reveal(first.location);
}

async function badSetting(message: string): Promise<void> {
  const openSettings = 'Open Settings';
  const choice = await vscode.window.showErrorMessage(notificationText(message), openSettings);
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
