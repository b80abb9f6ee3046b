import { cp } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';

/** Opens a copy of the samples, which the user may change. */
export async function openSamples(context: vscode.ExtensionContext): Promise<void> {
  const copy = await copyOfSamples(context);
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(copy), { forceNewWindow: true });
}

/** Opens two samples with the same data, raw and standardised, side by side: those of the workspace, else those of the copy. */
export async function openTwins(context: vscode.ExtensionContext): Promise<void> {
  for (const [name, viewColumn] of [
    ['rawFeatures.ts', vscode.ViewColumn.One],
    ['standardisedFeatures.ts', vscode.ViewColumn.Two],
  ] as const) {
    const [own] = await vscode.workspace.findFiles(`**/${name}`, '**/node_modules/**', 1);
    const file = own ?? vscode.Uri.file(path.join(await copyOfSamples(context), name));
    await vscode.window.showTextDocument(file, { viewColumn, preview: false });
  }
}

/** The folder of the copy, which is made once, in the storage of the extension. A sample that it lacks is added. */
async function copyOfSamples(context: vscode.ExtensionContext): Promise<string> {
  const copy = path.join(context.globalStorageUri.fsPath, 'samples');
  const samples = path.join(context.extensionUri.fsPath, 'media', 'samples');
  await cp(samples, copy, { recursive: true, force: false });
  return copy;
}
