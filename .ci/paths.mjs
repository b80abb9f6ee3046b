import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * The folder for downloads and for the data of `npm start`. It is outside the checkout, so that a clean
 * checkout does not need another download.
 */
export function cacheFolder() {
  if (process.env.ADAMSCOPE_CACHE) return path.resolve(process.env.ADAMSCOPE_CACHE);
  return path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'adamscope-test');
}
