import * as vscode from 'vscode';
import type { OpenedFile } from '../../runs/openedFile';
import { onDidChangeSource } from '../sources/openSources';
import { errorHtml, pageHtml, pageOptions } from './page';
import { type PanelParts, PanelSession } from './panelSession';
import { runFileEditorType } from './viewTypes';

interface RunFileParts extends Omit<PanelParts, 'store'> {
  /** Looks at the steps of a file with the debugger. */
  debugFile(file: string): void;
}

/** A run file that is open in an editor. */
export class RunFileDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  /** The run of the file, which grows with the file; or why the file cannot be read, without a full stop. */
  readonly content: OpenedFile | string;
  readonly #closed = new vscode.EventEmitter<void>();
  /** Fires once, when no editor shows the file any more. */
  readonly onDidClose = this.#closed.event;

  constructor(uri: vscode.Uri, content: OpenedFile | string) {
    this.uri = uri;
    this.content = content;
  }

  dispose(): void {
    this.#closed.fire();
    this.#closed.dispose();
    if (typeof this.content !== 'string') void this.content.store.dispose();
  }
}

/**
 * Shows any run file in a dashboard, read-only, also one that another process is appending to. The runs of these files are not
 * part of the window's history.
 */
export class RunFileEditor implements vscode.CustomReadonlyEditorProvider<RunFileDocument> {
  readonly #extensionUri: vscode.Uri;
  readonly #parts: RunFileParts;
  readonly #opened = new vscode.EventEmitter<RunFileDocument>();
  /** Fires for each file that is opened, also for one that cannot be read. */
  readonly onDidOpen = this.#opened.event;
  readonly #documents = new Set<RunFileDocument>();
  readonly #sessions = new Set<PanelSession>();

  constructor(extensionUri: vscode.Uri, parts: RunFileParts) {
    this.#extensionUri = extensionUri;
    this.#parts = parts;
  }

  async openCustomDocument(uri: vscode.Uri): Promise<RunFileDocument> {
    const document = new RunFileDocument(uri, await contentOf(uri));
    this.#documents.add(document);
    document.onDidClose(() => this.#documents.delete(document));
    this.#opened.fire(document);
    return document;
  }

  /** The file in its editor, which is opened beside the others if it is not open. */
  async show(file: string): Promise<RunFileDocument> {
    const uri = vscode.Uri.file(file);
    const find = () => [...this.#documents].find((each) => each.uri.fsPath === uri.fsPath);
    const open = find();
    if (open) return open;
    const where = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    await vscode.commands.executeCommand('vscode.openWith', uri, runFileEditorType, where);
    const opened = find();
    if (!opened) throw new Error(`${file} was closed while it was opened`);
    return opened;
  }

  /** Moves the step cursor of the editors that show a run. */
  goTo(runId: string, step: number): void {
    for (const session of this.#sessions) session.goTo(runId, step);
  }

  resolveCustomEditor({ content, uri }: RunFileDocument, panel: vscode.WebviewPanel): void {
    const { webview } = panel;
    webview.options = pageOptions(this.#extensionUri);
    if (typeof content === 'string') {
      const file = vscode.workspace.asRelativePath(uri);
      webview.html = errorHtml(`${file} cannot be shown: ${content}.`);
      return;
    }
    const session = new PanelSession(
      {
        post: (message) => void webview.postMessage(message).then(undefined, () => {}),
        onMessage: (listener) => void webview.onDidReceiveMessage(listener),
      },
      {
        ...this.#parts,
        store: content.store,
        actions: { ...this.#parts.actions, debug: () => this.#parts.debugFile(uri.fsPath) },
      },
      content.run.record.id,
    );
    this.#sessions.add(session);
    const edits = onDidChangeSource((file) => session.onEdit(file));
    panel.onDidDispose(() => {
      edits.dispose();
      this.#sessions.delete(session);
      session.dispose();
    });
    webview.html = pageHtml(this.#extensionUri, webview);
  }
}

async function contentOf(uri: vscode.Uri): Promise<OpenedFile | string> {
  if (uri.scheme !== 'file') return 'only files on disk can be read';
  try {
    const { openedFile } = await import('../../runs/openedFile');
    return await openedFile(uri.fsPath);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
