import { crc32 } from 'node:zlib';
import type { BatchMessage } from './message';

/** The key of the checksum in the metadata of a record batch. */
export const checksumKey = 'adamscope.crc32';

/**
 * The checksum of a batch: CRC-32 of its body, continued with the numbers that say how the body is read. Arrow has no checksum,
 * and a changed bit in a file would otherwise be shown as a value.
 */
export function checksumOf({ rows, nodes, regions }: BatchMessage, body: Uint8Array): string {
  return crc32(JSON.stringify([rows, nodes, regions]), crc32(body))
    .toString(16)
    .padStart(8, '0');
}
