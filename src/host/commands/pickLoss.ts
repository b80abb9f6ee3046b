import * as vscode from 'vscode';
import { compareLines, lineAfterFile } from '../../core/sourceLocation';
import type { LossDeclaration } from '../../loss/declaration';
import type { LossIndex } from '../lossIndex';

/** The loss at the cursor, else one picked from the whole workspace; undefined if there is none or none was picked. */
export async function lossAtCursorOrPicked(
  index: LossIndex,
  title = 'Run Adam on loss',
): Promise<LossDeclaration | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (editor) {
    const here = index.lossAt(editor.document, editor.selection.active);
    if (here) return here;
  }
  return pickLoss(index, title);
}

async function pickLoss(index: LossIndex, title: string): Promise<LossDeclaration | undefined> {
  const losses = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Searching for losses' },
    (_progress, token) => index.all(token),
  );
  if (losses.length === 0) {
    void tellThereAreNone();
    return undefined;
  }
  const activeFile = vscode.window.activeTextEditor?.document.uri.fsPath;
  const isElsewhere = (loss: LossDeclaration) => Number(loss.file !== activeFile);
  const sorted = losses.toSorted(
    (a, b) =>
      isElsewhere(a) - isElsewhere(b) || a.file.localeCompare(b.file) || compareLines(a.location, b.location),
  );
  const items = sorted.map((loss) => ({
    label: loss.name,
    description: `${vscode.workspace.asRelativePath(loss.file)}:${lineAfterFile(loss.location)}`,
    detail: loss.annotation ? undefined : 'found by its name, without annotation',
    loss,
  }));
  const picked = await vscode.window.showQuickPick(
    items.map(({ detail, ...item }) => (detail === undefined ? item : { ...item, detail })),
    {
      title,
      placeHolder: 'Which loss?',
      matchOnDescription: true,
    },
  );
  return picked?.loss;
}

async function tellThereAreNone(): Promise<void> {
  const samples = 'Open Samples';
  const where = vscode.workspace.workspaceFolders ? 'this workspace contains no loss' : 'no folder is open';
  const choice = await vscode.window.showInformationMessage(
    `Adamscope: ${where}. A loss is a function of a parameter vector, exported in JavaScript. Write /** @loss */ above one, in Python # adamscope: loss, or open the samples.`,
    samples,
  );
  if (choice === samples) await vscode.commands.executeCommand('adamscope.openSamples');
}
