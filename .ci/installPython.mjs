import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { installOnce } from './installOnce.mjs';
import { cacheFolder } from './paths.mjs';
import { Problem } from './problem.mjs';

const execute = promisify(execFile);

/**
 * A virtual environment with packages, in a folder of the cache, made on first use.
 *
 * @param {Readonly<Record<string, string>>} packages  name to version; without any, the environment has no pip
 * @param {string} [base]  the interpreter that makes the environment
 * @returns {Promise<string>} the path of its interpreter
 */
export async function installPython(packages, base = 'python3') {
  const list = Object.entries(packages).map(([name, version]) => `${name}==${version}`);
  const key = createHash('sha256')
    .update([base, ...list].join('\n'))
    .digest('hex')
    .slice(0, 12);
  const folder = path.join(cacheFolder(), `python-${key}`);
  const bin = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const mark = path.join(folder, 'complete');
  await installOnce({
    folder,
    what: list.length === 0 ? 'Python without packages' : `Python with ${Object.keys(packages).join(', ')}`,
    isComplete: () => existsSync(mark),
    install: async (temporary) => {
      try {
        // Debian's Python can make an environment without pip even if python3-venv is not installed.
        const withPip = list.length === 0 ? ['--without-pip'] : [];
        await execute(base, ['-m', 'venv', ...withPip, temporary]);
        const python = path.join(temporary, ...bin);
        if (list.length > 0)
          await execute(
            python,
            ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...list],
            // A lock counts as left behind after 15 minutes, so a download must end before.
            { maxBuffer: 2 ** 26, timeout: 14 * 60_000 },
          );
        // The interpreter works from any place; the scripts beside it do not, and nothing uses them.
        writeFileSync(path.join(temporary, 'complete'), '');
      } catch (error) {
        throw new Problem(`Python could not be set up: ${error.message}`);
      }
    },
  });
  return path.join(folder, ...bin);
}
