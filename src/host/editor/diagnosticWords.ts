import * as vscode from 'vscode';
import type { Finding } from '../../core/diagnosis/finding';
import { originSentence } from '../../core/diagnosis/originWords';
import type { Severity } from '../../core/diagnosis/severity';
import { findingIn } from '../../loss/findingWords';
import type { Language } from '../../loss/source';

export const severities: { readonly [S in Severity]: vscode.DiagnosticSeverity } = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/**
 * The headline is a line of its own, because the problems panel shows the first line and the others on
 * demand.
 */
export function diagnosticText(finding: Finding, language: Language): string {
  const { headline, detail, advice, origin } = findingIn(language, finding);
  return [headline, detail, ...(origin ? [originSentence(origin)] : []), advice].join('\n');
}
