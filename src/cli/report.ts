import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { reportPage } from '../runs/export/reportPage';
import { BadInput } from './badInput';
import { readRun } from './readRun';
import { warn } from './warn';

/**
 * `adamscope report`: writes one HTML file about a run, or about several and how they compare.
 *
 * @throws BadInput if a file is not a run, or the page cannot be written
 */
export async function report(files: readonly string[], { out }: { readonly out: string }): Promise<void> {
  const runs = [];
  for (const file of files) runs.push({ name: path.basename(file, '.adamscope'), run: await readRun(file) });
  const script = readFileSync(path.join(__dirname, 'report.js'), 'utf8');
  const page = await reportPage(runs, script);
  try {
    writeFileSync(out, page);
  } catch (error) {
    throw new BadInput(`--out: ${out} cannot be written: ${(error as Error).message}`);
  }
  for (const { run } of runs)
    if (run.damage !== null) warn(`${run.file} could not be read to its end: ${run.damage}`);
}
