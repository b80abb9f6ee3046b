import * as vscode from 'vscode';
import type { SourceLocation } from '../core/sourceLocation';
import { documentOfCell } from './sources/notebooks';
import { openSource } from './sources/openSources';

/** A source location (1-based, end exclusive) as the editor counts (0-based), in its document. */
export function rangeOf(location: SourceLocation): vscode.Range {
  return new vscode.Range(
    location.line - 1,
    location.column - 1,
    location.endLine - 1,
    location.endColumn - 1,
  );
}

/** The document of a location: a file, or a cell of an open notebook. */
export function uriOf({ file, cell }: SourceLocation): vscode.Uri {
  const document = cell === undefined ? undefined : documentOfCell(file, cell);
  return document?.uri ?? vscode.Uri.file(file);
}

/** Opens the place and selects it, or another range of its document. */
export async function reveal(location: SourceLocation, selection = rangeOf(location)): Promise<void> {
  // The documents of cells are known once their notebook is open.
  if (location.cell !== undefined) await openSource(location.file);
  await vscode.window.showTextDocument(uriOf(location), { selection, viewColumn: vscode.ViewColumn.One });
}
