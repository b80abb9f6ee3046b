import { crc32 } from 'node:zlib';

/**
 * The layout of a steps file, little endian:
 *
 *   header   magic  version  record length  stride  checksum of these        5 words of 4 bytes
 *   block    rows   checksum of `rows` and the records                       2 words of 4 bytes
 *            the records, float64, `record length` numbers each
 *   block    …
 *
 * A block is written in one operation. If a file ends within a block, or a block is damaged, the blocks
 * before it are valid.
 */
export const formatVersion = 1;
const magic = 0x50545341;
const word = 4;
export const headerBytes = 5 * word;
export const blockHeadBytes = 2 * word;
/** The largest number of bytes in a block, unless a single record is larger. */
const blockBytes = 2 ** 20;

export interface StepsHeader {
  /** The number of numbers in a record. */
  readonly recordLength: number;
  readonly stride: number;
}

/** The number of records in a full block. */
export function rowsPerBlock(recordLength: number): number {
  return Math.max(1, Math.floor(blockBytes / (8 * recordLength)));
}

export function encodeHeader({ recordLength, stride }: StepsHeader): Uint8Array {
  const bytes = new Uint8Array(headerBytes);
  const view = new DataView(bytes.buffer);
  [magic, formatVersion, recordLength, stride].forEach((value, i) => {
    view.setUint32(i * word, value, true);
  });
  view.setUint32(4 * word, crc32(bytes.subarray(0, 4 * word)), true);
  return bytes;
}

/** @returns the header, or the reason why it cannot be read, without a full stop */
export function decodeHeader(bytes: Uint8Array): StepsHeader | string {
  if (bytes.length < headerBytes) return 'its header is cut off';
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const at = (i: number) => view.getUint32(i * word, true);
  if (at(0) !== magic) return 'it does not begin like a steps file';
  if (at(1) !== formatVersion) return `it has format version ${at(1)}, and this is version ${formatVersion}`;
  if (at(4) !== crc32(bytes.subarray(0, 4 * word))) return 'the checksum of its header is wrong';
  return { recordLength: at(2), stride: at(3) };
}

/** @param records  whole records */
export function encodeBlock(records: Float64Array, recordLength: number): Uint8Array {
  const bytes = new Uint8Array(blockHeadBytes + records.byteLength);
  bytes.set(new Uint8Array(records.buffer, records.byteOffset, records.byteLength), blockHeadBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, records.length / recordLength, true);
  view.setUint32(word, checksumOf(bytes), true);
  return bytes;
}

/** The checksum of a block: of its row count and records. */
function checksumOf(block: Uint8Array): number {
  return crc32(block.subarray(blockHeadBytes), crc32(block.subarray(0, word)));
}

/** The number of records that a block's head announces. */
export function rowsOf(head: Uint8Array): number {
  return new DataView(head.buffer, head.byteOffset).getUint32(0, true);
}

/** Whether a block, including its header, is undamaged. */
export function isWhole(block: Uint8Array): boolean {
  return new DataView(block.buffer, block.byteOffset).getUint32(word, true) === checksumOf(block);
}
