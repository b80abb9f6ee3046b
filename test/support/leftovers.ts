import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * The ids of the remaining processes that the jobs of a host started; null if the system does not provide
 * them.
 */
export function processesOf(hostPid: number): number[] | null {
  if (process.platform !== 'linux') return null;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`.includes(`\0ADAMSCOPE_JOB=${hostPid}-`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The remaining folders of the jobs of a host. */
export function jobFoldersOf(hostPid: number): string[] {
  return readdirSync(os.tmpdir())
    .filter((name) => name.startsWith(`adamscope-jobs-${hostPid}-`))
    .flatMap((name) => readdirSync(path.join(os.tmpdir(), name)));
}
