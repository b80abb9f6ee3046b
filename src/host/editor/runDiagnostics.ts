import * as vscode from 'vscode';
import type { Finding, Severity, SourceLocation } from '../../core/diagnosis/finding';
import type { LossProblem } from '../../protocol/worker';
import type { LossIndex } from '../lossIndex';
import { rangeOf, uriOf } from '../positions';
import { textOf } from '../runs/launcher';
import type { Run } from '../runs/run';
import type { Runs } from '../runs/runs';

/** A diagnostic that knows the run and finding it came from, for the quick fixes. */
export class FindingDiagnostic extends vscode.Diagnostic {
  readonly runId: string;
  readonly finding: number;

  constructor(range: vscode.Range, finding: Finding, runId: string, index: number) {
    super(range, finding.message, severities[finding.severity]);
    this.runId = runId;
    this.finding = index;
  }
}

const severities: { readonly [S in Severity]: vscode.DiagnosticSeverity } = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

const editDelayMs = 250;

/**
 * Shows what the latest run of every loss found, on the loss's name or where the cause stands. They follow edits
 * elsewhere in the file and go when the loss itself changes: what was found is then no longer true of it.
 */
export class RunDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('adamscope');
  readonly #runs: Runs;
  readonly #index: LossIndex;
  readonly #pageOf: (code: string) => vscode.Uri;
  readonly #subscriptions: vscode.Disposable[] = [this.#collection];
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** The run that speaks for a loss, by file and name. */
  readonly #shown = new Map<string, Run>();

  /** @param pageOf  the documentation page of a diagnosis */
  constructor(runs: Runs, index: LossIndex, pageOf: (code: string) => vscode.Uri) {
    this.#runs = runs;
    this.#index = index;
    this.#pageOf = pageOf;
    this.#subscriptions.push(
      runs.onDidChange(({ run, what }) => what === 'state' && this.#onRun(run)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#onEdit(document)),
      vscode.workspace.onDidDeleteFiles(({ files }) => {
        for (const file of files) this.#forget(file.fsPath);
      }),
    );
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #onRun(run: Run): void {
    // Runs of earlier windows are history: what they found may not hold for the file as it is now.
    if (run.record.status === 'interrupted' || this.#runs.latest !== run) return;
    const { file, lossName } = run.record.source;
    this.#shown.set(`${file}#${lossName}`, run);
    void this.#refresh(file);
  }

  #onEdit(document: vscode.TextDocument): void {
    const file = document.uri.fsPath;
    if (![...this.#shown.values()].some((run) => run.record.source.file === file)) return;
    clearTimeout(this.#timers.get(file));
    this.#timers.set(
      file,
      setTimeout(() => void this.#refresh(file), editDelayMs),
    );
  }

  #forget(file: string): void {
    for (const [key, run] of this.#shown) if (run.record.source.file === file) this.#shown.delete(key);
    this.#collection.delete(vscode.Uri.file(file));
  }

  /** Sets the diagnostics of every file that a run of this file's losses points at. */
  async #refresh(file: string): Promise<void> {
    const byFile = new Map<string, vscode.Diagnostic[]>([[file, []]]);
    for (const [key, run] of this.#shown) {
      if (run.record.source.file !== file) continue;
      const place = await this.#placeNow(run);
      if (!place) {
        this.#shown.delete(key);
        continue;
      }
      for (const [where, diagnostic] of this.#diagnosticsOf(run, place)) {
        const known = byFile.get(where) ?? [];
        byFile.set(where, [...known, diagnostic]);
      }
    }
    for (const [where, diagnostics] of byFile) this.#collection.set(vscode.Uri.file(where), diagnostics);
  }

  /** How far the loss has moved since the run; undefined if its text has changed or it is gone. */
  async #placeNow(run: Run): Promise<{ name: SourceLocation; lines: number } | undefined> {
    const { file, lossName, location } = run.record.source;
    const declaration = await this.#index.find(file, lossName);
    if (!declaration) return undefined;
    const document = await vscode.workspace.openTextDocument(file);
    if (textOf(document, declaration) !== run.record.lossText) return undefined;
    return { name: declaration.location, lines: declaration.location.line - location.line };
  }

  *#diagnosticsOf(
    run: Run,
    place: { name: SourceLocation; lines: number },
  ): Generator<[string, vscode.Diagnostic]> {
    const moved = (location: SourceLocation) =>
      location.file === run.record.source.file
        ? { ...location, line: location.line + place.lines, endLine: location.endLine + place.lines }
        : location;
    for (const [index, finding] of run.record.findings.entries()) {
      const location = finding.location ? moved(finding.location) : place.name;
      const diagnostic = new FindingDiagnostic(rangeOf(location), finding, run.record.id, index);
      diagnostic.source = 'adamscope';
      diagnostic.code = { value: finding.code, target: this.#pageOf(finding.code) };
      diagnostic.relatedInformation = relatedTo(finding, run, place.name);
      yield [location.file, diagnostic];
    }
    for (const problem of run.record.problems) {
      const location = moved(problem.location);
      yield [location.file, problemDiagnostic(problem, location)];
    }
  }
}

function problemDiagnostic(problem: LossProblem, location: SourceLocation): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(rangeOf(location), problem.message, severities[problem.severity]);
  diagnostic.source = 'adamscope';
  diagnostic.code = problem.code;
  return diagnostic;
}

function relatedTo(finding: Finding, run: Run, name: SourceLocation): vscode.DiagnosticRelatedInformation[] {
  const [from, to] = finding.steps;
  const when = from === to ? `at step ${from}` : `from step ${from} to ${to}`;
  const which = finding.coordinates.map((c) => run.names[c] ?? `theta[${c}]`).join(', ');
  const at = new vscode.Location(uriOf(name), rangeOf(name));
  return [
    new vscode.DiagnosticRelatedInformation(at, `${run.title}, ${when} of ${run.record.config.steps}`),
    ...(which ? [new vscode.DiagnosticRelatedInformation(at, `coordinates: ${which}`)] : []),
  ];
}
