import { crc32, deflateSync } from 'node:zlib';
import type { Raster } from './raster';

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Eight bits of red, green and blue; compression, filters and order have one kind each that is used here. */
const trueColour = Uint8Array.of(8, 2, 0, 0, 0);

/** A picture as a PNG file (ISO/IEC 15948). */
export function pngFile({ width, height, data }: Raster): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set(trueColour, 8);
  // Each row begins with the number of its filter: 0 for none.
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let row = 0; row < height; row++)
    rows.set(data.subarray(row * 3 * width, (row + 1) * 3 * width), row * (1 + 3 * width) + 1);
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const checked = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  checksum.writeUInt32BE(crc32(checked));
  return Buffer.concat([length, checked, checksum]);
}
