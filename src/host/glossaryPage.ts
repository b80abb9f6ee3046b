import * as vscode from 'vscode';
import { headingAnchor } from '../core/trace/glossaryTerms';

/** Opens the glossary, rendered, at the entry of a term. */
export async function openGlossary(extensionUri: vscode.Uri, term: string): Promise<void> {
  const page = vscode.Uri.joinPath(extensionUri, 'docs', 'glossary.md').with({
    fragment: headingAnchor(term),
  });
  // The preview is requested for this page only. An editor association would also apply to a workspace's own
  // docs/glossary.md, which must open as text.
  await vscode.commands.executeCommand('vscode.openWith', page, 'vscode.markdown.preview.editor', {
    viewColumn: vscode.ViewColumn.One,
    preview: true,
  });
}
