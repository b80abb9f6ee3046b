import * as vscode from 'vscode';
import type { DiagnosisCode } from '../../core/diagnosis/catalogue';
import type { Finding } from '../../core/diagnosis/finding';
import type { SourceLocation } from '../../core/sourceLocation';
import type { Run } from '../../runs/run';
import type { RunStore } from '../../runs/runStore';
import { evidenceOf } from '../evidence';
import type { RunFileDocument } from '../panel/runFileEditor';
import { rangeOf } from '../positions';
import { onDidChangeSource, shownText } from '../sources/openSources';
import { diagnosticText, severities } from './diagnosticWords';
import { lineNow } from './lineNow';
import { type PlacedDiagnostic, showPlaced } from './placedDiagnostics';

const editDelayMs = 250;

/** A finding of an open recording. */
export class RecordedDiagnostic extends vscode.Diagnostic {
  readonly runId: string;
  readonly finding: Finding;

  constructor(
    runId: string,
    finding: Finding,
    range: vscode.Range,
    message: string,
    severity: vscode.DiagnosticSeverity,
  ) {
    super(range, message, severity);
    this.runId = runId;
    this.finding = finding;
  }
}

/**
 * Shows the findings of the recordings that are open, at the lines of their scripts. They follow edits, and disappear when their line
 * has changed, or the recording is closed.
 */
export class RecordingDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('adamscope-recordings');
  readonly #pageOf: (code: DiagnosisCode) => vscode.Uri;
  readonly #subscriptions: { dispose(): void }[] = [this.#collection];
  readonly #open = new Set<RunStore>();
  /** Texts as they were when their first finding was shown, for files whose text is not in the recording. */
  readonly #seen = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  /** Incremented by every refresh; an older refresh stops when it sees a newer number. */
  #round = 0;

  /**
   * @param opened  the run files that are opened
   * @param pageOf  the documentation page of a diagnosis
   */
  constructor(opened: vscode.Event<RunFileDocument>, pageOf: (code: DiagnosisCode) => vscode.Uri) {
    this.#pageOf = pageOf;
    this.#subscriptions.push(
      opened((document) => this.#onOpened(document)),
      onDidChangeSource((file) => this.#onText(file)),
    );
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    clearTimeout(this.#timer);
  }

  #onOpened({ content, onDidClose }: RunFileDocument): void {
    if (typeof content === 'string' || !content.run.record.recording) return;
    const { store } = content;
    this.#open.add(store);
    const changes = store.onDidChange(({ what }) => what !== 'steps' && void this.#refresh());
    onDidClose(() => {
      changes.dispose();
      this.#open.delete(store);
      void this.#refresh();
    });
    void this.#refresh();
  }

  #onText(file: string): void {
    if (!this.#files().has(file)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#refresh(), editDelayMs);
  }

  #runs(): Run[] {
    return [...this.#open].flatMap(({ history }) => history);
  }

  #files(): Set<string> {
    return new Set(
      this.#runs().flatMap(({ record }) => record.findings.flatMap((each) => each.location?.file ?? [])),
    );
  }

  async #refresh(): Promise<void> {
    const round = ++this.#round;
    const texts = new Map<string, string>();
    for (const file of this.#files()) {
      const text = await shownText(file);
      if (text !== undefined) texts.set(file, text);
    }
    if (round !== this.#round) return;
    // The ranks of a training find the same; an error of the newest recording is shown once.
    const placed = new Map<string, PlacedDiagnostic>();
    for (const run of this.#runs())
      for (const finding of run.record.findings) {
        const location = this.#placeNow(finding, run, texts);
        if (location)
          placed.set(`${finding.code} ${location.file} ${location.line}`, [
            location,
            this.#diagnosticOf(finding, run, location),
          ]);
      }
    showPlaced(this.#collection, placed.values());
  }

  /** The line of a finding in the current text; null if the line has changed, or the file is gone. */
  #placeNow({ location }: Finding, run: Run, texts: ReadonlyMap<string, string>): SourceLocation | null {
    const now = location && texts.get(location.file);
    if (!location || now === undefined || now === null) return null;
    const recorded = run.record.source.texts.find(([file]) => file === location.file)?.[1];
    const before = recorded ?? this.#seen.get(location.file) ?? now;
    this.#seen.set(location.file, before);
    return lineNow(location, before, now);
  }

  #diagnosticOf(finding: Finding, run: Run, location: SourceLocation): vscode.Diagnostic {
    const diagnostic = new RecordedDiagnostic(
      run.record.id,
      finding,
      rangeOf(location),
      diagnosticText(finding, 'python'),
      severities[finding.severity],
    );
    diagnostic.source = 'adamscope';
    diagnostic.code = { value: finding.code, target: this.#pageOf(finding.code) };
    const [from, to] = finding.steps;
    const when = from === to ? `at step ${from}` : `from step ${from} to ${to}`;
    const evidence = evidenceOf(finding, run.record.config).map(([key, value]) => `${key} ${value}`);
    const at = new vscode.Location(vscode.Uri.file(location.file), rangeOf(location));
    diagnostic.relatedInformation = [
      `${run.title}, ${when} of its recording`,
      ...(evidence.length > 0 ? [evidence.join(', ')] : []),
    ].map((message) => new vscode.DiagnosticRelatedInformation(at, message));
    return diagnostic;
  }
}
