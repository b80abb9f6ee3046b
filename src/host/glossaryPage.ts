import * as vscode from 'vscode';
import { headingAnchor } from '../core/trace/glossaryTerms';

/** Opens the glossary, rendered, at the entry of a term. */
export async function openGlossary(extensionUri: vscode.Uri, term: string): Promise<void> {
  const page = vscode.Uri.joinPath(extensionUri, 'docs', 'glossary.md').with({
    fragment: headingAnchor(term),
  });
  // No editor association: a workspace may well have a docs/glossary.md of its own, which is to open as text.
  await vscode.commands.executeCommand('vscode.openWith', page, 'vscode.markdown.preview.editor', {
    viewColumn: vscode.ViewColumn.One,
    preview: true,
  });
}
