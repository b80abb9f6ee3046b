import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { HostApi, PanelApi, ViewRequest } from '../../protocol/panel';
import { connect, type Peer } from '../../protocol/rpc';
import type { ReportEntry, Reports } from '../../runs/reports';
import type { Run } from '../../runs/run';
import { RunPlaces } from '../../runs/runPlaces';
import type { RunChange, RunStore } from '../../runs/runStore';
import { openText } from '../openTexts';
import { contentPolicy } from './contentPolicy';
import { frameOf, rowsOf } from './frame';
import { reportSummary, reportView } from './reportView';
import { summaryOf, viewOf } from './runView';

export const viewType = 'adamscope.dashboard';

/** What the dashboard's buttons do beyond the run under way. */
export interface DashboardActions {
  runAgain(run: Run): void;
  configure(run: Run): void;
  applyFix(run: Run, finding: number, fix: number): void;
  runWithFix(run: Run, finding: number, fix: number): void;
  grid: (run: Run, x: readonly [number, number], y: readonly [number, number]) => ReturnType<HostApi['grid']>;
  reveal: HostApi['reveal'];
  explain: HostApi['explain'];
  openGlossary: HostApi['openGlossary'];
  openSamples: HostApi['openSamples'];
  applyRow(report: ReportEntry, table: number, row: number): void;
  runRow(report: ReportEntry, table: number, row: number): void;
}

/** Between two frames, or two views of the run, there is at least this time. */
const frameMs = 40;
/** After the last key stroke. */
const editDelayMs = 250;

/**
 * The panel: at most one a window. It owns nothing: what it shows it asks of the runs, so that it can be closed, hidden
 * or reloaded at any moment. One frame is in flight at a time.
 */
export class Dashboard implements vscode.Disposable {
  readonly #runs: RunStore;
  readonly #reports: Reports;
  readonly #actions: DashboardActions;
  readonly #extensionUri: vscode.Uri;
  readonly #subscriptions: { dispose(): void }[] = [];
  #panel: vscode.WebviewPanel | null = null;
  #peer: Peer<PanelApi> | null = null;
  #selected: string | null = null;
  #view: ViewRequest | null = null;
  #seq = 0;
  #inFlight = false;
  #framePending = false;
  #statePending = false;
  #timer: NodeJS.Timeout | undefined;
  #editTimer: NodeJS.Timeout | undefined;

