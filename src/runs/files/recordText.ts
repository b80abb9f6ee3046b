import * as v from 'valibot';
import type { RunRecord } from '../runRecord';
import { replaceNumbers } from './jsonNumbers';
import { recordSchema } from './recordSchema';

/** Increases with every change of the record's shape. */
export const recordVersion = 4;

export function recordText(record: RunRecord): string {
  const { config, start, layout } = record;
  // Vectors may have a million numbers, and typed arrays are stored in a form that is read faster.
  const stored = {
    ...record,
    config: { ...config, start: config.start && Float64Array.from(config.start) },
    start: start && Float64Array.from(start),
    layout: layout && { ...layout, coordinates: Float64Array.from(layout.coordinates) },
  };
  return JSON.stringify({ version: recordVersion, record: stored }, replaceNumbers);
}

/** @returns the record, or a description of the error in the text, without a full stop */
export function readRecord(text: string): RunRecord | string {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  const version = v.safeParse(v.object({ version: v.number() }), stored);
  if (!version.success) return 'it names no version';
  if (version.output.version !== recordVersion)
    return `it has version ${version.output.version}, and this is version ${recordVersion}`;
  const result = v.safeParse(v.object({ record: recordSchema }), stored, { abortEarly: true });
  if (result.success) return result.output.record;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  const what =
    issue.expected === null ? issue.message : `expected ${issue.expected}, found ${issue.received}`;
  return path === null ? what : `${path}: ${what}`;
}
