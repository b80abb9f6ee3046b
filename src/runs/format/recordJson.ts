import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { packedLayout } from '../../core/trace/packedLayout';
import type { RunRecord } from '../runRecord';
import { replaceNumbers } from './jsonNumbers';
import { recordSchema } from './recordSchema';

type Texts = RunRecord['source']['texts'];

/** What the JSON of a record lacks, because it is stored elsewhere in the file: the vector in a keyframe, the texts compressed. */
export interface RecordParts {
  readonly start: readonly number[] | null;
  readonly texts: Texts;
}

/**
 * The JSON of every member of a record. A run file begins with all of them; later events contain those that have changed.
 * Without the start and the source texts.
 */
export function recordJson(record: RunRecord): Map<string, string> {
  const { start: _, ...rest } = record;
  const { config, layout, source } = record;
  const stored = {
    ...rest,
    config: { ...config, start: null },
    hasConfiguredStart: config.start !== null,
    source: { ...source, texts: [] },
    findings: rest.findings.map((finding) => ({ ...finding, coordinates: packedList(finding.coordinates) })),
    layout: layout && packedLayout(layout),
  };
  const entries = Object.entries(stored).filter(([, value]) => value !== undefined);
  return new Map(entries.map(([key, value]) => [key, JSON.stringify(value, replaceNumbers)]));
}

/** Longer lists are stored as bytes. */
const longList = 1000;

function packedList(list: readonly number[]): readonly number[] | Float64Array {
  return list.length > longList ? Float64Array.from(list) : list;
}

/** A JSON object of members that are JSON already. */
export function jsonObject(members: Iterable<readonly [string, string]>): string {
  return `{${[...members].map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`;
}

/**
 * @param members  the parsed members of the record, in their last state
 * @param isWhole  false: long vectors are left out
 * @returns the record, or a description of the error, without a full stop
 */
export function recordOf(members: object, { start, texts }: RecordParts, isWhole = true): RunRecord | string {
  const schema = v.object({ record: recordSchema, hasConfiguredStart: v.boolean() });
  const result = v.safeParse(
    schema,
    { record: members, hasConfiguredStart: (members as { hasConfiguredStart?: unknown }).hasConfiguredStart },
    { abortEarly: true },
  );
  if (!result.success) return issueText(result.issues[0]);
  const { record, hasConfiguredStart } = result.output;
  if (isWhole && record.layout && record.layout.dim !== start?.length)
    return 'the start has another length than the parameters';
  return {
    ...record,
    start,
    config: { ...record.config, start: hasConfiguredStart ? start : null },
    source: { ...record.source, texts },
  };
}

function issueText(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  const what =
    issue.expected === null ? issue.message : `expected ${issue.expected}, found ${issue.received}`;
  return path === null ? what : `${path}: ${what}`;
}

/** Source texts as base64 of gzipped JSON. */
export function packTexts(texts: Texts): string {
  return gzipSync(JSON.stringify(texts)).toString('base64');
}

/** Texts above this size are refused, so that a small damaged file cannot take all memory. */
const largestTexts = 2 ** 28;

/** @returns null if they are not texts */
export function unpackTexts(packed: string): Texts | null {
  try {
    const json = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: largestTexts }).toString(
      'utf8',
    );
    const result = v.safeParse(v.array(v.tuple([v.string(), v.string()])), JSON.parse(json));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** The SHA-256 of every source text, so that another program can compare them without unpacking. */
export function textHashes(texts: Texts): { readonly file: string; readonly sha256: string }[] {
  return texts.map(([file, text]) => ({ file, sha256: createHash('sha256').update(text).digest('hex') }));
}
