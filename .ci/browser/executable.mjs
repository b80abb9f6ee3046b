import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { run } from '../command.mjs';

/**
 * Programs of the system that are scripts, such as apt-get's helpers and Debian's chromium, expect to find the others
 * here, whatever the PATH of the tests is.
 */
export const systemPath = [process.env.PATH, '/usr/local/sbin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
  .filter((part) => part)
  .join(path.delimiter);

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Every file of these names on the PATH, in its order. */
export function onPath(names) {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .filter(isExecutable);
}

/** Whether a browser starts at all: Ubuntu has a `chromium-browser` that only says how to install one. */
export async function starts(file, env = {}) {
  const { code } = await run(file, ['--version'], { env: { ...process.env, ...env }, limitMs: 30_000 });
  return code === 0;
}
