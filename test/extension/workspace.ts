import * as path from 'node:path';
import * as vscode from 'vscode';

/** Opens a new saved file of the workspace with this text. `removeFiles` deletes it. */
export async function openText(name: string, text: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('the suite needs a workspace');
  const uri = vscode.Uri.joinPath(folder.uri, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  made.push(uri);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

const made: vscode.Uri[] = [];

export async function removeFiles(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  for (const uri of made.splice(0)) await vscode.workspace.fs.delete(uri);
}

/** Repeats `probe` until it returns a value, for at most `ms`. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | Promise<T | undefined>,
  ms = 10_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** The extension's diagnostics of a document, once there is one with this code. */
export function diagnostics(document: vscode.TextDocument, code: string): Promise<vscode.Diagnostic[]> {
  return until(`the diagnostic ${code} on ${path.basename(document.uri.fsPath)}`, () => {
    const ours = vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'adamscope');
    return ours.some((diagnostic) => codeOf(diagnostic) === code) ? ours : undefined;
  });
}

export function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** The names of the tests in a file. */
async function tests({ uri }: vscode.TextDocument): Promise<string[]> {
  const found = await vscode.commands.executeCommand<string[][]>('vscode.testing.getTestsInFile', uri);
  return found.flatMap((path) => {
    const name = /#(.*)$/.exec(path.at(-1) ?? '')?.[1];
    return name === undefined ? [] : [name];
  });
}

export function testsBecome(document: vscode.TextDocument, wanted: readonly string[]): Promise<true> {
  return until(`the tests ${wanted.join(', ')}`, async () =>
    (await tests(document)).join() === wanted.join() ? true : undefined,
  );
}
