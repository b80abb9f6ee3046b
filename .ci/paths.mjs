import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Where what is downloaded, and what `npm start` leaves behind, is kept: outside the checkout, so that a clean
 * checkout does not mean another download.
 */
export function cacheFolder() {
  if (process.env.ADAMSCOPE_CACHE) return path.resolve(process.env.ADAMSCOPE_CACHE);
  return path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'adamscope-test');
}
