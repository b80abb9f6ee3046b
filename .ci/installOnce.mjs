import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';

/** Under the lock nobody else is at work. Only the npm of an installer that was killed may be, for a little while. */
function removeInterrupted(cache, prefix) {
  for (const name of readdirSync(cache)) {
    if (!name.startsWith(prefix)) continue;
    try {
      rmSync(path.join(cache, name), { recursive: true, force: true });
    } catch {
      // The next installation tries again.
    }
  }
}

/**
 * Makes a folder of the cache on first use. An interrupted installation leaves nothing that is mistaken for one: it is
 * made under a temporary name, tried, and then renamed.
 *
 * @param options.folder      absolute path; its parent is made if need be
 * @param options.what        what is installed, for the message
 * @param options.isComplete  whether the folder is there and as it should be
 * @param options.install     fills the folder whose path it is given
 */
export async function installOnce({ folder, what, isComplete, install }) {
  if (isComplete()) return;
  const cache = path.dirname(folder);
  const prefix = `.installing-${path.basename(folder)}-`;
  await withLock(
    `${folder}.lock`,
    () => console.log(`Waiting for another process that installs ${what} ...`),
    async () => {
      if (isComplete()) return;
      console.log(`Installing ${what} into ${cache} (once) ...`);
      mkdirSync(cache, { recursive: true });
      removeInterrupted(cache, prefix);
      rmSync(folder, { recursive: true, force: true });
      const temporary = mkdtempSync(path.join(cache, prefix));
      try {
        await install(temporary);
        renameSync(temporary, folder);
        removeInterrupted(cache, prefix);
      } catch (error) {
        rmSync(temporary, { recursive: true, force: true });
        throw error;
      }
    },
  );
}
