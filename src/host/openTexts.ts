import * as vscode from 'vscode';

/** The text of a file in an open editor; undefined if the file is not open. */
export function openText(file: string): string | undefined {
  return vscode.workspace.textDocuments
    .find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file)
    ?.getText();
}
