import { crc32 } from 'node:zlib';
import { RecordBatchReader, Schema } from 'apache-arrow';
import { BatchEncoder, encodeHead } from '../../../../src/runs/format/encodeBatch';
import { headOf } from '../../../../src/runs/format/head';
import { encodeStart } from '../../../../src/runs/format/keyframe';
import type { RunRecord } from '../../../../src/runs/runRecord';

/**
 * The bytes of the file of a run without steps.
 *
 * @param change  changes the JSON of its head; the checksum is right afterwards
 */
export function runFileOf(record: RunRecord, change?: (head: Record<string, unknown>) => void): Uint8Array {
  const head = headOf(record, 1);
  const keyframes = [encodeStart(record.start ?? [])];
  const records = new Float64Array(0);
  const batch = new BatchEncoder(record.layout).encode({ records, event: null, keyframes });
  return Buffer.concat([change ? changed(head, change) : head, batch]);
}

function changed(bytes: Uint8Array, change: (head: Record<string, unknown>) => void): Uint8Array {
  const { schema } = RecordBatchReader.from(bytes).open();
  const head = JSON.parse(schema.metadata.get('adamscope')!) as Record<string, unknown>;
  change(head);
  const json = JSON.stringify(head);
  const packed = schema.metadata.get('adamscope.sources')!;
  const checksum = crc32(packed, crc32(json)).toString(16).padStart(8, '0');
  const metadata = new Map([...schema.metadata, ['adamscope', json], ['adamscope.crc32', checksum]] as const);
  return encodeHead(new Schema(schema.fields, metadata));
}
