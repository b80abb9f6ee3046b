import type { Schema } from 'apache-arrow';
import { Message } from 'apache-arrow/ipc/metadata/message';
import { areCountsPossible } from './headCounts';

/** The head of a message of an Arrow IPC stream. Its body follows. */
export type StreamMessage = SchemaMessage | BatchMessage;

interface AnyMessage {
  /** The number of bytes before the body. */
  readonly headBytes: number;
  readonly bodyBytes: number;
}

export interface SchemaMessage extends AnyMessage {
  readonly kind: 'schema';
  readonly schema: Schema;
}

export interface BatchMessage extends AnyMessage {
  readonly kind: 'batch';
  readonly metadata: ReadonlyMap<string, string>;
  readonly rows: number;
  /** [length, number of nulls] of each column and child of a column. */
  readonly nodes: readonly (readonly [number, number])[];
  /** [offset, length] of each buffer in the body. */
  readonly regions: readonly (readonly [number, number])[];
}

const word = 4;
/** The bytes at the start of a message: a marker, and the length of the rest of its head. */
export const prefixBytes = 2 * word;
const marker = 0xffffffff;

/**
 * @param prefix  at least the first `prefixBytes` bytes of a message
 * @returns the number of bytes of its head, or why it cannot be read, without a full stop
 */
export function headLength(prefix: Uint8Array): number | string {
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const length = view.getInt32(word, true);
  if (view.getUint32(0, true) !== marker || length <= 0) return 'the head of a batch is damaged';
  return prefixBytes + length;
}

/**
 * @param head  the bytes of the head of a message
 * @returns what it says, or why it cannot be read, without a full stop
 */
export function messageOf(head: Uint8Array): StreamMessage | string {
  try {
    // A damaged count would otherwise make the library create as many objects.
    if (!areCountsPossible(head.subarray(prefixBytes))) return 'the head of a batch is damaged';
    const message = Message.decode(head.subarray(prefixBytes));
    const { bodyLength } = message;
    if (!Number.isSafeInteger(bodyLength) || bodyLength < 0) return 'the head of a batch is damaged';
    const common = { headBytes: head.length, bodyBytes: bodyLength };
    if (message.isSchema()) return { kind: 'schema', ...common, schema: message.header() };
    if (!message.isRecordBatch()) return 'it has a message that is neither a schema nor a batch';
    const batch = message.header();
    return {
      kind: 'batch',
      ...common,
      metadata: message.metadata,
      rows: batch.length,
      nodes: batch.nodes.map((node) => [node.length, node.nullCount] as const),
      regions: batch.buffers.map((region) => [region.offset, region.length] as const),
    };
  } catch {
    return 'the head of a batch is damaged';
  }
}
