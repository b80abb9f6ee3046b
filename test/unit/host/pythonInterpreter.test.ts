import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { chosenInterpreter } from '../../../src/host/python/pythonInterpreter';
import type { LossDeclaration } from '../../../src/loss/declaration';

/** The parts of VS Code that the host asks for the interpreter. */
const code = vi.hoisted(() => ({
  /** The Python extension; undefined if it is not installed. */
  extension: undefined as { isActive: boolean; exports: unknown; activate: () => Promise<void> } | undefined,
  setting: '',
}));
vi.mock('vscode', () => ({
  Uri: { file: (fsPath: string) => ({ fsPath }) },
  extensions: { getExtension: () => code.extension },
  workspace: {
    getWorkspaceFolder: () => ({ uri: { fsPath: '/work/fit' } }),
    getConfiguration: () => ({
      get: (key: string, otherwise: unknown) => (key === 'python' ? code.setting : otherwise),
    }),
  },
}));
vi.mock('@vscode/python-extension', () => ({
  PVSC_EXTENSION_ID: 'ms-python.python',
  PythonExtension: {
    api: async () => {
      await code.extension!.activate();
      return code.extension!.exports;
    },
  },
}));

const activate = vi.fn(async () => {});
const loss = { file: '/work/fit/loss.py', language: 'python' } as LossDeclaration;

/** Installs the extension. @param selected  the interpreter of the environment; undefined if it has none */
function install(selected: string | undefined, resolve = async () => environment(selected)) {
  const environments = { getActiveEnvironmentPath: () => ({ path: 'env' }), resolveEnvironment: resolve };
  code.extension = { isActive: false, exports: { environments }, activate };
}

const environment = (fsPath: string | undefined) => ({ executable: { uri: fsPath && { fsPath } } });

beforeEach(() => {
  code.extension = undefined;
  code.setting = '';
  activate.mockClear();
});

describe('the chosen interpreter', () => {
  it('is the one that is selected in the Python extension, whatever the setting', async () => {
    install('/opt/env/bin/python');
    code.setting = '/usr/bin/python3';
    expect(await chosenInterpreter(loss)).toEqual({
      path: '/opt/env/bin/python',
      foundBy: 'selected in the Python extension',
    });
    expect(activate).toHaveBeenCalled();
  });

  it('is not asked for, and the extension stays inactive, for a loss in JavaScript', async () => {
    install('/opt/env/bin/python');
    expect(await chosenInterpreter({ ...loss, language: 'javascript' })).toBeNull();
    expect(activate).not.toHaveBeenCalled();
  });

  it.each([
    ['is not installed', () => {}],
    ['has selected an environment without an interpreter', () => install(undefined)],
    [
      'fails',
      () =>
        install('', () => {
          throw new Error('no locator');
        }),
    ],
  ])('is that of the setting if the extension %s', async (_, prepare) => {
    prepare();
    code.setting = '~/env/bin/python';
    expect(await chosenInterpreter(loss)).toEqual({
      path: path.join(os.homedir(), 'env/bin/python'),
      foundBy: 'setting adamscope.python',
    });
    code.setting = '';
    expect(await chosenInterpreter(loss)).toBeNull();
  });
});
