import { createHash, randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** A cache of results that can be computed again at any time. Neither function ever fails. */
export interface Cache {
  /** null if there is no entry, or it cannot be read. */
  read(key: string): Uint8Array | null;
  write(key: string, content: Uint8Array): void;
}

/** The maximum size of all entries. */
const maxBytes = 256 * 2 ** 20;
/** Removing entries down to this share leaves room for many more, so that the folder is rarely cleared. */
const keptShare = 0.75;
/** A temporary file of this age was left by a process that was ended while it wrote. */
const abandonedMs = 3_600_000;
const checksumBytes = 32;
const entryName = /^[0-9a-f]{64}$/;
const temporaryName = /^[0-9a-f]{64}\..*\.tmp$/;

/**
 * A folder of entries, one file each, which several processes may use at once. An entry is written to a temporary file
 * and renamed, so that no reader sees a part of it. It begins with a checksum of the rest; a damaged entry is
 * removed. The entries that were not used for the longest time are removed if all together exceed a limit. If the folder
 * cannot be read or written, the cache is empty.
 */
export class DiskCache implements Cache {
  readonly #folder: string;
  readonly #build: () => string;
  readonly #maxBytes: number;

  /**
   * @param build  identifies the program that makes the entries: another build never gets them
   */
  constructor(folder: string, build: () => string, limit = maxBytes) {
    this.#folder = folder;
    this.#build = build;
    this.#maxBytes = limit;
  }

  read(key: string): Uint8Array | null {
    try {
      const file = this.#fileOf(key);
      const bytes = readFileSync(file);
      const content = bytes.subarray(checksumBytes);
      if (!checksum(content).equals(bytes.subarray(0, checksumBytes))) {
        rmSync(file, { force: true });
        return null;
      }
      touch(file);
      return content;
    } catch {
      return null;
    }
  }

  write(key: string, content: Uint8Array): void {
    if (content.length + checksumBytes > this.#maxBytes * keptShare) return;
    try {
      const file = this.#fileOf(key);
      // Entries are code that will be run, so other users must not write them.
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const temporary = `${file}.${process.pid}.${randomUUID()}.tmp`;
      try {
        writeFileSync(temporary, Buffer.concat([checksum(content), content]), { mode: 0o600 });
        renameSync(temporary, file);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
      this.#limit();
    } catch {
      // The disk is full, or the folder may only be read: the result will be computed again.
    }
  }

  /** Removes entries that were not used for the longest time, until the limit is kept. */
  #limit(): void {
    const entries: { readonly file: string; readonly bytes: number; readonly usedAt: number }[] = [];
    for (const name of readdirSync(this.#folder)) {
      const file = join(this.#folder, name);
      const stat = statSync(file, { throwIfNoEntry: false });
      if (!stat?.isFile()) continue;
      if (entryName.test(name)) entries.push({ file, bytes: stat.size, usedAt: stat.mtimeMs });
      else if (temporaryName.test(name) && Date.now() - stat.mtimeMs > abandonedMs)
        rmSync(file, { force: true });
    }
    let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total <= this.#maxBytes) return;
    entries.sort((a, b) => a.usedAt - b.usedAt);
    for (const { file, bytes } of entries) {
      if (total <= this.#maxBytes * keptShare) break;
      rmSync(file, { force: true });
      total -= bytes;
    }
  }

  #fileOf(key: string): string {
    const name = createHash('sha256')
      .update(JSON.stringify([this.#build(), process.version, key]))
      .digest('hex');
    return join(this.#folder, name);
  }
}

function checksum(content: Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}

/** The time of the last use of an entry is the time of its file, because most disks record no reading. */
function touch(file: string): void {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // A folder that may only be read.
  }
}
