import * as vscode from 'vscode';
import type { Run } from '../../runs/run';
import { onDidChangeSource } from '../sources/openSources';
import { pageHtml, pageOptions } from './page';
import { type PanelParts, PanelSession } from './panelSession';
import { viewType } from './viewTypes';

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly session: PanelSession;
}

/** The dashboards of this window: creates panels, each with its own session. */
export class Panels implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #parts: PanelParts;
  /** In the order of their last use. */
  #open: OpenPanel[] = [];
  readonly #edits: vscode.Disposable;

  constructor(extensionUri: vscode.Uri, parts: PanelParts) {
    this.#extensionUri = extensionUri;
    this.#parts = parts;
    this.#edits = onDidChangeSource((file) => {
      for (const { session } of this.#open) session.onEdit(file);
    });
  }

  /** The displayed runs, with the one of the most recently used dashboard first. */
  get runs(): readonly Run[] {
    return this.#open
      .map(({ session }) => session.run)
      .filter((run) => run !== undefined)
      .reverse();
  }

  /**
   * Shows a run or a report in the most recently used dashboard, beside the editor, which keeps the focus.
   * Without an id, the dashboard shows the same as before.
   */
  show(id?: string): void {
    const last = this.#open.at(-1);
    if (!last) {
      this.open(id);
      return;
    }
    last.panel.reveal(undefined, true);
    if (id !== undefined) last.session.show(id);
  }

  /** Opens a dashboard if there is none, so that its page is loaded while a run starts. */
  openFirst(): void {
    if (this.#open.length === 0) this.open();
  }

  /** Opens another dashboard. Without an id, it shows the same as the most recently used one. */
  open(id: string | undefined = this.runs[0]?.record.id): void {
    const panel = vscode.window.createWebviewPanel(
      viewType,
      'Adamscope',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      pageOptions(this.#extensionUri),
    );
    this.#adopt(panel, id ?? null);
  }

  /** Moves the step cursor of the most recently used dashboard. @param by  a number of steps, negative: back */
  moveCursor(by: number): void {
    this.#open.at(-1)?.session.moveCursor(by);
  }

  /** Moves the step cursor of all dashboards that show a run. */
  goTo(runId: string, step: number): void {
    for (const { session } of this.#open) session.goTo(runId, step);
  }

  /** Restores a panel after VS Code has reloaded. @param state  the stored state of its page */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const kept = state as { shown?: unknown } | null | undefined;
    this.#adopt(panel, typeof kept?.shown === 'string' ? kept.shown : null);
  }

  dispose(): void {
    this.#edits.dispose();
    for (const { panel } of [...this.#open]) panel.dispose();
  }

  #adopt(panel: vscode.WebviewPanel, shownId: string | null): void {
    panel.webview.options = pageOptions(this.#extensionUri);
    panel.iconPath = vscode.Uri.joinPath(this.#extensionUri, 'media', 'icon.png');
    const session = new PanelSession(
      {
        // A panel that is being closed rejects the message. This is ignored, because nobody reads it.
        post: (message) => void panel.webview.postMessage(message).then(undefined, () => {}),
        onMessage: (listener) => void panel.webview.onDidReceiveMessage(listener),
      },
      this.#parts,
      shownId,
    );
    const open = { panel, session };
    this.#open.push(open);
    tellWhetherOpen(true);
    panel.onDidChangeViewState(() => {
      if (panel.active) this.#open = [...this.#open.filter((each) => each !== open), open];
    });
    panel.onDidDispose(() => {
      session.dispose();
      this.#open = this.#open.filter((each) => each !== open);
      tellWhetherOpen(this.#open.length > 0);
    });
    panel.webview.html = pageHtml(this.#extensionUri, panel.webview);
  }
}

/** For the keys of the step cursor, which belong to a dashboard also while the editor beside it has the focus. */
function tellWhetherOpen(isOpen: boolean): void {
  void vscode.commands.executeCommand('setContext', 'adamscope.dashboardIsOpen', isOpen);
}
