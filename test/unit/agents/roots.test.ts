import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Roots } from '../../../src/agents/roots';
import { ToolProblem } from '../../../src/agents/toolProblem';
import { folderWith } from '../../support/startRun';

let outer: string;
let root: string;
beforeEach(() => {
  outer = realpathSync.native(
    folderWith({ 'secret.ts': '', 'root/a.ts': '', 'root/deep/b.ts': '', 'rootless/c.ts': '' }),
  );
  root = path.join(outer, 'root');
});

describe('a file is found below the root', () => {
  it.each([
    ['a.ts', 'a.ts'],
    ['./deep/../a.ts', 'a.ts'],
    ['deep/b.ts', 'deep/b.ts'],
    ['.', '.'],
    ['../root/a.ts', 'a.ts'],
  ])('by %s', (given, shown) => {
    const roots = new Roots(() => [root], '--root');
    expect(roots.display(roots.resolve(given))).toBe(shown);
  });

  it('by its absolute path, and through a link that stays inside', () => {
    symlinkSync(path.join(root, 'a.ts'), path.join(root, 'deep/link.ts'));
    const roots = new Roots(() => [root], '--root');
    expect(roots.resolve(path.join(root, 'a.ts'))).toBe(path.join(root, 'a.ts'));
    expect(roots.resolve('deep/link.ts')).toBe(path.join(root, 'deep/link.ts'));
  });

  it('if its name begins with two dots', () => {
    writeFileSync(path.join(root, '..a.ts'), '');
    expect(new Roots(() => [root], '--root').resolve('..a.ts')).toBe(path.join(root, '..a.ts'));
  });

  it('if the root itself is reached by a link', () => {
    symlinkSync(root, path.join(outer, 'linked'));
    const roots = new Roots(() => [path.join(outer, 'linked')], '--root');
    expect(roots.display(roots.resolve('a.ts'))).toBe('a.ts');
  });
});

describe('a file is refused', () => {
  it.each(['..', '../secret.ts', 'deep/../../secret.ts', '../rootless/c.ts', '../missing.ts'])(
    '%s',
    (given) => {
      expect(() => new Roots(() => [root], '--root').resolve(given)).toThrow(
        `${given} is outside of --root (${root})`,
      );
    },
  );

  it('if a symbolic link leads outside, at any depth', () => {
    symlinkSync(outer, path.join(root, 'up'));
    mkdirSync(path.join(root, 'x'));
    symlinkSync(path.join(outer, 'secret.ts'), path.join(root, 'x/s.ts'));
    const roots = new Roots(() => [root], '--root');
    for (const given of ['up', 'up/secret.ts', 'x/s.ts'])
      expect(() => roots.resolve(given)).toThrow('is outside');
    // Back inside through the link: the file itself is below the root.
    expect(roots.display(roots.resolve('up/root/a.ts'))).toBe('up/root/a.ts');
  });

  it('if it does not exist, with another sentence', () => {
    expect(() => new Roots(() => [root], '--root').resolve('none.ts')).toThrow(
      'there is no file or folder none.ts',
    );
  });

  it('whatever path is given: what is found is below the root', () => {
    symlinkSync(outer, path.join(root, 'up'));
    const roots = new Roots(() => [root], '--root');
    const part = fc.constantFrom(
      '..',
      '.',
      '',
      'root',
      'rootless',
      'up',
      'deep',
      'a.ts',
      'b.ts',
      'secret.ts',
      '\0',
      '~',
    );
    const paths = fc.oneof(
      fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/')),
      fc
        .array(part, { maxLength: 6 })
        .map((parts) => path.join(outer, ...parts.filter((each) => each !== '\0'))),
      fc.string({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(paths, (given) => {
        try {
          const real = realpathSync.native(roots.resolve(given));
          expect(`${real}/`.startsWith(`${root}/`)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(ToolProblem);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('always, without a root', () => {
    expect(() => new Roots(() => [], 'the workspace').resolve('a.ts')).toThrow('outside of the workspace');
  });
});

describe('of several roots', () => {
  it('a path begins with the name of one, and is shown in this form', () => {
    const roots = new Roots(() => [root, path.join(outer, 'rootless')], 'the workspace');
    expect(roots.display(roots.resolve('rootless/c.ts'))).toBe('rootless/c.ts');
    expect(roots.display(roots.resolve('root/a.ts'))).toBe('root/a.ts');
    // Without the name, the first root that has the file counts.
    expect(roots.display(roots.resolve('c.ts'))).toBe('rootless/c.ts');
    expect(() => roots.resolve('../secret.ts')).toThrow('is outside');
  });
});
