import path from 'node:path';
import * as vscode from 'vscode';
import { runFileEditorType } from '../panel/viewTypes';

/** Files whose heads are read to offer them. */
const mostFiles = 200;
const mostOffered = 50;

interface Choice extends vscode.QuickPickItem {
  readonly uri: vscode.Uri | null;
}

/**
 * *Follow recording*: shows the recording of a training that the user chooses among those of the workspace, the newest first, beside
 * the editor. It grows while the script trains.
 *
 * @param uri  the file, if the caller knows it
 */
export async function followRecording(uri?: vscode.Uri): Promise<void> {
  const chosen = uri instanceof vscode.Uri ? uri : await choose();
  if (chosen) await showRecording(chosen, vscode.ViewColumn.Beside);
}

/** Brings an open recording to the front of its column. */
export async function revealRecording(file: string): Promise<void> {
  const uri = vscode.Uri.file(file);
  const isOf = ({ input }: vscode.Tab) =>
    input instanceof vscode.TabInputCustom && input.uri.fsPath === uri.fsPath;
  const group = vscode.window.tabGroups.all.find(({ tabs }) => tabs.some(isOf));
  if (group) await showRecording(uri, group.viewColumn);
}

async function showRecording(uri: vscode.Uri, viewColumn: vscode.ViewColumn): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, runFileEditorType, {
    viewColumn,
    preserveFocus: true,
  } satisfies vscode.TextDocumentShowOptions);
}

async function choose(): Promise<vscode.Uri | undefined> {
  const other: Choice = { label: '$(folder-opened) Open another file…', uri: null };
  const chosen = await vscode.window.showQuickPick<Choice>(
    recordings().then((found) => [...found, other]),
    {
      title: 'Follow recording',
      placeHolder: 'Recordings of the workspace, newest first; `python -m adamscope run train.py` makes one',
      matchOnDescription: true,
    },
  );
  if (chosen?.uri !== null) return chosen?.uri;
  const [file] =
    (await vscode.window.showOpenDialog({
      filters: { Recordings: ['adamscope'] },
      title: 'Follow recording',
    })) ?? [];
  return file;
}

async function recordings(): Promise<Choice[]> {
  const { headOfRecording } = await import('../../runs/recordings/recordingHeads');
  const files = await vscode.workspace.findFiles('**/*.adamscope', '**/node_modules/**', mostFiles);
  const heads = await Promise.all(
    files
      .filter(({ scheme }) => scheme === 'file')
      .map(async (uri) => ({ uri, head: await headOfRecording(uri.fsPath) })),
  );
  return heads
    .flatMap(({ uri, head }) => (head ? [{ uri, head }] : []))
    .sort((a, b) => b.head.startedAt - a.head.startedAt)
    .slice(0, mostOffered)
    .map(({ uri, head }) => ({
      label: path.basename(head.argv[0] ?? uri.fsPath),
      description: [
        head.optimizer,
        ...(head.distributed ? [`rank ${head.distributed.rank} of ${head.distributed.worldSize}`] : []),
        new Date(head.startedAt).toLocaleString(),
      ].join(' · '),
      detail: vscode.workspace.asRelativePath(uri),
      uri,
    }));
}
