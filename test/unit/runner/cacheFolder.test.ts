import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder, platformFolder } from '../../../src/runner/cacheFolder';

const home = path.resolve('/home/ada');
const xdg = path.resolve('/caches');

describe('the folder of the cache', () => {
  it.each([
    ['linux', {}, path.join(home, '.cache', 'adamscope')],
    ['linux', { XDG_CACHE_HOME: xdg }, path.join(xdg, 'adamscope')],
    ['linux', { XDG_CACHE_HOME: 'relative' }, path.join(home, '.cache', 'adamscope')],
    ['darwin', {}, path.join(home, 'Library', 'Caches', 'adamscope')],
    ['win32', { LOCALAPPDATA: xdg }, path.join(xdg, 'adamscope', 'Cache')],
    ['win32', {}, null],
  ] as const)('is that of the platform: %s %o', (platform, env, folder) => {
    expect(platformFolder(env, platform, home)).toBe(folder);
  });

  it.each([
    ['not set', {}, '/own'],
    ['another folder', { ADAMSCOPE_CACHE_DIR: path.resolve('/other') }, path.resolve('/other')],
    ['empty: there is no cache', { ADAMSCOPE_CACHE_DIR: '' }, null],
    ['relative: never below the folder of the user', { ADAMSCOPE_CACHE_DIR: 'cache' }, null],
  ])('is what the environment variable says: %s', (_, env, folder) => {
    expect(cacheFolder(env, '/own')).toBe(folder);
  });
});
