import * as vscode from 'vscode';
import type { Fix } from '../../core/diagnosis/finding';
import { readRunFile, UnreadableRun } from '../../runs/files/runInFile';
import { compareRepetition, repetitionOf } from '../../runs/repetition';
import type { Reports } from '../../runs/reports';
import type { Run } from '../../runs/run';
import type { RunStore } from '../../runs/runStore';
import { notificationText } from '../notificationText';
import type { Panels } from '../panel/panels';
import { exportRuns } from '../runs/exportRuns';
import type { RunNode } from '../runs/runsView';
import { settingsFor } from '../settings';

/** What the commands on stored runs use. */
interface RunCommandParts {
  readonly runs: RunStore;
  /** The file of a run. */
  readonly fileOf: (run: Run) => string;
  /** The file of the script of an HTML report. */
  readonly reportScript: string;
  readonly reports: Reports;
  readonly panels: () => Panels;
}

/** The commands of the view *Runs*. Each receives the node of its menu, and all selected nodes if there are several. */
export class RunCommands {
  readonly #parts: RunCommandParts;

  constructor(parts: RunCommandParts) {
    this.#parts = parts;
  }

  async rename(node?: RunNode): Promise<void> {
    const [run] = await this.#runsOf(node);
    if (!run) return;
    const name = await vscode.window.showInputBox({
      title: 'Rename run',
      prompt: 'Leave it empty to name the run by its optimizer again.',
      value: run.name,
    });
    if (name !== undefined) this.#parts.runs.rename(run.record.id, name.trim() || null);
  }

