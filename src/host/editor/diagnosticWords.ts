import * as vscode from 'vscode';
import type { Severity } from '../../core/diagnosis/severity';

export const severities: { readonly [S in Severity]: vscode.DiagnosticSeverity } = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** The first sentence in a line of its own: the problems panel shows one line, and the rest on demand. */
export function inLines(message: string): string {
  return message.replace(/\. (?=\p{Lu})/u, '.\n');
}
