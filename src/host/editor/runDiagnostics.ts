import path from 'node:path';
import * as vscode from 'vscode';
import type { DiagnosisCode } from '../../core/diagnosis/catalogue';
import type { Finding } from '../../core/diagnosis/finding';
import type { Severity } from '../../core/diagnosis/severity';
import type { SourceLocation } from '../../core/sourceLocation';
import type { ProblemCode } from '../../loss/problem';
import type { Language } from '../../loss/source';
import type { Run } from '../../runs/run';
import { RunPlaces } from '../../runs/runPlaces';
import type { RunStore } from '../../runs/runStore';
import { evidenceOf } from '../evidence';
import { rangeOf } from '../positions';
import { onDidChangeSource, shownText } from '../sources/openSources';
import { uriOf } from '../sources/places';
import { diagnosticText, severities } from './diagnosticWords';
import { type PlacedDiagnostic, showPlaced } from './placedDiagnostics';

/** A diagnostic with its run and finding, for the quick fixes. */
export class FindingDiagnostic extends vscode.Diagnostic {
  readonly runId: string;
  readonly findingId: string;

  constructor(range: vscode.Range, finding: Finding, runId: string, language: Language) {
    super(range, diagnosticText(finding, language), severities[finding.severity]);
    this.runId = runId;
    this.findingId = finding.id;
  }
}

const editDelayMs = 250;
const coordinatesAtMost = 12;

/**
 * Shows the findings of the newest run of every loss, including runs of earlier VS Code windows, in the current
 * texts. They follow edits. They disappear when their loss or expression has changed, and undoing the change
 * restores them.
 */
export class RunDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('adamscope');
  readonly #runs: RunStore;
  readonly #pageOf: (code: DiagnosisCode) => vscode.Uri;
  readonly #subscriptions: { dispose(): void }[] = [this.#collection];
  #timer: NodeJS.Timeout | undefined;
  /**
   * The newest run of each loss, by file and name, and for texts that it did not load, their content when
   * first seen.
   */
  readonly #shown = new Map<string, { readonly run: Run; readonly texts: Map<string, string> }>();
  /** Incremented by every refresh; an older refresh stops when it sees a newer number. */
  #round = 0;

  /** @param pageOf  the documentation page of a diagnosis */
  constructor(runs: RunStore, pageOf: (code: DiagnosisCode) => vscode.Uri) {
    this.#runs = runs;
    this.#pageOf = pageOf;
    this.#subscriptions.push(
      runs.onDidChange(({ run, what }) => what !== 'steps' && this.#onRun(run)),
      onDidChangeSource((file) => this.#onText(file)),
      vscode.workspace.onDidDeleteFiles(({ files }) => this.#forget(files)),
      vscode.workspace.onDidRenameFiles(({ files }) => this.#forget(files.map(({ oldUri }) => oldUri))),
    );
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    clearTimeout(this.#timer);
  }

  #onRun(run: Run): void {
    const { file, lossName } = run.record.source;
    const key = `${file}#${lossName}`;
    if (!this.#runs.history.includes(run)) {
      if (this.#shown.get(key)?.run === run) this.#shown.delete(key);
    } else if (!this.#runs.newestOfEachLoss.includes(run)) return;
    else if (this.#shown.get(key)?.run !== run) this.#shown.set(key, { run, texts: new Map() });
    void this.#refresh();
  }

  #onText(file: string): void {
    if (!this.#files().has(file)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#refresh(), editDelayMs);
  }

  /** Files or folders that were deleted. */
  #forget(uris: readonly vscode.Uri[]): void {
    const isGone = (file: string) =>
      uris.some(({ fsPath }) => file === fsPath || file.startsWith(fsPath + path.sep));
    for (const [key, { run }] of this.#shown) if (isGone(run.record.source.file)) this.#shown.delete(key);
    void this.#refresh();
  }

  /** The files on which the diagnostics depend. */
  #files(): Set<string> {
    return new Set(
      [...this.#shown.values()].flatMap(({ run: { record } }) => [
        record.source.file,
        ...[...record.findings, ...record.problems].flatMap(({ location }) => location?.file ?? []),
      ]),
    );
  }

  /** Replaces all diagnostics. */
  async #refresh(): Promise<void> {
    const round = ++this.#round;
    const texts = new Map<string, string>();
    for (const file of this.#files()) {
      const text = await shownText(file);
      if (text !== undefined) texts.set(file, text);
    }
    if (round !== this.#round) return;
    const placed: PlacedDiagnostic[] = [];
    for (const shown of this.#shown.values()) {
      // A text that the run did not load is assumed to be unchanged since it was first read here.
      for (const [file, text] of texts) if (!shown.texts.has(file)) shown.texts.set(file, text);
      const places = RunPlaces.now(
        shown.run,
        (file) => texts.get(file),
        (file) => shown.texts.get(file),
      );
      if (!places) continue;
      placed.push(...this.#diagnosticsOf(shown.run, places));
    }
    showPlaced(this.#collection, placed);
  }

  *#diagnosticsOf(run: Run, places: RunPlaces): Generator<PlacedDiagnostic> {
    const { record, expectation } = run;
    for (const finding of record.findings) {
      const location = places.ofFinding(finding);
      if (!location) continue;
      const diagnostic = new FindingDiagnostic(rangeOf(location), finding, record.id, record.source.language);
      diagnostic.source = 'adamscope';
      diagnostic.code = { value: finding.code, target: this.#pageOf(finding.code) };
      diagnostic.relatedInformation = relatedTo(finding, run, places.name);
      yield [location, diagnostic];
    }
    for (const { code, severity, message, location: then } of record.problems) {
      const location = places.ofLocation(then);
      if (location) yield [location, plain(code, severity, message, location)];
    }
    if (expectation && !expectation.met) {
      const location = places.expectation;
      const message = `${record.source.lossName} does not meet its expectation.\n${expectation.words}`;
      yield [location, plain('expectation', 'warning', message, location)];
    }
  }
}

function plain(
  code: ProblemCode | 'expectation',
  severity: Severity,
  message: string,
  location: SourceLocation,
): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(rangeOf(location), message, severities[severity]);
  diagnostic.source = 'adamscope';
  diagnostic.code = code;
  return diagnostic;
}

function relatedTo(finding: Finding, run: Run, name: SourceLocation): vscode.DiagnosticRelatedInformation[] {
  const [from, to] = finding.steps;
  const when = from === to ? `at step ${from}` : `from step ${from} to ${to}`;
  const which = finding.coordinates.slice(0, coordinatesAtMost).map(run.nameOf);
  const more = finding.coordinates.length - which.length;
  const evidence = evidenceOf(finding, run.record.config).map(([key, value]) => `${key} ${value}`);
  const at = new vscode.Location(uriOf(name), rangeOf(name));
  return [
    `${run.title}, ${when} of ${run.record.config.steps}`,
    ...(which.length > 0 ? [`coordinates: ${which.join(', ')}${more > 0 ? ` and ${more} more` : ''}`] : []),
    ...(evidence.length > 0 ? [evidence.join(', ')] : []),
  ].map((message) => new vscode.DiagnosticRelatedInformation(at, message));
}
