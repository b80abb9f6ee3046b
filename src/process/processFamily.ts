import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Variable in the environment of a job's process. Processes that the user's code starts inherit it, even those that
 * leave the process group, so that they can be found where the system shows the environment of a process: on Linux.
 */
export const markerVariable = 'ADAMSCOPE_JOB';

/** A process that the user's code starts while the others are ended is found by one more look. */
const looks = 3;
const isWindows = process.platform === 'win32';

/**
 * Ends a process that was started as the leader of a group, and its group, though the leader may be gone; on Windows the
 * tree below it.
 */
export function endGroup(pid: number): void {
  if (isWindows) execFile('taskkill', treeOf(pid), { windowsHide: true }, () => {});
  else endPid(-pid);
}

/** Ends this process at once, and with it its group. */
export function endOwnGroup(): never {
  if (isWindows)
    try {
      execFileSync('taskkill', treeOf(process.pid), { windowsHide: true, stdio: 'ignore' });
    } catch {
      // Ended below.
    }
  else endPid(-process.pid);
  process.exit(1);
}

/**
 * Ends the processes whose environment carries a marker that begins so. Does nothing where the system does not show the
 * environment of a process; a process that cleared its environment is not found.
 */
export function endMarked(marker: string): void {
  if (process.platform !== 'linux') return;
  for (let look = 0; look < looks; look++) {
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
    // Another user's process, or one that is gone.
    return false;
  }
}

function endPid(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

function treeOf(pid: number): string[] {
  return ['/pid', String(pid), '/T', '/F'];
}
