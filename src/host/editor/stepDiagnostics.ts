import * as vscode from 'vscode';
import type { DiagnosisCode } from '../../core/diagnosis/catalogue';
import { declarationNow } from '../../loss/places/placesNow';
import type { ReportEntry } from '../../runs/reportEntry';
import type { Reports } from '../../runs/reports';
import { rangeOf } from '../positions';
import { onDidChangeSource, shownText } from '../sources/openSources';
import { diagnosticText, severities } from './diagnosticWords';
import { type PlacedDiagnostic, showPlaced } from './placedDiagnostics';

/**
 * Shows what is wrong with a user's own optimizer, and the findings of its latest check, at its name. They follow
 * edits, and disappear when the function itself changes.
 */
export class StepDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('adamscope-steps');
  readonly #pageOf: (code: DiagnosisCode) => vscode.Uri;
  readonly #subscriptions: { dispose(): void }[] = [this.#collection];
  /** The current report of a function, by file and name. */
  readonly #shown = new Map<string, ReportEntry>();

  /** @param pageOf  the documentation page of a diagnosis */
  constructor(reports: Reports, pageOf: (code: DiagnosisCode) => vscode.Uri) {
    this.#pageOf = pageOf;
    this.#subscriptions.push(
      reports.onDidChange((entry) => this.#onReport(entry)),
      onDidChangeSource((file) => this.#refresh(file)),
    );
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #onReport(entry: ReportEntry): void {
    if (!entry.report?.findings) return;
    const { file, lossName } = entry.order.source;
    this.#shown.set(`${file}#${lossName}`, entry);
    void this.#refresh(file);
  }

  async #refresh(file: string): Promise<void> {
    const entries = [...this.#shown.values()].filter(({ order }) => order.source.file === file);
    if (entries.length === 0) return;
    const text = await shownText(file);
    const found = text === undefined ? [] : entries.flatMap((entry) => this.#of(entry, text));
    showPlaced(this.#collection, found, ({ fsPath }) => fsPath === file);
  }

  #of({ order: { source, lossText }, report }: ReportEntry, text: string): PlacedDiagnostic[] {
    const declaration = declarationNow({ source, lossText }, text);
    if (!declaration) return [];
    const range = rangeOf(declaration.location);
    const failed = (report?.problem === undefined ? [] : [report.problem]).map((message) => {
      const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
      diagnostic.source = 'adamscope';
      diagnostic.code = 'optimizer-check';
      return diagnostic;
    });
    const findings = (report?.findings ?? []).map((finding) => {
      const { code, severity } = finding;
      const diagnostic = new vscode.Diagnostic(
        range,
        diagnosticText(finding, declaration.language),
        severities[severity],
      );
      diagnostic.source = 'adamscope';
      diagnostic.code = { value: code, target: this.#pageOf(code) };
      return diagnostic;
    });
    return [...failed, ...findings].map((diagnostic) => [declaration.location, diagnostic]);
  }
}
