import * as vscode from 'vscode';
import type { RunStore } from '../../runs/runStore';
import { onDidChangeSource } from '../sources/openSources';
import { errorHtml, pageHtml, pageOptions } from './page';
import { type PanelParts, PanelSession } from './panelSession';

/** A run file that is open in an editor. */
export class RunFileDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  /** The run of the file, which grows with the file; or why the file cannot be read, without a full stop. */
  readonly content: RunStore | string;

  constructor(uri: vscode.Uri, content: RunStore | string) {
    this.uri = uri;
    this.content = content;
  }

  dispose(): void {
    if (typeof this.content !== 'string') void this.content.dispose();
  }
}

/**
 * Shows any run file in a dashboard, read-only, also one that another process is appending to. The runs of these files are not
 * part of the window's history.
 */
export class RunFileEditor implements vscode.CustomReadonlyEditorProvider<RunFileDocument> {
  readonly #extensionUri: vscode.Uri;
  readonly #parts: Omit<PanelParts, 'store'>;

  constructor(extensionUri: vscode.Uri, parts: Omit<PanelParts, 'store'>) {
    this.#extensionUri = extensionUri;
    this.#parts = parts;
  }

  async openCustomDocument(uri: vscode.Uri): Promise<RunFileDocument> {
    return new RunFileDocument(uri, await contentOf(uri));
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
      { ...this.#parts, store: content },
      null,
    );
    const edits = onDidChangeSource((file) => session.onEdit(file));
    panel.onDidDispose(() => {
      edits.dispose();
      session.dispose();
    });
    webview.html = pageHtml(this.#extensionUri, webview);
  }
}

async function contentOf(uri: vscode.Uri): Promise<RunStore | string> {
  if (uri.scheme !== 'file') return 'only files on disk can be read';
  try {
    const { openedFile } = await import('../../runs/openedFile');
    return await openedFile(uri.fsPath);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
