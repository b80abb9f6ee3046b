import * as vscode from 'vscode';
import type { DiagnosisCode } from '../core/diagnosis/catalogue';

/** The documentation page of a diagnosis: Markdown, which opens rendered. */
export function diagnosisPage(extensionUri: vscode.Uri, code: DiagnosisCode): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'docs', 'diagnoses', `${code}.md`);
}
