import { spawn } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DiskCache } from '../../../src/loss/disk/diskCache';

const bytes = (text: string) => Buffer.from(text);
const textOf = (content: Uint8Array | null) => content && Buffer.from(content).toString();

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'adamscope-cache-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const open = (folder: string, { name = 'a', limit = 2 ** 20 } = {}) =>
  new DiskCache(folder, () => name, limit);

describe('the cache on disk', () => {
  it('returns what was written, also to another process of the same build', () => {
    const folder = path.join(temporaryFolder(), 'made', 'when needed');
    expect(open(folder).read('key')).toBeNull();
    open(folder).write('key', bytes('one'));
    open(folder).write('other', bytes(''));
    open(folder).write('key', bytes('two'));
    expect(textOf(open(folder).read('key'))).toBe('two');
    expect(textOf(open(folder).read('other'))).toBe('');
  });

  it('returns nothing that another build wrote', () => {
    const folder = temporaryFolder();
    open(folder, { name: 'a' }).write('key', bytes('one'));
    expect(open(folder, { name: 'b' }).read('key')).toBeNull();
  });

  it.each([
    ['one bit differs', (content: Buffer) => content.with(content.length - 1, content.at(-1)! ^ 1)],
    ['the checksum differs', (content: Buffer) => content.with(0, content[0]! ^ 128)],
    ['the end is missing', (content: Buffer) => content.subarray(0, -1)],
    ['only a part of the checksum was written', (content: Buffer) => content.subarray(0, 7)],
    ['it is empty', () => new Uint8Array(0)],
    ['there is more at its end', (content: Buffer) => Buffer.concat([content, bytes('x')])],
  ])('ignores and removes a damaged entry: %s', (_, damage) => {
    const folder = temporaryFolder();
    open(folder).write('key', bytes('content'));
    const file = path.join(folder, readdirSync(folder)[0]!);
    writeFileSync(file, damage(readFileSync(file)));
    expect(open(folder).read('key')).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
    open(folder).write('key', bytes('again'));
    expect(textOf(open(folder).read('key'))).toBe('again');
  });

  it('removes the entries that were not used for the longest time', () => {
    const folder = temporaryFolder();
    const cache = open(folder, { limit: 1000 });
    const write = (key: string, usedAt: number) => {
      const before = new Set(readdirSync(folder));
      cache.write(key, Buffer.alloc(200));
      const [name] = readdirSync(folder).filter((each) => !before.has(each));
      utimesSync(path.join(folder, name!), usedAt, usedAt);
    };
    for (const [i, key] of ['a', 'b', 'c', 'd'].entries()) write(key, 1000 + i);
    expect(cache.read('a')).not.toBeNull();
    // 5 · 232 bytes are too many; 3 · 232 are at most three quarters of the limit.
    cache.write('e', Buffer.alloc(200));
    expect(['a', 'b', 'c', 'd', 'e'].filter((key) => cache.read(key))).toEqual(['a', 'd', 'e']);
  });

  it('keeps no entry that is larger than its limit', () => {
    const folder = temporaryFolder();
    open(folder, { limit: 1000 }).write('key', Buffer.alloc(1000));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('removes the files of processes that were ended while they wrote, and no others', () => {
    const folder = temporaryFolder();
    const name = `${'0'.repeat(64)}.7.x.tmp`;
    for (const [file, age] of [
      [name, 7200],
      [`${'1'.repeat(64)}.7.x.tmp`, 10],
      ['notes.txt', 7200],
    ] as const) {
      writeFileSync(path.join(folder, file), 'x');
      utimesSync(path.join(folder, file), Date.now() / 1000 - age, Date.now() / 1000 - age);
    }
    open(folder).write('key', bytes('one'));
    expect(readdirSync(folder)).toHaveLength(3);
    expect(readdirSync(folder)).not.toContain(name);
  });

  it.each([
    ['a file has its name', (folder: string) => writeFileSync(folder, '')],
    ['its name is not valid', () => {}, '\0'],
  ])('is empty if its folder cannot be made: %s', (_, prepare, name = 'cache') => {
    const folder = path.join(temporaryFolder(), name);
    prepare(folder);
    open(folder).write('key', bytes('one'));
    expect(open(folder).read('key')).toBeNull();
  });

  // The administrator may write everywhere.
  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'reads from a folder that may only be read, and writes nothing',
    () => {
      const folder = temporaryFolder();
      open(folder).write('key', bytes('one'));
      chmodSync(folder, 0o500);
      onTestFinished(() => chmodSync(folder, 0o700));
      open(folder).write('other', bytes('two'));
      expect(textOf(open(folder).read('key'))).toBe('one');
      expect(open(folder).read('other')).toBeNull();
    },
  );

  it.skipIf(process.platform === 'win32')('can be read by the user alone', () => {
    const folder = path.join(temporaryFolder(), 'cache');
    open(folder).write('key', bytes('one'));
    const modes = [folder, path.join(folder, readdirSync(folder)[0]!)].map(
      (each) => statSync(each).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600]);
  });

  it('returns complete entries while several processes write and evict', async () => {
    const folder = temporaryFolder();
    const module = path.join(folder, 'diskCache.cjs');
    const entryPoints = [path.join(import.meta.dirname, '../../../src/loss/disk/diskCache.ts')];
    await build({ entryPoints, outfile: module, bundle: true, platform: 'node', format: 'cjs' });
    const cacheFolder = path.join(folder, 'cache');
    const program = `const { DiskCache } = require(${JSON.stringify(module)});
const cache = new DiskCache(${JSON.stringify(cacheFolder)}, () => 'a', 40000);
let hits = 0;
for (let i = 0; i < 400; i++) {
  const key = String(i % 20);
  cache.write(key, Buffer.alloc(3000, i % 20));
  const content = cache.read(String((i * 7) % 20));
  if (content && (content.length !== 3000 || content.some((each) => each !== (i * 7) % 20))) process.exit(3);
  if (content) hits++;
}
process.exit(hits > 0 ? 0 : 4);`;
    const codes = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise((resolve) =>
            spawn(process.execPath, ['-e', program], { stdio: 'inherit' }).once('exit', resolve),
          ),
      ),
    );
    expect(codes).toEqual([0, 0, 0]);
    const sizes = readdirSync(cacheFolder).map((name) => statSync(path.join(cacheFolder, name)).size);
    // Each of the processes may have written one entry after another one has removed some.
    expect(sizes.reduce((sum, each) => sum + each, 0)).toBeLessThan(40000 + 3 * 3032);
    expect(readdirSync(cacheFolder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
