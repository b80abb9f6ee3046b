import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * An environment variable of a job's process. Child processes inherit it, even those that leave the process
 * group. On Linux, which shows the environment of a process, they can be found by it.
 */
export const markerVariable = 'ADAMSCOPE_JOB';

/** The number of scans. A later scan finds processes that the user's code started during the previous one. */
const scans = 3;
const isWindows = process.platform === 'win32';

/**
 * Ends the process group that was started with this process as its leader, even if the leader is gone. On
 * Windows, ends the process and its descendants.
 */
export function endGroup(pid: number): void {
  if (isWindows) execFile('taskkill', treeOf(pid), { windowsHide: true }, () => {});
  else endPid(-pid);
}

/** Ends this process and its group immediately. */
export function endOwnGroup(): never {
  if (isWindows)
    try {
      execFileSync('taskkill', treeOf(process.pid), { windowsHide: true, stdio: 'ignore' });
    } catch {
      // The process is ended below.
    }
  else endPid(-process.pid);
  process.exit(1);
}

/**
 * Ends the processes whose environment contains a marker with this prefix. Does nothing except on Linux,
 * because other systems do not show the environment of a process. A process that cleared its environment is
 * not found.
 */
export function endMarked(marker: string): void {
  if (process.platform !== 'linux') return;
  for (let scan = 0; scan < scans; scan++) {
    const found = markedPids(marker);
    if (found.length === 0) return;
    for (const pid of found) endPid(pid);
  }
}

function markedPids(marker: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && isMarked(name, marker))
    .map(Number);
}

function isMarked(pid: string, marker: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    return `\0${environment}`.includes(`\0${markerVariable}=${marker}`);
  } catch {
    // The process belongs to another user, or has ended.
    return false;
  }
}

function endPid(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has already ended.
  }
}

function treeOf(pid: number): string[] {
  return ['/pid', String(pid), '/T', '/F'];
}