  constructor(extensionUri: vscode.Uri, runs: RunStore, reports: Reports, actions: DashboardActions) {
    this.#extensionUri = extensionUri;
    this.#runs = runs;
    this.#reports = reports;
    this.#actions = actions;
    this.#subscriptions.push(
      runs.onDidChange((change) => this.#onChange(change)),
      reports.onDidChange(() => this.#panel && this.#schedule('state')),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#onEdit(document)),
    );
  }

  /** Shows the panel beside the editor, which keeps the focus. */
  show(id?: string): void {
    if (id !== undefined) this.#selected = id;
    if (this.#panel) {
      this.#panel.reveal(undefined, true);
      this.#schedule('state');
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      viewType,
      'Adamscope',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      this.#options(),
    );
    this.adopt(panel);
  }

  /** Takes over a panel that VS Code made: on start, or when it restores one after a reload. */
  adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    panel.webview.options = this.#options();
    panel.iconPath = vscode.Uri.joinPath(this.#extensionUri, 'media', 'icon.png');
    this.#peer = connect<PanelApi, HostApi>(this.#hostApi(), {
      post: (message) => void panel.webview.postMessage(message),
      onMessage: (listener) => {
        this.#subscriptions.push(panel.webview.onDidReceiveMessage(listener));
      },
    });
    panel.onDidDispose(() => {
      this.#peer?.$close();
      this.#peer = null;
      this.#panel = null;
      this.#view = null;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    });
    panel.webview.html = this.#html(panel.webview);
  }

  dispose(): void {
    clearTimeout(this.#editTimer);
    this.#panel?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  get #report(): ReportEntry | undefined {
    return this.#selected === null ? undefined : this.#reports.find(this.#selected);
  }

  /** The run that is shown; undefined while a report is. */
  get #run(): Run | undefined {
    if (this.#report) return undefined;
    return (this.#selected === null ? undefined : this.#runs.find(this.#selected)) ?? this.#runs.latest;
  }

  #onChange({ run, what }: RunChange): void {
    if (!this.#panel) return;
    if (run === this.#run || what === 'state') this.#schedule(what === 'state' ? 'state' : 'steps');
  }

  /** The places of what is shown follow the text. */
  #onEdit(document: vscode.TextDocument): void {
    if (!this.#panel || document.uri.fsPath !== this.#run?.record.source.file) return;
    clearTimeout(this.#editTimer);
    this.#editTimer = setTimeout(() => this.#schedule('state'), editDelayMs);
  }

  #schedule(what: 'state' | 'steps'): void {
    this.#framePending = true;
    if (what === 'state') this.#statePending = true;
    this.#timer ??= setTimeout(() => this.#send(), frameMs);
  }

  #send(): void {
    this.#timer = undefined;
    const peer = this.#peer;
    if (!peer) return;
    const run = this.#run;
    if (this.#statePending) {
      this.#statePending = false;
      const report = this.#report;
      const history = [...this.#runs.history.map(summaryOf), ...this.#reports.history.map(reportSummary)];
      history.sort((a, b) => a.startedAt - b.startedAt);
      void peer.setRuns.asEvent(history, report?.id ?? run?.record.id ?? null);
      if (report) void peer.setReport.asEvent(reportView(report));
      else void peer.setRun.asEvent(run ? viewOf(run, relative(run), placesShown(run)) : null);
    }
    if (this.#inFlight || !this.#framePending || !run || !this.#view || this.#view.runId !== run.record.id)
      return;
    this.#inFlight = true;
    this.#seq++;
    const { frame, isWhole } = frameOf(run, this.#view, this.#seq);
    this.#framePending = !isWhole;
    void peer.frame.asEvent(frame);
  }

  #hostApi(): HostApi {
    const withRun = (act: (run: Run) => void) => {
      const run = this.#run;
      if (run) act(run);
    };
    const withReport = (act: (report: ReportEntry) => void) => {
      const report = this.#report;
      if (report) act(report);
    };
    return {
      ready: () => {
        this.#inFlight = false;
        this.#view = null;
        this.#selectAndShow(this.#report ? this.#selected : (this.#run?.record.id ?? null));
      },
      setView: (view) => {
        this.#view = view;
        this.#schedule('steps');
      },
      ack: (seq) => {
        if (seq !== this.#seq) return;
        this.#inFlight = false;
        if (this.#framePending || this.#statePending) this.#schedule('steps');
      },
      rows: async (runId, steps, quantities, coordinates) => {
        const run = this.#runs.find(runId);
        if (!run) throw new Error('this run is not kept any more');
        await this.#runs.load(run);
        return rowsOf(run, steps, quantities, coordinates);
      },
      grid: async (runId, x, y) => {
        const run = this.#runs.find(runId);
        if (!run) throw new Error('this run is not kept any more');
        return this.#actions.grid(run, x, y);
      },
      selectRun: (id) => this.#selectAndShow(id),
      runAgain: () => withRun((run) => this.#actions.runAgain(run)),
      configure: () => withRun((run) => this.#actions.configure(run)),
      pause: () => withRun(({ record }) => this.#runs.pause(record.id)),
      resume: () => withRun(({ record }) => this.#runs.resume(record.id)),
      step: () => withRun(({ record }) => this.#runs.step(record.id)),
      stop: () =>
        this.#report ? this.#reports.stop() : withRun(({ record }) => void this.#runs.stop(record.id)),
      applyRow: (table, row) => withReport((report) => this.#actions.applyRow(report, table, row)),
      runRow: (table, row) => withReport((report) => this.#actions.runRow(report, table, row)),
      setLr: (lr) => withRun(({ record }) => this.#runs.setLr(record.id, lr)),
      reveal: this.#actions.reveal,
      applyFix: (finding, fix) => withRun((run) => this.#actions.applyFix(run, finding, fix)),
      runWithFix: (finding, fix) => withRun((run) => this.#actions.runWithFix(run, finding, fix)),
      explain: this.#actions.explain,
      openGlossary: this.#actions.openGlossary,
      openSamples: this.#actions.openSamples,
    };
  }

  /** @param id  of a run or a report */
  #selectAndShow(id: string | null): void {
    this.#selected = id;
    const run = this.#run;
    const show = () => this.#schedule('state');
    if (run) void this.#runs.load(run).then(show, show);
    else show();
  }

  #options(): vscode.WebviewOptions {
    return {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.#extensionUri, 'dist', 'webview')],
    };
  }

  #html(webview: vscode.Webview): string {
    const file = (name: string) =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.#extensionUri, 'dist', 'webview', name));
    const nonce = randomBytes(16).toString('base64');
    return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${contentPolicy(nonce, webview.cspSource)}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${file('dashboard.css')}">
  <title>Adamscope</title>
</head>
<body>
  <div id="root"></div>
  <script nonce="${nonce}" src="${file('dashboard.js')}"></script>
</body>
</html>`;
  }
}

/** Where things stand in the open documents or, if the loss has changed there, as the run saw them. */
function placesShown(run: Run): RunPlaces | null {
  const loaded = new Map(run.record.source.texts);
  return RunPlaces.now(run, (file) => openText(file) ?? loaded.get(file)) ?? RunPlaces.atRun(run);
}

function relative(run: Run): string {
  return vscode.workspace.asRelativePath(run.record.source.file);
}
