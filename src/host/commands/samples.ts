import { access, cp } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';

/** Opens a copy of the samples, which the user may change. It is created once, in the storage of the extension. */
export async function openSamples(context: vscode.ExtensionContext): Promise<void> {
  const copy = path.join(context.globalStorageUri.fsPath, 'samples');
  const there = await access(copy).then(
    () => true,
    () => false,
  );
  if (!there) await cp(path.join(context.extensionUri.fsPath, 'media', 'samples'), copy, { recursive: true });
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(copy), { forceNewWindow: true });
}
