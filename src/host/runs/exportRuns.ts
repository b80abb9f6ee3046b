import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import * as vscode from 'vscode';
import { readRunFile, UnreadableRun } from '../../runs/files/runInFile';
import type { Run } from '../../runs/run';
import { notificationText } from '../notificationText';

interface StoredRun {
  readonly run: Run;
  readonly file: string;
}

/** The run itself, and what is made of it. */
const formats = {
  'Run (Arrow stream)': ['adamscope'],
  CSV: ['csv'],
  JSON: ['json'],
  'Report (HTML)': ['html'],
};

/**
 * Writes a run, or a report on several and how they compare, to a file that the user chooses; its ending decides the format.
 *
 * @param reportScript  the file of the script of an HTML report
 */
export async function exportRuns(stored: readonly StoredRun[], reportScript: string): Promise<void> {
  const [first] = stored;
  if (!first) return;
  const isOne = stored.length === 1;
  const { record } = first.run;
  const name = isOne ? (record.name ?? record.source.lossName) : `${record.source.lossName}-comparison`;
  const ending = isOne ? 'adamscope' : 'html';
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: isOne ? 'Export run' : `Export a report on ${stored.length} runs`,
    ...(folder && {
      defaultUri: vscode.Uri.joinPath(folder, `${name.replaceAll(/[^\w.-]+/g, '-')}.${ending}`),
    }),
    filters: isOne ? formats : { 'Report (HTML)': ['html'] },
  });
  if (!target) return;
  try {
    await write(stored, target.fsPath, reportScript);
    vscode.window.setStatusBarMessage(`Exported to ${vscode.workspace.asRelativePath(target)}`, 3000);
  } catch (error) {
    const reason =
      error instanceof UnreadableRun ? error.message : ((error as NodeJS.ErrnoException).code ?? error);
    void vscode.window.showErrorMessage(
      notificationText(`${isOne ? 'The run' : 'The report'} could not be exported: ${reason}.`),
    );
  }
}

/** What a format needs is loaded with it. */
async function write(stored: readonly StoredRun[], to: string, reportScript: string): Promise<void> {
  const [{ file }] = stored as readonly [StoredRun, ...StoredRun[]];
  const ending = to.slice(to.lastIndexOf('.') + 1).toLowerCase();
  if (ending === 'html' || stored.length > 1) {
    const { reportPage } = await import('../../runs/export/reportPage');
    const runs = await Promise.all(
      stored.map(async ({ run, file: each }) => ({ name: run.name, run: await readRunFile(each) })),
    );
    await writeFile(to, await reportPage(runs, await readFile(reportScript, 'utf8')));
  } else if (ending === 'csv' || ending === 'json') {
    const { exportLines } = await import('../../runs/export/exportLines');
    await pipeline(exportLines(await readRunFile(file), ending), createWriteStream(to));
  } else await pipeline(createReadStream(file), createWriteStream(to));
}
