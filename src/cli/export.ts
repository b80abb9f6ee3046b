import { createWriteStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { coordinateNames } from '../core/coordinateNames';
import { toJson } from '../core/numerics/json';
import { stepColumns } from '../runs/format/columns';
import type { RunRecord } from '../runs/runRecord';
import { BadInput } from './badInput';
import { stepObjects } from './stepObject';
import { type RunInFile, readRunFile } from './storedRun';
import { warn } from './warn';

export const exportFormats = ['csv', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

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
  const run = await readRunFile(file);
  const lines = format === 'csv' ? csvLines(run) : jsonLines(run);
  try {
    await pipeline(lines, out === undefined ? standardOutput() : createWriteStream(out));
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

/** A column for each scalar, and one for each recorded coordinate of each vector: `params[x]`. */
async function* csvLines(run: RunInFile): AsyncGenerator<string> {
  const { layout, config } = run.record;
  if (!layout) return;
  const columns = stepColumns(layout);
  const names = layout.coordinates.map(
    coordinateNames(config.names, run.record.source.parameterName, layout.dim),
  );
  const titles = columns.flatMap(({ name, kind }) =>
    kind === 'list' ? names.map((coordinate) => `${name}[${coordinate}]`) : [name],
  );
  yield `${titles.map(quoted).join(',')}\n`;
  const places = columns.flatMap(({ place, width, isSparse }) =>
    Array.from({ length: width }, (_, i) => ({ place: place + i, isSparse })),
  );
  for await (const { data, offset } of run.steps()) {
    const cells = places.map(({ place, isSparse }) => {
      const value = data[offset + place]!;
      return isSparse && Number.isNaN(value) ? '' : String(value);
    });
    yield `${cells.join(',')}\n`;
  }
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** `{ run, steps }`, with the steps as `--steps-out` writes them, one per line. */
async function* jsonLines(run: RunInFile): AsyncGenerator<string> {
  const { layout, config } = run.record;
  yield `{"run":${toJson(described(run.record))},\n"steps":[`;
  if (layout) {
    const objectOf = stepObjects(config, layout);
    let separator = '\n';
    for await (const { data, offset } of run.steps()) {
      yield `${separator}${toJson(objectOf(data, offset))}`;
      separator = ',\n';
    }
  }
  yield '\n]}\n';
}

/** What `run --json` prints about a run. */
function described({ source, config, start, outcome, ...record }: RunRecord) {
  return {
    id: record.id,
    startedAt: new Date(record.startedAt).toISOString(),
    loss: { file: source.file, name: source.lossName, dim: start?.length ?? null },
    config: { ...config, start },
    coordinates: record.layout?.coordinates ?? [],
    gradientMode: record.gradientMode,
    status: record.status,
    steps: record.steps,
    stopped: record.stopped,
    final: outcome?.final ?? null,
    best: outcome?.best ?? null,
    verdict: outcome?.verdict ?? null,
    findings: record.findings,
    problems: record.problems,
    lrChanges: record.lrChanges,
    elapsedMs: record.elapsedMs,
  };
}
