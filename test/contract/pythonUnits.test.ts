import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { barePython, fullPython, fullVariables, otherPython } from '../../.ci/pythonEnvironments.mjs';

const execute = promisify(execFile);
const root = path.resolve(__dirname, '../..');
const packages = ['numpy', 'torch', 'jax', 'autograd'] as const;

/** Runs the unittest files of a folder of test/python; stderr ends with the number of tests, and OK. */
async function outcomeOf(python: string, folder: string): Promise<string> {
  const found = ['-m', 'unittest', 'discover', '-s', path.join('test/python', folder)];
  const { stderr } = await execute(python, ['-B', '-W', 'ignore', ...found], {
    cwd: root,
    env: {
      ...process.env,
      ...fullVariables,
      PYTHONPATH: ['src/python', 'test/python'].map((folder) => path.join(root, folder)).join(path.delimiter),
    },
    maxBuffer: 2 ** 26,
  });
  return stderr;
}

const passed = /^Ran [1-9]\d* tests? in .*\n\nOK$/m;

describe('unit tests in Python', () => {
  it('pass without packages', { timeout: 600_000 }, async () => {
    expect(await outcomeOf(await barePython(), 'without_packages')).toMatch(passed);
  });

  it('pass in another version of Python', { timeout: 600_000 }, async () => {
    expect(await outcomeOf((await otherPython()).python, 'without_packages')).toMatch(passed);
  });

  it.each(packages)('pass with %s', { timeout: 900_000 }, async (name) => {
    expect(await outcomeOf(await fullPython(), `with_${name}`)).toMatch(passed);
  });
});
