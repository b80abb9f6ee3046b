import * as vscode from 'vscode';

/** Whether losses may be run. If not, informs the user, who can then trust the workspace. */
export async function isTrusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = 'Manage Workspace Trust';
  const choice = await vscode.window.showWarningMessage(
    'This workspace is not trusted, so Adamscope does not run its losses: running a loss executes code of the workspace.',
    manage,
  );
  if (choice === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}
