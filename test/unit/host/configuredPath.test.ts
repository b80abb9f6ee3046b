import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { configuredPath } from '../../../src/host/python/configuredPath';

const home = path.resolve('/home/ada');
const folder = path.resolve('/work/$fit');

describe('the interpreter in the setting adamscope.python', () => {
  it.each([
    ['', null],
    ['  ', null],
    ['python3.12', 'python3.12'],
    [path.resolve('/opt/python/bin/python'), path.resolve('/opt/python/bin/python')],
    ['~/env/bin/python', path.join(home, 'env/bin/python')],
    ['~ada/bin/python', path.join(folder, '~ada/bin/python')],
    [`\${workspaceFolder}/.venv/bin/python`, path.join(folder, '.venv/bin/python')],
    [`\${workspaceFolder}/../shared/bin/python`, path.resolve(folder, '../shared/bin/python')],
    ['.venv/bin/python', path.join(folder, '.venv/bin/python')],
    [' ./python ', path.join(folder, 'python')],
  ])('%j is %j', (written, found) => {
    expect(configuredPath(written, folder, home)?.replaceAll('/', path.sep) ?? null).toBe(found);
  });

  it.each([`\${workspaceFolder}/.venv/bin/python`, '.venv/bin/python'])(
    '%s is unknown without a workspace folder',
    (written) => {
      expect(configuredPath(written, null, home)).toBeNull();
      expect(configuredPath('python3', null, home)).toBe('python3');
    },
  );
});
