import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';

/**
 * Under the lock no other installer is active. Only the npm of a killed installer may continue for a short
 * time.
 */
function removeInterrupted(cache, prefix) {
  for (const name of readdirSync(cache)) {
    if (!name.startsWith(prefix)) continue;
    try {
      rmSync(path.join(cache, name), { recursive: true, force: true });
    } catch {
      // The next installation tries this again.
    }
  }
}

/**
 * Creates a folder of the cache on first use. The folder is filled under a temporary name, tested, and then
 * renamed, so that an interrupted installation is never used.
 *
 * @param options.folder      absolute path; its parent is created if necessary
 * @param options.what        a description of what is installed, for the message
 * @param options.isComplete  whether the folder exists and is complete
 * @param options.install     fills the folder with the given path
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
