import { coordinateNames } from '../../core/coordinates/coordinateNames';
import { toJson } from '../../core/numerics/json';
import { bandLevels } from '../../core/trace/bandNames';
import type { RunInFile } from '../files/runInFile';
import { stepColumns } from '../format/columns';
import type { RunRecord } from '../runRecord';
import { stepObjects } from './stepObject';

export const exportFormats = ['csv', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** The text of an exported run, in parts. */
export function exportLines(run: RunInFile, format: ExportFormat): AsyncGenerator<string> {
  switch (format) {
    case 'csv':
      return csvLines(run);
    case 'json':
      return jsonLines(run);
    default:
      return format satisfies never;
  }
}

/** A column for each scalar, one for each recorded coordinate of each vector, `params[x]`, and one for each quantile, `paramsBand[5%]`. */
async function* csvLines(run: RunInFile): AsyncGenerator<string> {
  const { layout, config } = run.record;
  if (!layout) return;
  const columns = stepColumns(layout);
  const names = layout.coordinates.map(
    coordinateNames(config.names, run.record.source.parameterName, layout.dim),
  );
  const titles = columns.flatMap(({ name, kind }) =>
    kind === 'list'
      ? names.map((coordinate) => `${name}[${coordinate}]`)
      : kind === 'band'
        ? bandLevels.map((level) => `${name}[${100 * level}%]`)
        : [name],
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
