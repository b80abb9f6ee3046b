import * as vscode from 'vscode';
import type { SourceFix } from '../../core/diagnosis/finding';
import type { Run } from '../../runs/run';
import { RunPlaces } from '../../runs/runPlaces';
import { openIfThere } from '../lossIndex';
import { rangeOf, uriOf } from '../positions';

/**
 * Shows the edit of a fix in the preview of refactorings, as a difference. VS Code writes it when the user confirms it there.
 *
 * @returns whether it was written
 */
export async function previewEdit(run: Run, { title, words, edit }: SourceFix): Promise<boolean> {
  const texts = new Map<string, string>();
  for (const file of [run.record.source.file, edit.location.file]) {
    const document = await openIfThere(vscode.Uri.file(file));
    if (document) texts.set(file, document.getText());
  }
  const now = RunPlaces.now(run, (file) => texts.get(file))?.ofEdit(edit);
  if (!now) {
    void vscode.window.showWarningMessage('The code has changed since the run; run the loss again.');
    return false;
  }
  const made = new vscode.WorkspaceEdit();
  made.replace(uriOf(now.location), rangeOf(now.location), now.after, {
    label: words?.label ?? title,
    description: 'Adamscope',
    needsConfirmation: true,
  });
  return vscode.workspace.applyEdit(made, { isRefactoring: true });
}
