import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Process ids of what the jobs of a host started and that is still there; null where the system does not tell. */
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

/** Folders of jobs of a host that are still there. */
export function jobFoldersOf(hostPid: number): string[] {
  return readdirSync(os.tmpdir())
    .filter((name) => name.startsWith(`adamscope-jobs-${hostPid}-`))
    .flatMap((name) => readdirSync(path.join(os.tmpdir(), name)));
}
