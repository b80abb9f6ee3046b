// The Python environments that tests share. Each is made on first use; `npm test` makes them beside its first sections.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { installPython } from './installPython.mjs';
import { Problem } from './problem.mjs';

const execute = promisify(execFile);

/**
 * Everything that a Python loss in the tests imports, in versions that work together on Python 3.11 to 3.13. One environment, because it
 * takes 1.7 GB.
 */
export const fullPackages = {
  torch: '2.13.0',
  numpy: '2.4.6',
  scipy: '1.17.1',
  jax: '0.10.2',
  jaxlib: '0.10.2',
  optax: '0.2.8',
  keras: '3.15.1',
  pyarrow: '26.0.1',
  autograd: '1.9.1',
};

/** For a process that uses the full environment: Keras has to be told its backend, and JAX must not look for a GPU. */
export const fullVariables = { KERAS_BACKEND: 'jax', JAX_PLATFORMS: 'cpu' };

/** @returns {Promise<string>} an interpreter with {@link fullPackages} */
export const fullPython = () => installPython(fullPackages);

/** @returns {Promise<string>} an interpreter without any package, so also without numpy */
export const barePython = () => installPython({});

/** Interpreters beside the one on the PATH: those of pyenv, by their path, because its shims refuse them; those by name; the system's. */
function candidates() {
  const versions = path.join(process.env.PYENV_ROOT || path.join(homedir(), '.pyenv'), 'versions');
  let ofPyenv = [];
  try {
    ofPyenv = readdirSync(versions).map((version) => path.join(versions, version, 'bin', 'python3'));
  } catch {
    // There is no pyenv.
  }
  const byName = [9, 10, 11, 12, 13, 14].map((minor) => `python3.${minor}`);
  return [...ofPyenv, ...byName, '/usr/bin/python3'];
}

async function versionOf(base) {
  try {
    const { stdout } = await execute(base, ['-c', 'import sys, venv; print(*sys.version_info[:3])']);
    return stdout.trim().split(' ').map(Number);
  } catch {
    return undefined;
  }
}

/**
 * An interpreter of another version than `python3`: of the newest other minor version, otherwise only of another patch version.
 *
 * @param {Readonly<Record<string, string>>} [packages]
 * @returns {Promise<{ python: string, version: string }>}
 * @throws Problem if this machine has one version only
 */
export async function otherPython(packages = {}) {
  const [, minor, patch] = (await versionOf('python3')) ?? [];
  const found = await Promise.all(
    candidates().map(async (base) => ({ base, version: await versionOf(base) })),
  );
  const [newest] = found
    .filter(({ version }) => version?.[0] === 3 && version[1] >= 9)
    .filter(({ version }) => version[1] !== minor || version[2] !== patch)
    .sort(
      ({ version: a }, { version: b }) =>
        Number(a[1] === minor) - Number(b[1] === minor) || b[1] - a[1] || b[2] - a[2],
    );
  if (newest === undefined) throw new Problem('Tests need a second version of Python, 3.9 or newer.');
  return { python: await installPython(packages, newest.base), version: newest.version.join('.') };
}
