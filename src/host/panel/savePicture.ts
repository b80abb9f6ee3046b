import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { PictureFormat } from '../../protocol/panel';
import { notificationText } from '../notificationText';

const kinds: { readonly [F in PictureFormat]: string } = { png: 'PNG picture', svg: 'SVG vector drawing' };

/**
 * Writes the picture of a chart to a file that the user chooses.
 *
 * @param name     proposed, without an ending
 * @param content  the text of an SVG, or a PNG in base64
 */
export async function savePicture(name: string, format: PictureFormat, content: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const fileName = `${name.replaceAll(/[^\w.-]+/g, '-')}.${format}`;
  const target = await vscode.window.showSaveDialog({
    title: 'Save chart',
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, fileName) }),
    filters: { [kinds[format]]: [format] },
  });
  if (!target) return;
  try {
    await writeFile(target.fsPath, content, format === 'png' ? 'base64' : 'utf8');
    vscode.window.setStatusBarMessage(`Saved ${vscode.workspace.asRelativePath(target)}`, 3000);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? error;
    void vscode.window.showErrorMessage(notificationText(`The chart could not be saved: ${reason}.`));
  }
}
