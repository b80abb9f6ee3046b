import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any installation takes; a process id may be given again to something else. */
const STALE_MS = 15 * 60_000;

function isGone(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return true;
    const pid = Number(readFileSync(file, 'utf8'));
    // Between its creation and its first write the file is empty: its holder lives.
    if (pid === 0) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: the process lives and belongs to someone else. ENOENT: released just now, so try again.
    return error.code === 'ESRCH';
  }
}

function create(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/**
 * Removes the lock of a holder that died. Two who find it at once must not both remove it: the second would remove the
 * lock that the first has made since. So a second lock is held meanwhile, for a moment.
 */
function removeIfGone(file) {
  if (!isGone(file)) return;
  const guard = `${file}.removal`;
  if (!create(guard)) {
    if (Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 10_000)
      rmSync(guard, { force: true });
    return;
  }
  try {
    if (isGone(file)) rmSync(file, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

/**
 * Runs `body` while no other process runs one under the same lock file. A lock whose holder died is taken over.
 *
 * @param waiting  called once if there is someone to wait for
 */
export async function withLock(file, waiting, body) {
  mkdirSync(path.dirname(file), { recursive: true });
  for (let told = false; !create(file); ) {
    removeIfGone(file);
    if (!existsSync(file)) continue;
    if (!told) waiting();
    told = true;
    await sleep(300);
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
