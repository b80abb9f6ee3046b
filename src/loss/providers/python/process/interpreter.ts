import { createHash } from 'node:crypto';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { PythonInterpreter } from '../../../source';

/** The usual names of the folder of a project's environment; uv and PDM make the first one, Poetry may make it too, and VS Code makes `.conda`. */
const environmentFolders = ['.venv', 'venv', '.conda', 'env', '.env'];

/**
 * The interpreter for a file: that of the active virtual environment, of an environment beside the file or in a folder above it, of
 * Poetry for such a folder, of the active conda environment (after the project's, because conda's base is usually active), or else the
 * first `python3` on the PATH.
 */
export function interpreterFor(
  file: string,
  variables: NodeJS.ProcessEnv = process.env,
  home = os.homedir(),
): PythonInterpreter {
  const active = variables.VIRTUAL_ENV;
  if (active && hasPython(active))
    return { path: pythonIn(active), foundBy: 'the active virtual environment' };
  for (const folder of foldersAbove(path.dirname(file))) {
    for (const name of environmentFolders) {
      const environment = path.join(folder, name);
      if (existsSync(path.join(environment, 'pyvenv.cfg')) && hasPython(environment))
        return { path: pythonIn(environment), foundBy: `the virtual environment ${name} of the project` };
      if (existsSync(path.join(environment, 'conda-meta')) && hasCondaPython(environment))
        return { path: condaPythonIn(environment), foundBy: `the conda environment ${name} of the project` };
    }
    const poetry = existsSync(path.join(folder, 'poetry.lock')) ? poetryEnvironment(folder, home) : null;
    if (poetry !== null) return { path: pythonIn(poetry), foundBy: 'the Poetry environment of the project' };
  }
  const conda = variables.CONDA_PREFIX;
  if (conda && hasCondaPython(conda))
    return { path: condaPythonIn(conda), foundBy: 'the active conda environment' };
  return {
    path: process.platform === 'win32' ? 'python' : 'python3',
    foundBy: 'the first one on the PATH',
  };
}

function* foldersAbove(folder: string): Generator<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    yield at;
    if (path.dirname(at) === at) return;
  }
}

function pythonIn(environment: string): string {
  return process.platform === 'win32'
    ? path.join(environment, 'Scripts', 'python.exe')
    : path.join(environment, 'bin', 'python');
}

function hasPython(environment: string): boolean {
  return existsSync(pythonIn(environment));
}

/** In a conda environment on Windows, the interpreter is at the top. */
function condaPythonIn(prefix: string): string {
  return process.platform === 'win32' ? path.join(prefix, 'python.exe') : pythonIn(prefix);
}

function hasCondaPython(prefix: string): boolean {
  return existsSync(condaPythonIn(prefix));
}

/** Poetry names an environment after a hash of the project's folder: `fit-GKa1Dz2a-py3.11`. */
function poetryEnvironment(folder: string, home: string): string | null {
  const parents: Partial<Record<NodeJS.Platform, string[]>> = {
    darwin: ['Library', 'Caches', 'pypoetry'],
    win32: ['AppData', 'Local', 'pypoetry', 'Cache'],
  };
  const parent = path.join(home, ...(parents[process.platform] ?? ['.cache', 'pypoetry']), 'virtualenvs');
  try {
    const hash = createHash('sha256').update(realpathSync(folder)).digest('base64url').slice(0, 8);
    const found = readdirSync(parent)
      .filter((name) => name.includes(`-${hash}-py`))
      .map((name) => path.join(parent, name));
    return found.find(hasPython) ?? null;
  } catch {
    return null;
  }
}
