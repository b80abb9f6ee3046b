import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { endMarked } from '../process/processFamily';
import type { Folders } from './processJob';

const prefix = 'adamscope-jobs-';

/**
 * The identity of a host of jobs. On Linux it also differs from that of a later process with the same process
 * id.
 */
export interface HostIdentity {
  readonly pid: number;
  /** On Linux the process namespace and start time; '0' elsewhere. */
  readonly since: string;
}

/**
 * The temporary folder of a host, with a subfolder for each job. The name contains the identity of the host,
 * so that another host can remove the folder after its owner has ended.
 */
export class JobFolders implements Folders {
  /** The prefix of the markers of this host's jobs. */
  readonly marker: string;
  readonly cache: string | null;
  readonly #folder: string;
  #count = 0;

  /** @param cache  the folder for results that are kept between jobs; null for none */
  constructor(cache: string | null) {
    this.cache = cache;
    const self = { pid: process.pid, since: sinceOf(process.pid) };
    this.marker = nameOf(self);
    this.#folder = mkdtempSync(path.join(os.tmpdir(), `${prefix}${this.marker}-`));
  }

  next(): string {
    const folder = path.join(this.#folder, String(this.#count++));
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  async remove(folder: string): Promise<void> {
    // On Windows, a file that is still open cannot be removed now. It is removed with the whole folder, when
    // this host ends or a later host starts.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }

  /** Removes the folder of this host. */
  dispose(): void {
    removeNow(this.#folder);
  }
}

/** Removes the folders and ends the job processes of hosts that ended without cleaning up. */
export function sweepLeftovers(): void {
  for (const name of foldersIn(os.tmpdir())) {
    const owner = ownerOf(name);
    if (!owner || isAlive(owner)) continue;
    endMarked(`${nameOf(owner)}-`);
    removeNow(path.join(os.tmpdir(), name));
  }
}

/** The host to which a folder belongs; null if unknown, or if it may run in another container. */
export function ownerOf(folderName: string): HostIdentity | null {
  const [, pid, since] = /^adamscope-jobs-(\d+)-([\dx]+)-/.exec(folderName) ?? [];
  if (pid === undefined || since === undefined) return null;
  if (namespaceOf(since) !== namespaceOf(sinceOf(process.pid))) return null;
  return { pid: Number(pid), since };
}

function isAlive({ pid, since }: HostIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
  return sinceOf(pid) === since;
}

function nameOf({ pid, since }: HostIdentity): string {
  return `${pid}-${since}`;
}

function namespaceOf(since: string): string {
  return since.split('x')[0]!;
}

/** "<pid namespace>x<start time>" on Linux, "0" elsewhere. */
function sinceOf(pid: number): string {
  if (process.platform !== 'linux') return '0';
  try {
    const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
    // The 22nd field of the line; the second field, in parentheses, may contain spaces.
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const startTime = line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
    return `${namespace}x${startTime}`;
  } catch {
    return '0';
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}

function removeNow(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // The folder belongs to another user, or a file in it is open. A later host tries again.
  }
}
