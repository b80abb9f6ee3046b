import * as vscode from 'vscode';
import type { LossDeclaration } from '../../loss/declaration';
import type { Run } from '../../runs/run';
import type { RunStore } from '../../runs/runStore';
import { languages } from '../languages';
import type { LossIndex } from '../lossIndex';
import type { Eventual } from '../onFirstUse';
import { rangeOf } from '../positions';

/** What the code lenses show. */
interface LensWindow {
  readonly index: LossIndex;
  readonly runs: RunStore;
}

/** Above every loss: *Run Adam*, *Debug*, *Configure…*, and the outcome of its last run. */
export class LossCodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #window: Eventual<LensWindow>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #subscriptions: { dispose(): void }[] = [];

  constructor(window: Eventual<LensWindow>) {
    this.#window = window;
    void window.made.then(({ runs }) =>
      this.#subscriptions.push(runs.onDidChange(({ what }) => what === 'state' && this.#changed.fire())),
    );
    this.#subscriptions.push(
      vscode.languages.registerCodeLensProvider(languages, this),
      vscode.workspace.onDidChangeConfiguration(
        (change) => change.affectsConfiguration('adamscope') && this.#changed.fire(),
      ),
    );
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const { index, runs } = await this.#window.get();
    return [
      ...(await index.lossesIn(document)).flatMap((loss) =>
        lensesOf(loss, runs.newestOf(loss.file, loss.name)),
      ),
      ...index.optimizerStepsIn(document).map(lensOfStep),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}

/** @param last  the last run of the loss */
function lensesOf(loss: LossDeclaration, last: Run | undefined): vscode.CodeLens[] {
  const range = rangeOf(loss.location);
  const given = loss.annotation?.patch.optimizer;
  const optimizer = given?.own ?? given?.name ?? 'adam';
  const lenses = [
    new vscode.CodeLens(range, {
      title: optimizer === 'adam' ? '$(play) Run Adam' : `$(play) Run Adam (as annotated: ${optimizer})`,
      tooltip: `Run ${optimizer} on ${loss.name} and show every coordinate in the dashboard`,
      command: 'adamscope.run',
      arguments: [loss],
    }),
    new vscode.CodeLens(range, {
      title: '$(debug-alt) Debug',
      tooltip: `Go through the steps of ${optimizer} on ${loss.name}, forwards and back, with breakpoints on conditions`,
      command: 'adamscope.debug',
      arguments: [loss],
    }),
    new vscode.CodeLens(range, {
      title: '$(gear) Configure…',
      tooltip: 'Choose optimizer, learning rate, schedule and more',
      command: 'adamscope.configure',
      arguments: [loss],
    }),
  ];
  if (last) {
    const show = {
      tooltip: 'Show this run in the dashboard',
      command: 'adamscope.showDashboard',
      arguments: [last.record.id],
    };
    // Two code lenses, because VS Code cuts off the second one first if the line is too short.
    const { own, name } = last.record.config.optimizer;
    const outcome = `${own ?? name}${gradientWords(last)}: ${last.summary}`;
    for (const title of [outcome, ...(last.expectation ? [last.expectation.words] : [])])
      lenses.push(new vscode.CodeLens(range, { title, ...show }));
  }
  return lenses;
}

/** The gradient mode of a run, if it is known. */
function gradientWords({ record: { gradientMode } }: Run): string {
  if (gradientMode === null) return '';
  return gradientMode === 'finite-difference' ? ', finite differences' : `, ${gradientMode} gradient`;
}

/** The code lens above a user's own optimizer: compares it with the reference in its tag. */
function lensOfStep(step: LossDeclaration): vscode.CodeLens {
  const reference = step.annotation?.patch.optimizer?.name ?? 'adam';
  return new vscode.CodeLens(rangeOf(step.location), {
    title: `$(beaker) Check against ${reference}`,
    tooltip: `Compare ${step.name} with ${reference} step by step, and name the likely error if they differ`,
    command: 'adamscope.checkInvariances',
    arguments: [step],
  });
}