  async pin(isPinned: boolean, node?: RunNode, all?: readonly RunNode[]): Promise<void> {
    for (const { record } of await this.#runsOf(node, all)) this.#parts.runs.setPinned(record.id, isPinned);
  }

  async delete(node?: RunNode, all?: readonly RunNode[]): Promise<void> {
    const ended = (await this.#runsOf(node, all)).filter(({ isLive }) => !isLive);
    if (ended.length === 0) return;
    const what = ended.length === 1 ? `the run “${ended[0]!.name}”` : `${ended.length} runs`;
    const confirm = 'Delete';
    const answer = await vscode.window.showWarningMessage(
      notificationText(`Delete ${what}? Their files are removed from disk.`),
      { modal: true },
      confirm,
    );
    if (answer !== confirm) return;
    for (const { record } of ended) await this.#parts.runs.delete(record.id);
  }

  async export(node?: RunNode, all?: readonly RunNode[]): Promise<void> {
    const { fileOf, reportScript } = this.#parts;
    const chosen = (await this.#runsOf(node, all)).toSorted(
      (a, b) => a.record.startedAt - b.record.startedAt,
    );
    await exportRuns(
      chosen.map((run) => ({ run, file: fileOf(run) })),
      reportScript,
    );
  }

  /**
   * *Compare runs*: shows a report on all of them; the others are compared with the oldest one.
   *
   * @param node  a node of the view, or the ids of the runs; without it, or for a single run, the user chooses
   * @returns the id of the report
   */
  async compare(node?: RunNode | readonly string[], all?: readonly RunNode[]): Promise<string | undefined> {
    const given = isListOfIds(node)
      ? this.#parts.runs.history.filter(({ record }) => node.includes(record.id))
      : node
        ? await this.#runsOf(node, all)
        : [];
    const chosen = given.length > 1 ? given : await this.#chooseSeveral(given);
    if (!chosen) return undefined;
    const { fileOf, reports, panels } = this.#parts;
    const runs = chosen.toSorted((a, b) => a.record.startedAt - b.record.startedAt);
    try {
      const named = await Promise.all(
        runs.map(async (run) => ({
          name: run.name,
          run: await readRunFile(fileOf(run)),
        })),
      );
      const { compareRuns } = await import('../../runs/compare/compareRuns');
      const { source, lossText, config, overrides } = runs[0]!.record;
      const { limits } = settingsFor(vscode.Uri.file(source.file));
      const order = { source, lossText, config, overrides, diagnosis: 'full', limits } as const;
      const entry = reports.add('Compare runs', order, await compareRuns(named), runs.length);
      panels().show(entry.id);
      return entry.id;
    } catch (error) {
      if (!(error instanceof UnreadableRun)) throw error;
      void vscode.window.showErrorMessage(
        notificationText(`The runs could not be compared: ${error.message}.`),
      );
      return undefined;
    }
  }

  /**
   * *Compare with the fix*: waits for the run with the fix, and shows how it differs from the run that the fix is for.
   *
   * @param fixed  the id of the run with the fix; undefined if none was started
   */
  async compareWithFix(
    run: Run,
    { title, words }: Fix,
    fixed: Promise<string | undefined>,
  ): Promise<string | undefined> {
    const { runs } = this.#parts;
    const id = await fixed;
    const other = id === undefined ? undefined : runs.find(id);
    if (!other) return undefined;
    runs.rename(other.record.id, `${run.record.name ?? run.title} with ${words?.label ?? title}`);
    await other.finished;
    return this.compare([run.record.id, other.record.id]);
  }

  /** @param given  chosen already, and may be taken back */
  async #chooseSeveral(given: readonly Run[]): Promise<readonly Run[] | undefined> {
    const picked = await vscode.window.showQuickPick(
      this.#parts.runs.history.toReversed().map((run) => ({ ...pickOf(run), picked: given.includes(run) })),
      { title: 'Compare runs', placeHolder: 'Choose two runs or more', canPickMany: true },
    );
    if (!picked) return undefined;
    if (picked.length > 1) return picked.map(({ run }) => run);
    void vscode.window.showWarningMessage('Choose two runs or more to compare them.');
    return undefined;
  }

  /** *Run again as it was*: from the stored texts and configuration. Reports whether the result is the same. */
  async repeat(node?: RunNode): Promise<string | undefined> {
    const [run] = await this.#runsOf(node);
    if (!run || !vscode.workspace.isTrusted) return undefined;
    const { runs, panels } = this.#parts;
    await runs.complete(run);
    const { limits } = settingsFor(vscode.Uri.file(run.record.source.file));
    const again = runs.start(repetitionOf(run, { diagnosis: 'full', limits }));
    runs.rename(again.record.id, `Repetition of ${run.name}`);
    panels().show(again.record.id);
    const [heldRun, heldAgain] = [runs.hold(run), runs.hold(again)];
    try {
      await again.finished;
      await Promise.all([runs.load(run), runs.load(again)]);
      void vscode.window.showInformationMessage(notificationText(resultWords(run, again)));
    } finally {
      heldRun.dispose();
      heldAgain.dispose();
    }
    return again.record.id;
  }

  /** The runs that a command is about; asks if it was not called from the view. */
  async #runsOf(node?: RunNode, all?: readonly RunNode[]): Promise<Run[]> {
    if (node) return [...(all ?? [node])].flatMap((each) => ('runs' in each ? each.runs : [each]));
    const picked = await vscode.window.showQuickPick(this.#parts.runs.history.toReversed().map(pickOf), {
      title: 'Run',
      placeHolder: 'Choose a run',
    });
    return picked ? [picked.run] : [];
  }
}

function isListOfIds(node: RunNode | readonly string[] | undefined): node is readonly string[] {
  return Array.isArray(node);
}

function pickOf(run: Run) {
  return {
    label: run.name,
    description: `${run.record.source.lossName} · ${run.summary}`,
    run,
  };
}

function resultWords(run: Run, again: Run): string {
  const result = compareRepetition(run, again);
  if (!result || result.compared === 0)
    return 'The run could not be repeated: there are no steps to compare.';
  const { first, compared } = result;
  if (!first) return `The run repeats bit for bit: ${compared} steps agree.`;
  const { t, quantity, coordinate, a, b } = first;
  const where = coordinate === null ? quantity : `${quantity} of ${run.nameOf(coordinate)}`;
  return `The repeated run differs first at step ${t}: ${where} was ${a} and is ${b}.`;
}
