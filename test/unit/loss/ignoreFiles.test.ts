import { describe, expect, it } from 'vitest';
import { IgnoreFiles } from '../../../src/loss/discovery/ignoreFiles';

function rules(files: Readonly<Record<string, string>>): IgnoreFiles {
  return new IgnoreFiles((path) => files[path]);
}

describe('ignore files', () => {
  it('ignore nothing if there are none', () => {
    expect(rules({}).ignores('a/b.ts', 'file')).toBe(false);
  });

  it.each<[string, boolean]>([
    ['generated/a.ts', true],
    ['src/generated/deep/a.ts', true],
    ['src/a.gen.ts', true],
    ['src/keep.gen.ts', false],
    ['only/a.ts', true],
    ['src/only/a.ts', false],
    ['src/a.ts', false],
  ])('are read like git reads them, with patterns, negations and anchors: %s', (path, ignored) => {
    const ignore = rules({ '.gitignore': 'generated/\n*.gen.ts\n!keep.gen.ts\n/only\n' });
    expect(ignore.ignores(path, 'file')).toBe(ignored);
  });

  it('give priority to the file nearest to a path', () => {
    const ignore = rules({ '.gitignore': '*.tmp.ts\n', 'src/.gitignore': '!a.tmp.ts\nb.ts\n' });
    expect(ignore.ignores('src/a.tmp.ts', 'file')).toBe(false);
    expect(ignore.ignores('a.tmp.ts', 'file')).toBe(true);
    expect(ignore.ignores('src/b.ts', 'file')).toBe(true);
    expect(ignore.ignores('b.ts', 'file')).toBe(false);
  });

  it('cannot include a file again below an ignored folder', () => {
    const ignore = rules({ '.gitignore': 'out\n', 'out/.gitignore': '!a.ts\n' });
    expect(ignore.ignores('out', 'folder')).toBe(true);
    expect(ignore.ignores('out/a.ts', 'file')).toBe(true);
  });

  it('distinguish folders from files', () => {
    const ignore = rules({ '.gitignore': 'cache/\n' });
    expect(ignore.ignores('cache', 'folder')).toBe(true);
    expect(ignore.ignores('cache', 'file')).toBe(false);
  });
});
