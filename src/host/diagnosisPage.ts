import * as vscode from 'vscode';

/** The documentation page of a diagnosis: Markdown, which opens rendered. */
export function diagnosisPage(extensionUri: vscode.Uri, code: string): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'docs', 'diagnoses', `${code}.md`);
}
