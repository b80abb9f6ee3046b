import { crc32 } from 'node:zlib';
import type { Schema } from 'apache-arrow';
import * as v from 'valibot';
import { version as productVersion } from '../../../package.json';
import type { StepLayout } from '../../core/trace/layout';
import type { RunRecord } from '../runRecord';
import { schemaOf } from './columns';
import { encodeHead } from './encodeBatch';
import { jsonObject, packTexts, recordJson, textHashes, unpackTexts } from './recordJson';
import { layoutSchema } from './recordSchema';

/** Increases with every change of the format. `docs/run-format.md` describes it. */
export const formatVersion = 2;
/** The oldest version that is read. Version 1 has a list of the recorded coordinates. */
const oldestVersion = 1;

const headKey = 'adamscope';
const textsKey = 'adamscope.sources';
const checksumKey = 'adamscope.crc32';

/** The metadata of the schema of a run file. */
export interface RunHead {
  /** The number of steps from one row to the next. */
  readonly stride: number;
  /** null if the run has no steps. */
  readonly layout: StepLayout | null;
  /** The members of the record when the file was made, parsed. */
  readonly members: object;
  readonly texts: RunRecord['source']['texts'];
}

/** The first message of the file of a run. */
export function headOf(record: RunRecord, stride: number): Uint8Array {
  const { texts } = record.source;
  const json = jsonObject([
    ['version', String(formatVersion)],
    ['product', JSON.stringify(productVersion)],
    ['stride', String(stride)],
    ['sources', JSON.stringify(textHashes(texts))],
    ['record', jsonObject(recordJson(record))],
  ]);
  const packed = packTexts(texts);
  const metadata = new Map([
    [headKey, json],
    [textsKey, packed],
    [checksumKey, checksum(json, packed)],
  ]);
  return encodeHead(schemaOf(record.layout, metadata));
}

/** @returns the head, or why it cannot be read, without a full stop */
export function readHead(schema: Schema): RunHead | string {
  const parts = readHeadParts(schema);
  if (typeof parts === 'string') return parts;
  if ('recording' in parts.json) return 'it is the recording of a training, not the run of a loss';
  const head = v.safeParse(headSchema, parts.json);
  if (!head.success) return 'its head is incomplete';
  const { stride, record } = head.output;
  const layout = v.safeParse(v.nullable(layoutSchema), record.layout);
  if (!layout.success) return 'its layout is damaged';
  return { stride, layout: layout.output, members: record, texts: parts.texts };
}

/** What the heads of runs and of recordings have in common. */
interface HeadParts {
  readonly json: object;
  readonly texts: RunRecord['source']['texts'];
}

/** @returns the parts of the head of any file of ours, or why it cannot be read, without a full stop */
export function readHeadParts(schema: Schema): HeadParts | string {
  const text = schema.metadata.get(headKey);
  const packed = schema.metadata.get(textsKey);
  if (text === undefined || packed === undefined) return 'it is an Arrow stream, but not of a run';
  if (schema.metadata.get(checksumKey) !== checksum(text, packed)) return 'the checksum of its head is wrong';
  const json = parse(text);
  const version = v.safeParse(v.object({ version: v.number() }), json);
  if (!version.success) return 'it names no version';
  if (version.output.version > formatVersion || version.output.version < oldestVersion)
    return `it has version ${version.output.version}, and this is version ${formatVersion}`;
  const texts = unpackTexts(packed);
  return texts ? { json: json as object, texts } : 'its head is incomplete';
}

const headSchema = v.object({
  stride: v.pipe(v.number(), v.integer(), v.minValue(1)),
  record: v.looseObject({ layout: v.unknown() }),
});

function checksum(json: string, packed: string): string {
  return crc32(packed, crc32(json)).toString(16).padStart(8, '0');
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
