import { createWriteStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ExportFormat, exportLines } from '../runs/export/exportLines';
import { BadInput } from './badInput';
import { readRun } from './readRun';
import { warn } from './warn';

/**
 * `adamscope export`: prints the steps of a run file, and with JSON what is known about the run. A damaged file is read up to its
 * last whole batch, with a warning.
 *
 * @throws BadInput if the file is not a run, or the output cannot be written
 */
export async function exportRun(
  file: string,
  { format, out }: { readonly format: ExportFormat; readonly out?: string },
): Promise<void> {
  const run = await readRun(file);
  try {
    await pipeline(exportLines(run, format), out === undefined ? standardOutput() : createWriteStream(out));
  } catch (error) {
    if (out === undefined) throw error;
    throw new BadInput(`--out: ${out} cannot be written: ${(error as Error).message}`);
  }
  if (run.damage !== null)
    warn(`${file} could not be read to its end: ${run.damage}. The steps before that were exported`);
}

/** Standard output, which stays open afterwards. */
function standardOutput(): Writable {
  return new Writable({
    write: (chunk, _encoding, done) => {
      process.stdout.write(chunk, done);
    },
  });
}
