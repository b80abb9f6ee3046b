import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any installation takes. A time limit is needed because a process id may be reused. */
const STALE_MS = 15 * 60_000;

function isGone(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return true;
    const pid = Number(readFileSync(file, 'utf8'));
    // Between its creation and its first write the file is empty; its owner is alive.
    if (pid === 0) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: the process is alive and belongs to another user. ENOENT: the lock was just released, so try
    // again.
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
 * Removes the lock of an owner that died. If two processes find it at the same time, only one may remove it,
 * because the second would remove the new lock of the first. A second lock, held briefly, ensures this.
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
 * Runs `body` while no other process runs one under the same lock file. The lock of an owner that died is
 * taken over.
 *
 * @param waiting  called once if another process holds the lock
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
