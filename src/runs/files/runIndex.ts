import * as v from 'valibot';
import { jsonObject, packTexts, recordJson, recordOf, unpackTexts } from '../format/recordJson';
import type { RunRecord } from '../runRecord';
import type { StoredRecord } from './runFiles';

/** Increases with every change of the index. An index of another version is not read, and made anew. */
const indexVersion = 1;
/** Lists of more numbers are left out of the index: of a run with a million coordinates, its start, its last and its best point. */
const longest = 1024;

/** The state of a file when its record was read or written. */
export interface FileState {
  readonly size: number;
  readonly mtimeMs: number;
}

interface Entry extends FileState {
  /** Members of the record as JSON, the packed texts, and whether nothing was left out. */
  readonly json: string;
}

const storedEntry = v.object({
  size: v.number(),
  mtimeMs: v.number(),
  isWhole: v.boolean(),
  start: v.nullable(v.array(v.number())),
  texts: v.string(),
  members: v.looseObject({}),
});
const storedIndex = v.object({ version: v.literal(indexVersion), runs: v.record(v.string(), v.unknown()) });

/**
 * The records of a folder without their long vectors, in one file, so that a window reads a few kilobytes of each run at its start.
 * An entry counts only for a file that still has the size and the time that it names; otherwise the run file is read.
 */
export class RunIndex {
  readonly #entries: Map<string, Entry>;
  /** Texts rarely change, and packing them takes longer than the rest. */
  readonly #packed = new WeakMap<object, string>();

  private constructor(entries: Map<string, Entry>) {
    this.#entries = entries;
  }

  /** @param json  of the file; an index that cannot be read is empty */
  static of(json: string | null): RunIndex {
    const entries = new Map<string, Entry>();
    const parsed = v.safeParse(storedIndex, json === null ? null : parse(json));
    if (parsed.success)
      for (const [id, value] of Object.entries(parsed.output.runs)) {
        const { size, mtimeMs } = value as FileState;
        entries.set(id, { size, mtimeMs, json: JSON.stringify(value) });
      }
    return new RunIndex(entries);
  }

  /** The record of a run whose file has this state; null if it is not known. */
  recordOf(id: string, { size, mtimeMs }: FileState): StoredRecord | null {
    const entry = this.#entries.get(id);
    if (entry?.size !== size || entry.mtimeMs !== mtimeMs) return null;
    const parsed = v.safeParse(storedEntry, parse(entry.json));
    if (!parsed.success) return null;
    const { members, start, texts: packed, isWhole } = parsed.output;
    const texts = unpackTexts(packed);
    const record = texts && recordOf(members, { start, texts }, isWhole);
    return record && typeof record !== 'string' && record.id === id ? { record, isWhole } : null;
  }

  set(record: RunRecord, { size, mtimeMs }: FileState): void {
    const { start, source } = record;
    const packed = this.#packed.get(source.texts) ?? packTexts(source.texts);
    this.#packed.set(source.texts, packed);
    const short = withoutVectors(record);
    const isWhole = short === record;
    const json = jsonObject([
      ['size', String(size)],
      ['mtimeMs', String(mtimeMs)],
      ['isWhole', String(isWhole)],
      ['start', isShort(start) ? JSON.stringify(start) : 'null'],
      ['texts', JSON.stringify(packed)],
      ['members', jsonObject(recordJson(short))],
    ]);
    this.#entries.set(record.id, { size, mtimeMs, json });
  }

  delete(id: string): void {
    this.#entries.delete(id);
  }

  get json(): string {
    const runs = [...this.#entries].map(([id, { json }]) => [id, json] as const);
    return jsonObject([
      ['version', String(indexVersion)],
      ['runs', jsonObject(runs)],
    ]);
  }
}

/** The record itself if it has no long list of numbers. */
function withoutVectors(record: RunRecord): RunRecord {
  const { start, outcome, layout, findings } = record;
  const lists = [
    start,
    outcome?.final.params,
    outcome?.best.params,
    layout?.coordinates,
    ...findings.map(({ coordinates }) => coordinates),
  ];
  if (lists.every(isShort)) return record;
  const none = new Float64Array(0);
  return {
    ...record,
    layout: layout && { ...layout, coordinates: layout.coordinates.slice(0, longest) },
    findings: findings.map((finding) => ({ ...finding, coordinates: finding.coordinates.slice(0, longest) })),
    outcome: outcome && {
      ...outcome,
      final: { ...outcome.final, params: none },
      best: { ...outcome.best, params: none },
    },
  };
}

function isShort(list: ArrayLike<number> | null | undefined): boolean {
  return !list || list.length <= longest;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
