import * as vscode from 'vscode';
import type { JobProcesses } from '../runner/jobProcesses';
import type { LossIndex } from './lossIndex';
import { settingsFor } from './settings';

/** The delay lets an opening editor be drawn first. */
const delayMs = 500;

/** Keeps a process ready for the next run as soon as a loss is shown in an editor of a trusted workspace. */
export function keepSpareProcess(index: LossIndex, jobs: JobProcesses): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    const document = vscode.window.activeTextEditor?.document;
    if (!vscode.workspace.isTrusted || !document || (await index.lossesIn(document)).length === 0) return;
    jobs.warm(settingsFor(document.uri).limits.memoryLimitMb);
    // The next run is written to a file, and must not wait for this code.
    await import('../runs/format/encodeBatch');
  };
  const lookSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), delayMs);
  };
  lookSoon();
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(lookSoon),
    vscode.workspace.onDidGrantWorkspaceTrust(lookSoon),
    { dispose: () => clearTimeout(timer) },
  );
}
