import * as vscode from 'vscode';
import type { FileProblem } from '../../runs/files/runFiles';

const told = 'filesLeftOut';

/**
 * Reports stored runs that could not be read. All are listed in the output channel; a notification names those that an earlier
 * window did not tell of, so that a file that stays where it is does not come up at every start.
 */
export async function tellOfFileProblems(
  problems: readonly FileProblem[],
  output: vscode.OutputChannel,
  memory: vscode.Memento,
): Promise<void> {
  for (const { message } of problems) output.appendLine(message);
  const known = memory.get<readonly string[]>(told, []);
  const [first, ...others] = problems.filter(({ file }) => !known.includes(file));
  if (!first) return;
  const more = others.length > 0 ? ` (and ${others.length} more, see the output channel Adamscope)` : '';
  void vscode.window.showWarningMessage(`${first.message}${more}`);
  await memory.update(
    told,
    problems.map(({ file }) => file),
  );
}
