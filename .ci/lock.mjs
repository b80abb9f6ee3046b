import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any installation takes; a process id may be given again to something else. */
const STALE_MS = 15 * 60_000;

function holderIsGone(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return true;
    const pid = Number(readFileSync(file, 'utf8'));
    // Between its creation and its first write the file is empty: its holder lives.
    if (pid === 0) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: the process lives and belongs to someone else. ENOENT: released just now, so try again.
    return error.code === 'ESRCH' || error.code === 'ENOENT';
  }
}

/**
 * Runs `body` while no other process runs one under the same lock file. A lock whose holder died is taken over.
 *
 * @param waiting  called once if there is someone to wait for
 */
export async function withLock(file, waiting, body) {
  mkdirSync(path.dirname(file), { recursive: true });
  for (let first = true; ; first = false) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (holderIsGone(file)) {
        rmSync(file, { force: true });
        continue;
      }
      if (first) waiting();
      await sleep(300);
    }
  }
  const release = () => rmSync(file, { force: true });
  process.on('exit', release);
  try {
    return await body();
  } finally {
    process.off('exit', release);
    release();
  }
}
