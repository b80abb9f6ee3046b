import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { run } from '../command.mjs';

/**
 * System programs that are scripts, such as apt-get's helpers and Debian's chromium, expect other programs in
 * these folders, whatever the PATH of the tests is.
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

/** All files with these names on the PATH, in its order. */
export function onPath(names) {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .filter(isExecutable);
}

/** Whether a browser starts: Ubuntu has a `chromium-browser` that only explains how to install one. */
export async function starts(file, env = {}) {
  const { code } = await run(file, ['--version'], { env: { ...process.env, ...env }, limitMs: 30_000 });
  return code === 0;
}
