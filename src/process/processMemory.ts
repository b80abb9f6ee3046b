import { readFileSync } from 'node:fs';

/** Of Linux on all machines that Node supports, but for some with large pages, where the limit is then stricter. */
const pageBytes = 4096;

/**
 * The resident memory of another process in bytes; 0 if it has ended, and on systems other than Linux, where it cannot be read without
 * starting a program.
 */
export function residentBytes(pid: number): number {
  if (process.platform !== 'linux') return 0;
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * pageBytes;
  } catch {
    return 0;
  }
}
