import * as vscode from 'vscode';
import type { SourceLocation } from '../core/sourceLocation';

/** A source location (1-based, end exclusive) as the editor counts (0-based). */
export function rangeOf(location: SourceLocation): vscode.Range {
  return new vscode.Range(
    location.line - 1,
    location.column - 1,
    location.endLine - 1,
    location.endColumn - 1,
  );
}

export function uriOf(location: SourceLocation): vscode.Uri {
  return vscode.Uri.file(location.file);
}

/** Opens the place and selects it. */
export async function reveal(location: SourceLocation): Promise<void> {
  await vscode.window.showTextDocument(uriOf(location), {
    selection: rangeOf(location),
    viewColumn: vscode.ViewColumn.One,
  });
}
