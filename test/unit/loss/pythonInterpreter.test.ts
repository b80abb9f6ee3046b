import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { interpreterFor } from '../../../src/loss/providers/python/process/interpreter';
import { folderWith } from '../../support/startRun';

const isWindows = process.platform === 'win32';
const bin = isWindows ? 'Scripts/python.exe' : 'bin/python';
const condaBin = isWindows ? 'python.exe' : 'bin/python';
const venv = (folder: string) => ({ [`${folder}/pyvenv.cfg`]: '', [`${folder}/${bin}`]: '' });
const conda = (folder: string) => ({ [`${folder}/conda-meta/history`]: '', [`${folder}/${condaBin}`]: '' });

/** Searches for the interpreter of `project/src/fit.py` among these files; variables with paths below the folder. */
function found(files: Record<string, string>, variables: Record<string, string> = {}) {
  const root = folderWith({ 'project/src/fit.py': '', ...files });
  const absolute = Object.entries(variables).map(([name, below]) => [name, path.join(root, below)]);
  const file = path.join(root, 'project/src/fit.py');
  const { path: at, foundBy } = interpreterFor(file, Object.fromEntries(absolute), path.join(root, 'home'));
  return [path.relative(root, at).split(path.sep).join('/'), foundBy, at] as const;
}

describe('the interpreter of a file without a chosen one', () => {
  it('is the first one on the PATH if there is nothing else', () => {
    const [, foundBy, at] = found({});
    expect([at, foundBy]).toEqual([isWindows ? 'python' : 'python3', 'the first one on the PATH']);
  });

  it.each(['.venv', 'venv', 'env', '.env'])('is that of the folder %s of the project', (name) => {
    expect(found(venv(`project/${name}`))).toEqual([
      `project/${name}/${bin}`,
      `the virtual environment ${name} of the project`,
      expect.anything(),
    ]);
  });

  it('is that of the nearest folder, and .venv before venv', () => {
    const both = { ...venv('project/venv'), ...venv('project/.venv') };
    expect(found(both)[0]).toBe(`project/.venv/${bin}`);
    expect(found({ ...both, ...venv('project/src/venv') })[0]).toBe(`project/src/venv/${bin}`);
  });

  it('is not in a folder that is no environment, or has no interpreter', () => {
    expect(found({ [`project/env/${bin}`]: '', 'project/.venv/pyvenv.cfg': '' })[1]).toMatch(/PATH/);
  });

  it('is that of the conda environment in the project', () => {
    expect(found(conda('project/.conda')).slice(0, 2)).toEqual([
      `project/.conda/${condaBin}`,
      'the conda environment .conda of the project',
    ]);
    expect(found(conda('project/env'))[0]).toBe(`project/env/${condaBin}`);
  });

  it('is that of the active virtual environment before that of the project', () => {
    const files = { ...venv('project/.venv'), ...venv('other') };
    expect(found(files, { VIRTUAL_ENV: 'other' }).slice(0, 2)).toEqual([
      `other/${bin}`,
      'the active virtual environment',
    ]);
    expect(found(files, { VIRTUAL_ENV: 'gone' })[0]).toBe(`project/.venv/${bin}`);
  });

  it('is that of the project before that of the active conda environment, whose base is always active', () => {
    const files = conda('miniconda');
    expect(found(files, { CONDA_PREFIX: 'miniconda' }).slice(0, 2)).toEqual([
      `miniconda/${condaBin}`,
      'the active conda environment',
    ]);
    expect(found({ ...files, ...venv('project/.venv') }, { CONDA_PREFIX: 'miniconda' })[0]).toBe(
      `project/.venv/${bin}`,
    );
  });

  it.runIf(process.platform === 'linux')('is that of Poetry for the folder with its lock file', () => {
    const root = folderWith({ 'project/src/fit.py': '', 'project/poetry.lock': '' });
    const project = path.join(root, 'project');
    const hash = createHash('sha256').update(realpathSync(project)).digest('base64url').slice(0, 8);
    const home = folderWith(venv(`.cache/pypoetry/virtualenvs/project-${hash}-py3.12`));
    expect(interpreterFor(path.join(project, 'src/fit.py'), {}, home)).toEqual({
      path: path.join(home, `.cache/pypoetry/virtualenvs/project-${hash}-py3.12`, bin),
      foundBy: 'the Poetry environment of the project',
    });
    expect(interpreterFor(path.join(root, 'fit.py'), {}, home).foundBy).toMatch(/PATH/);
  });
});
