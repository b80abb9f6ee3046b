import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { ServedVsCode } from '../../support/servedVsCode';

/** The files of the runs that the extension has stored. */
export function storedRunFiles(vs: ServedVsCode): string[] {
  // Not the whole folder of the test: the folders of jobs in it come and go while it is read.
  const folder = path.join(path.dirname(vs.workspace), 'user');
  return readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((file) => path.basename(path.dirname(file)) === 'runs' && file.endsWith('.adamscope'));
}
