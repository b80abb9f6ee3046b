import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The environment variable with the folder of the cache. If it is empty, there is no cache. */
const cacheVariable = 'ADAMSCOPE_CACHE_DIR';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder in which Adamscope keeps results between runs; null for none.
 *
 * @param own  the folder if the environment variable is not set; by default that of the platform for caches
 */
export function cacheFolder(
  env: Environment = process.env,
  own: string | null = platformFolder(env, process.platform, homedir()),
): string | null {
  const set = env[cacheVariable];
  if (set === undefined) return own;
  return isAbsolute(set) ? set : null;
}

/** The platform's folder for the caches of one program; null if it is not known. */
export function platformFolder(env: Environment, platform: NodeJS.Platform, home: string): string | null {
  if (platform === 'win32') return env.LOCALAPPDATA ? join(env.LOCALAPPDATA, 'adamscope', 'Cache') : null;
  // The XDG specification ignores relative paths.
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return join(env.XDG_CACHE_HOME, 'adamscope');
  if (!isAbsolute(home)) return null;
  return platform === 'darwin'
    ? join(home, 'Library', 'Caches', 'adamscope')
    : join(home, '.cache', 'adamscope');
}
