import * as vscode from 'vscode';
import type { SourceLocation } from '../../core/sourceLocation';
import { rangeOf } from '../positions';
import { documentOfCell } from './notebooks';
import { openSource } from './openSources';

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
