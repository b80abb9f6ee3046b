import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { installOnce } from './installOnce.mjs';
import { cacheFolder } from './paths.mjs';
import { Problem } from './problem.mjs';

const execute = promisify(execFile);

/**
 * A virtual environment with packages, in a folder of the cache, made on first use.
 *
 * @param {Readonly<Record<string, string>>} packages  name to version
 * @returns {Promise<string>} the path of its interpreter
 */
export async function installPython(packages) {
  const list = Object.entries(packages).map(([name, version]) => `${name}==${version}`);
  const key = createHash('sha256').update(list.join('\n')).digest('hex').slice(0, 12);
  const folder = path.join(cacheFolder(), `python-${key}`);
  const bin = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const mark = path.join(folder, 'complete');
  await installOnce({
    folder,
    what: `Python with ${Object.keys(packages).join(', ')}`,
    isComplete: () => existsSync(mark),
    install: async (temporary) => {
      try {
        await execute('python3', ['-m', 'venv', temporary]);
        const python = path.join(temporary, ...bin);
        await execute(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...list], {
          maxBuffer: 2 ** 26,
        });
        // The interpreter works from any place; the scripts beside it do not, and nothing uses them.
        await execute(python, [
          '-c',
          `open(${JSON.stringify(path.join(temporary, 'complete'))}, 'w').close()`,
        ]);
      } catch (error) {
        throw new Problem(`Python could not be set up: ${error.message}`);
      }
    },
  });
  return path.join(folder, ...bin);
}
