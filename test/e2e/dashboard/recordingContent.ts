import { open } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { RecordingFindings } from '../../../src/recordings/recordingFindings';
import { describeRecording, locationOf } from '../../../src/runs/recordings/describeRecording';
import { RecordingReader } from '../../../src/runs/recordings/recordingReader';
import type { RecordingContent } from './page/shownTraining';

/** What the reader of the product finds in the recording of a training. */
export async function recordingContent(file: string): Promise<RecordingContent> {
  const reader = await RecordingReader.open(await open(file, 'r'));
  if (reader === null || typeof reader === 'string') throw new Error(reader ?? 'it is not a recording');
  const { recording, texts } = reader;
  const findings = new RecordingFindings(recording, (place) => locationOf(place, new Map(texts)));
  const records: number[] = [];
  const tensors: RecordingContent['tensors'][number][] = [];
  for await (const batch of reader.batches()) {
    records.push(...batch.records);
    for (const { t, tensors: row } of batch.steps) tensors.push({ t, values: row ? [...row.values] : null });
    findings.take(batch);
  }
  await reader.close();
  return {
    description: describeRecording(recording, file, texts),
    layout: reader.layout!,
    records,
    tensors,
    findings: findings.all,
  };
}

/** Makes the import of a recording its content. JSON would lose NaN. */
export const recordingPlugin: Plugin = {
  name: 'recording',
  setup(build) {
    build.onLoad({ filter: /\.adamscope$/ }, async ({ path }) => ({
      contents: `export default ${literal(await recordingContent(path))}`,
      loader: 'js',
    }));
  },
};

/** A value as an expression of JavaScript. */
function literal(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}:${literal(each)}`)
    .join()}}`;
}
