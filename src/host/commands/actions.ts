import * as vscode from 'vscode';
import { mergePatches } from '../../core/config/resolve';
import type { RunConfigPatch } from '../../core/config/runConfig';
import type { DiagnosisCode } from '../../core/diagnosis/catalogue';
import type { ConfigFix, Fix } from '../../core/diagnosis/finding';
import { toJson } from '../../core/numerics/json';
import type { LossDeclaration } from '../../loss/declaration';
import { planRun } from '../../loss/plan';
import type { Reports } from '../../runs/reports';
import type { Run } from '../../runs/run';
import type { RunStore } from '../../runs/runStore';
import type { Verifications } from '../../runs/verifications';
import { diagnosisPage } from '../diagnosisPage';
import type { AnnotationWriter } from '../editor/annotationWriter';
import type { EditPreviews } from '../editor/editPreviews';
import type { LossIndex } from '../lossIndex';
import type { Panels } from '../panel/panels';
import { rangeOf } from '../positions';
import type { Launcher } from '../runs/launcher';
import { settingsFor } from '../settings';
import { reveal } from '../sources/places';
import { configure } from './configure';
import { lossAtCursorOrPicked } from './pickLoss';

/** The parts of the extension that commands work on. */
export interface CommandParts {
  readonly context: vscode.ExtensionContext;
  readonly index: LossIndex;
  readonly runs: RunStore;
  readonly reports: Reports;
  readonly verifications: Verifications;
  readonly launcher: Launcher;
  readonly writer: AnnotationWriter;
  readonly previews: EditPreviews;
  readonly panels: () => Panels;
}

/** The actions of the commands, which the buttons of the dashboard use too. */
export class Actions {
  readonly #parts: CommandParts;

  constructor(parts: CommandParts) {
    this.#parts = parts;
  }

  /** *Run Adam on loss*. The declaration from a CodeLens may be out of date, so it is found again by name. */
  async run(given?: LossDeclaration, overrides: RunConfigPatch = {}): Promise<string | undefined> {
    const { index, launcher, panels, runs } = this.#parts;
    const loss = given ? await this.#asItStands(given) : await lossAtCursorOrPicked(index);
    if (!loss) return undefined;
    const order = await launcher.prepare(loss, overrides);
    if (!order) return undefined;
    panels().openFirst();
    const { id } = runs.start(order).record;
    panels().show(id);
    return id;
  }

  async configure(given?: LossDeclaration): Promise<void> {
    const { index, writer } = this.#parts;
    const loss = given ? await this.#asItStands(given) : await lossAtCursorOrPicked(index);
    if (!loss) return;
    const { defaults } = settingsFor(vscode.Uri.file(loss.file));
    const { names } = planRun(loss, { below: [defaults], above: [] }).config;
    const answer = await configure({ ...loss, names }, [defaults, loss.annotation?.patch ?? {}]);
    if (answer?.next === 'run') await this.run(loss, answer.patch);
    if (answer?.next === 'check')
      await vscode.commands.executeCommand('adamscope.checkBeforeRun', loss, answer.patch);
    if (answer?.next === 'write') await writer.write(loss.file, loss.name, answer.patch);
  }

  /** Runs the loss of a run again with its current source and the overrides of that run. */
  async runAgain(run: Run, more: RunConfigPatch = run.record.overrides): Promise<string | undefined> {
    const loss = await this.declarationOf(run);
    return loss && this.run(loss, more);
  }

  /** Copies the parameters at the lowest loss of a run, as a JSON array. NaN and infinities become strings. */
  async copyFitted(run: Run): Promise<void> {
    const fitted = run.record.outcome?.best.params;
    if (!fitted) return;
    await vscode.env.clipboard.writeText(toJson([...fitted]));
    vscode.window.setStatusBarMessage(`Copied ${fitted.length} parameters`, 3000);
  }

  async declarationOf(run: Run): Promise<LossDeclaration | undefined> {
    const { file, lossName } = run.record.source;
    const loss = await this.#parts.index.find(file, lossName);
    if (!loss)
      void vscode.window.showErrorMessage(
        `${lossName} is not in ${vscode.workspace.asRelativePath(file)} any more: it cannot be run again.`,
      );
    return loss;
  }

  /** Writes a configuration to the annotation; shows an edit of the source, which the user applies there. */
  async applyFix(run: Run, fix: Fix): Promise<void> {
    if (fix.edit) await this.#parts.previews.show(run, fix);
    else await this.#write(run, fix);
  }

  async #write(run: Run, { patch }: ConfigFix): Promise<void> {
    const { file, lossName } = run.record.source;
    if (!(await this.#parts.writer.write(file, lossName, patch))) return;
    const loss = await this.#parts.index.find(file, lossName);
    if (!loss?.annotation) return;
    const { start } = rangeOf(loss.annotation.location);
    await reveal(loss.annotation.location, new vscode.Range(start, start));
  }

  /**
   * Runs again with a configuration, without changing the source. An edit of the source must be written first.
   *
   * @returns the id of the run; undefined if none was started
   */
  async runWithFix(run: Run, fix: Fix): Promise<string | undefined> {
    if (!fix.edit) return this.runAgain(run, mergePatches(run.record.overrides, fix.patch));
    await this.#parts.previews.show(run, fix);
    return undefined;
  }

  async explain(code: DiagnosisCode): Promise<void> {
    const page = diagnosisPage(this.#parts.context.extensionUri, code);
    await vscode.commands.executeCommand('vscode.openWith', page, 'vscode.markdown.preview.editor', {
      viewColumn: vscode.ViewColumn.One,
      preview: true,
    });
  }

  async #asItStands(loss: LossDeclaration): Promise<LossDeclaration> {
    return (await this.#parts.index.find(loss.file, loss.name)) ?? loss;
  }
}
