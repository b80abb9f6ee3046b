import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BadInput } from '../../../src/cli/badInput';
import { findLoss, findLosses } from '../../../src/cli/findLosses';
import { parseTolerantly } from '../../../src/loss/discovery/javascript/syntaxTree';
import { maxSourceBytes } from '../../../src/loss/disk/sourceFile';

vi.mock(import('../../../src/loss/discovery/javascript/syntaxTree'), async (original) => {
  const actual = await original();
  return { ...actual, parseTolerantly: vi.fn(actual.parseTolerantly) };
});

const loss = (name: string) => `export const ${name} = ([x]: number[]): number => x * x;\n`;

function tree(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

async function found(...targets: string[]): Promise<{ names: string[]; own: string[]; told: string[] }> {
  const told: string[] = [];
  const { losses, optimizers } = await findLosses(targets, ({ message }: BadInput) => told.push(message));
  const namesOf = (all: typeof losses) => all.map(({ name }) => name);
  return { names: namesOf(losses), own: namesOf(optimizers), told };
}

beforeEach(() => {
  vi.mocked(parseTolerantly).mockClear();
});

describe('searching for losses below a folder', () => {
  it('parses only the files whose text may contain a loss, in the order of their names', async () => {
    const others = Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [
        `many/f${i}.ts`,
        `export const f${i} = () => new Error('no loss');\n`,
      ]),
    );
    const folder = tree({ ...others, 'b.ts': loss('loss'), 'a/c.ts': loss('otherLoss') });
    expect((await found(folder)).names).toEqual(['otherLoss', 'loss']);
    expect(parseTolerantly).toHaveBeenCalledTimes(2);
  });

  it('finds the losses of Python modules, except in environments and caches', async () => {
    const python = 'def loss(w: np.ndarray) -> float: ...\n';
    const folder = tree({
      'a.py': python,
      'a.pyi': python,
      'b.ts': loss('otherLoss'),
      '.venv/lib/a.py': python,
      'venv/a.py': python,
      'env/lib/python3.12/site-packages/p/a.py': python,
      'env/lib/python3.12/dist-packages/p/a.py': python,
      'sub/__pycache__/a.py': python,
      '.ipynb_checkpoints/a.py': python,
      'env/c.py': '# adamscope: loss\ndef f(w): ...\n',
    });
    expect((await found(folder)).names).toEqual(['loss', 'otherLoss', 'f']);
    expect((await found(path.join(folder, 'a.py'))).names).toEqual(['loss']);
    expect(findLoss(`${path.join(folder, 'env/c.py')}#f`).language).toBe('python');
  });

  it('skips what git ignores, packages and build output', async () => {
    const folder = tree({
      '.gitignore': 'generated/\n',
      'generated/a.ts': loss('loss'),
      'node_modules/p/a.ts': loss('loss'),
      'sub/dist/a.ts': loss('loss'),
      'sub/.gitignore': '*.tmp.ts\n',
      'sub/a.tmp.ts': loss('loss'),
      'sub/a.ts': loss('keptLoss'),
    });
    expect((await found(folder)).names).toEqual(['keptLoss']);
    expect(parseTolerantly).toHaveBeenCalledTimes(1);
  });

  it('reads the ignore files of the repository around the folder', async () => {
    const folder = tree({
      '.git/HEAD': '',
      '.gitignore': 'a.ts\n',
      'src/a.ts': loss('loss'),
      'src/b.ts': loss('bLoss'),
    });
    expect((await found(path.join(folder, 'src'))).names).toEqual(['bLoss']);
  });

  it('searches an ignored folder that is given explicitly', async () => {
    const folder = tree({ '.git/HEAD': '', '.gitignore': 'build\n', 'build/a.ts': loss('loss') });
    expect((await found(path.join(folder, 'build'))).names).toEqual(['loss']);
    expect((await found(path.join(folder, 'build', 'a.ts'))).names).toEqual(['loss']);
  });

  it('follows the re-exports of a single file, and each loss below a folder appears once', async () => {
    const folder = tree({
      'x.ts':
        '/** @loss */ export const f = (p: number[]) => 1;\nexport const all = { loss([x]) { return x } };\n' +
        'export default ([x]: number[]) => x;\n',
      'index.ts': "export { f as g, all } from './x.js';\nimport loss from './x';\nexport { loss };\n",
      'star.ts': "export * from './index';\nexport * from './star';\nexport * as inner from './x';\n",
      'none.ts': "export { missing } from './gone';\nexport { f as h } from 'some-package';\n",
    });
    expect((await found(folder)).names).toEqual(['f', 'all.loss']);
    expect((await found(path.join(folder, 'index.ts'))).names).toEqual(['f', 'all.loss']);
    expect((await found(path.join(folder, 'star.ts'))).names.toSorted()).toEqual(['all.loss', 'f']);
    expect((await found(path.join(folder, 'none.ts'))).names).toEqual([]);
    const named = (target: string) => {
      const { file, exportName } = findLoss(path.join(folder, target));
      return `${path.basename(file)}#${exportName}`;
    };
    expect(named('x.ts#f')).toBe('x.ts#f');
    expect(named('index.ts#g')).toBe('x.ts#f');
    expect(named('index.ts#all.loss')).toBe('x.ts#all.loss');
    expect(named('index.ts#loss')).toBe('x.ts#default');
    expect(named('star.ts#g')).toBe('x.ts#f');
    expect(named('star.ts#inner.default')).toBe('x.ts#default');
    expect(named('star.ts#inner.all.loss')).toBe('x.ts#all.loss');
    for (const target of ['index.ts#f', 'star.ts#f', 'star.ts#default', 'none.ts#missing', 'none.ts#h'])
      expect(() => named(target), target).toThrow(/has no function/);
  });

  it.skipIf(process.platform === 'win32')('reads no pipes and follows no symbolic links', async () => {
    const folder = tree({ 'a.ts': loss('loss') });
    execFileSync('mkfifo', [path.join(folder, 'b.ts')]);
    symlinkSync(folder, path.join(folder, 'round'));
    symlinkSync('/dev/zero', path.join(folder, 'c.ts'));
    expect((await found(folder)).names).toEqual(['loss']);
  });

  it('searches several paths, and each loss appears once', async () => {
    const folder = tree({ 'a.ts': loss('loss'), 'b.ts': loss('bLoss'), 'c.ts': loss('cLoss') });
    const [a, b] = ['a.ts', 'b.ts'].map((name) => path.join(folder, name));
    expect((await found(b!, a!)).names).toEqual(['bLoss', 'loss']);
    expect((await found(b!, folder, a!)).names).toEqual(['bLoss', 'loss', 'cLoss']);
  });

  it('finds the optimizers of the user', async () => {
    const folder = tree({
      'a.ts': '/** @optimizerStep adam */\nexport function step(p, g) {}\nexport class Other {}\n',
      'b.py': '# adamscope: optimizer-step adam lr=0.01\nclass Own:\n    pass\n\nclass Other:\n    pass\n',
    });
    expect(await found(folder)).toEqual({ names: [], own: ['step', 'Own'], told: [] });
  });

  it('reports a file that is too large, and continues', async () => {
    const folder = tree({ 'a.ts': '/'.repeat(maxSourceBytes + 1), 'b.ts': loss('loss') });
    const { names, told } = await found(folder);
    expect(names).toEqual(['loss']);
    expect(told).toEqual([expect.stringMatching(/a\.ts is larger than 16 MB$/)]);
    await expect(found(path.join(folder, 'a.ts'))).rejects.toThrow(/a\.ts is larger than 16 MB$/);
  });
});
