import * as vscode from 'vscode';
import type { SourceLocation } from '../core/sourceLocation';

/** A source location (1-based, end exclusive) as the editor counts (0-based), in its document. */
export function rangeOf(location: SourceLocation): vscode.Range {
  return new vscode.Range(
    location.line - 1,
    location.column - 1,
    location.endLine - 1,
    location.endColumn - 1,
  );
}
