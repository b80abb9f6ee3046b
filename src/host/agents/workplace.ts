import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { Roots } from '../../agents/roots';
import { ToolProblem } from '../../agents/toolProblem';
import type { Workplace } from '../../agents/workplace';
import { validatePatch } from '../../core/config/validate';
import type { OpenedWindow } from '../openWindow';
import { chosenInterpreter } from '../python/pythonInterpreter';
import { lossTextOf } from '../runs/lossText';
import { settingsFor } from '../settings';
import { unsavedTexts } from '../sources/openSources';

/** The workplace of a window of VS Code: its folders, its unsaved texts, its settings and its runs. */
export function workplaceIn(
  { index, runs, askedVerifications: verifications }: OpenedWindow,
  extensionUri: vscode.Uri,
): Workplace {
  return {
    roots: new Roots(foldersOfWorkspace, 'the folders of the workspace'),
    runs,
    verifications,
    refusal: () =>
      vscode.workspace.isTrusted
        ? null
        : 'This workspace is not trusted, so Adamscope does not run its losses. The user can trust it with the command Workspaces: Manage Workspace Trust.',
    async losses(at, signal) {
      const cancellation = new vscode.CancellationTokenSource();
      signal.addEventListener('abort', () => cancellation.cancel());
      const losses = await index.all(cancellation.token);
      const isAt = (file: string) => at === null || file === at || file.startsWith(`${at}${path.sep}`);
      return { losses: losses.filter(({ file }) => isAt(file)), unreadable: [] };
    },
    async declaration(file, name) {
      const found = await index.find(file, name);
      if (found) return found;
      throw new ToolProblem(
        `${vscode.workspace.asRelativePath(file)} has no function ${name}: list_losses names the losses`,
      );
    },
    async surroundings(declaration) {
      const { defaults, diagnosis, limits } = settingsFor(vscode.Uri.file(declaration.file));
      const [wrong] = validatePatch(defaults);
      if (wrong) throw new ToolProblem(`the setting adamscope.defaults is invalid: ${wrong.message}`);
      return {
        defaults,
        diagnosis,
        limits,
        texts: unsavedTexts(),
        interpreter: await chosenInterpreter(declaration),
        lossText: await lossTextOf(declaration),
      };
    },
    page: (code) =>
      readFile(vscode.Uri.joinPath(extensionUri, 'docs', 'diagnoses', `${code}.md`).fsPath, 'utf8'),
  };
}

function foldersOfWorkspace(): string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
}
