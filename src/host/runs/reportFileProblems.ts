import * as vscode from 'vscode';
import type { FileProblem } from '../../runs/files/runFiles';

const reportedKey = 'filesLeftOut';

/**
 * Reports stored runs that could not be read. All are listed in the output channel. A notification names
 * those that no earlier VS Code window has reported, so that the same file is not reported at every start.
 */
export async function reportFileProblems(
  problems: readonly FileProblem[],
  output: vscode.OutputChannel,
  memory: vscode.Memento,
): Promise<void> {
  for (const { message } of problems) output.appendLine(message);
  const known = memory.get<readonly string[]>(reportedKey, []);
  const [first, ...others] = problems.filter(({ file }) => !known.includes(file));
  if (!first) return;
  const more = others.length > 0 ? ` (and ${others.length} more, see the output channel Adamscope)` : '';
  void vscode.window.showWarningMessage(`${first.message}${more}`);
  await memory.update(
    reportedKey,
    problems.map(({ file }) => file),
  );
}
