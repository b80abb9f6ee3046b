import * as vscode from 'vscode';

/** The text of a file as an editor holds it; undefined if none does. */
export function openText(file: string): string | undefined {
  return vscode.workspace.textDocuments
    .find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file)
    ?.getText();
}
