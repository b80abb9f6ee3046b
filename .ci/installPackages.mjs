import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installOnce } from './installOnce.mjs';
import { cacheFolder } from './paths.mjs';
import { Problem } from './problem.mjs';

/**
 * Installs public packages into a folder of the cache, on first use.
 *
 * @param packages  name to version
 * @returns the folder that contains `node_modules`
 */
export async function installPackages(packages) {
  const list = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  const key = createHash('sha256').update(list.join('\n')).digest('hex').slice(0, 12);
  const folder = path.join(cacheFolder(), `packages-${key}`);
  await installOnce({
    folder,
    what: `${list.length} packages`,
    isComplete: () => existsSync(path.join(folder, 'node_modules')),
    install: (temporary) =>
      new Promise((resolve, reject) => {
        writeFileSync(path.join(temporary, 'package.json'), '{ "private": true }\n');
        const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...list];
        execFile('npm', args, { cwd: temporary, maxBuffer: 2 ** 26 }, (error) =>
          error ? reject(new Problem(`the packages could not be installed: ${error.message}`)) : resolve(),
        );
      }),
  });
  return folder;
}
