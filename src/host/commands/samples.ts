import { access, cp } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';

/** Opens a copy of the samples that the user may change: made once, in the extension's own storage. */
export async function openSamples(context: vscode.ExtensionContext): Promise<void> {
  const copy = path.join(context.globalStorageUri.fsPath, 'samples');
  const there = await access(copy).then(
    () => true,
    () => false,
  );
  if (!there) await cp(path.join(context.extensionUri.fsPath, 'media', 'samples'), copy, { recursive: true });
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(copy), { forceNewWindow: true });
}
