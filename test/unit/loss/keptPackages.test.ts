import { mkdtempSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Cache } from '../../../src/loss/disk/diskCache';
import { DiskSources } from '../../../src/loss/diskSources';
import { instrumentation } from '../../../src/loss/providers/javascript/load/instrumentation';
import { link } from '../../../src/loss/providers/javascript/load/link';
import { ChosenPackages } from '../../../src/loss/providers/javascript/load/packages/chosenPackages';
import { installedPackageOf } from '../../../src/loss/providers/javascript/load/packages/installedPackage';
import { Workspace } from './workspace';

/** Modules are written to the cache if and only if they were parsed and rewritten. */
class MemoryCache implements Cache {
  readonly entries = new Map<string, Uint8Array>();
  writes = 0;

  read(key: string): Uint8Array | null {
    return this.entries.get(key) ?? null;
  }

  write(key: string, content: Uint8Array): void {
    this.writes++;
    this.entries.set(key, content.slice());
  }
}

const manifest = (fields: object) => JSON.stringify({ version: '1.0.0', ...fields });

/** A package of ECMAScript modules, one of CommonJS that it imports, and one that no value reaches. */
const files = {
  'main.mjs': `import { half, area } from 'curves'; import { id } from 'plain';
export const loss = ([x, y]) => half(x) * area(y) + id(1);`,
  'node_modules/curves/package.json': manifest({
    name: 'curves',
    type: 'module',
    exports: './index.js',
    dependencies: { circles: '1' },
  }),
  'node_modules/curves/index.js': `export { half } from './deep/half.js'; import { area as own } from 'circles';
import limits from './limits.json' with { type: 'json' }; export const area = (r) => own(r) + limits.least * 0;`,
  'node_modules/curves/deep/half.js': 'export function half(x) { return x / 2; }',
  'node_modules/curves/limits.json': '{ "least": 1 }',
  'node_modules/circles/package.json': manifest({ name: 'circles', main: './lib/main' }),
  'node_modules/circles/lib/main.js': `const { area } = require('./area'); exports.area = area;`,
  'node_modules/circles/lib/area.js': 'exports.area = function (r) { return 3 * r * r; };',
  'node_modules/plain/package.json': manifest({ name: 'plain', type: 'module', exports: './index.js' }),
  'node_modules/plain/index.js': 'export const id = (x) => x;',
};

async function linked(workspace: Workspace, cache: Cache | null, names = ['curves', 'circles']) {
  const chosen = new ChosenPackages();
  for (const name of names)
    chosen.add(installedPackageOf(workspace.path(`node_modules/${name}/package.json`))!);
  const passes = instrumentation();
  const folder = mkdtempSync(join(workspace.root, '.published-'));
  const { texts, problems, packageFiles } = await link(
    workspace.path('main.mjs'),
    new DiskSources(),
    folder,
    passes,
    chosen,
    null,
    cache,
  );
  const movable = (text: string) => text.replaceAll(folder, 'FOLDER');
  return {
    problems,
    texts: Object.fromEntries([...texts].map(([path, text]) => [movable(path), movable(text)])),
    files: Object.fromEntries([...packageFiles].map(([path, file]) => [basename(path), file])),
    sites: passes.siteTable.sites.map(({ file, from, to }) => [file, from, to]),
  };
}

describe('the rewritten modules of packages that a run kept', () => {
  it('are the same as without a cache: texts, places of operations, files', async () => {
    const workspace = new Workspace(files);
    const cache = new MemoryCache();
    const without = await linked(workspace, null);
    const first = await linked(workspace, cache);
    const second = await linked(workspace, cache);
    expect(without.sites.length).toBeGreaterThan(3);
    expect(Object.values(without.texts).join()).toContain('.div(');
    expect(first).toEqual(without);
    expect(second).toEqual(without);
    expect(cache.writes).toBe(1);
  });

  it('are used by another program with the same packages and the same imports', async () => {
    const workspace = new Workspace(files);
    const cache = new MemoryCache();
    await linked(workspace, cache);
    workspace.save('main.mjs', `${files['main.mjs']}\nexport const more = ([x]) => half(x) + x * x;`);
    expect(await linked(workspace, cache)).toEqual(await linked(workspace, null));
    expect(cache.writes).toBe(1);
  });

  const changes: [what: string, change: (workspace: Workspace) => void, writes?: 1][] = [
    [
      'the code of a module',
      (w) => w.save('node_modules/curves/deep/half.js', 'export const half = (x) => x / 3;'),
    ],
    [
      'one character, size and time as before',
      (w) =>
        w.save(
          'node_modules/circles/lib/area.js',
          files['node_modules/circles/lib/area.js'].replace('3', '4'),
        ),
    ],
    [
      'a comment only',
      (w) => w.save('node_modules/circles/lib/area.js', `/* */${files['node_modules/circles/lib/area.js']}`),
    ],
    ['a value of JSON', (w) => w.save('node_modules/curves/limits.json', '{ "least": 2 }')],
    [
      'the version of a package',
      (w) =>
        w.save(
          'node_modules/circles/package.json',
          manifest({ name: 'circles', version: '1.0.1', main: './lib/main' }),
        ),
    ],
    [
      'the main file of a package',
      (w) => {
        w.save('node_modules/circles/package.json', manifest({ name: 'circles', main: './lib/area' }));
      },
    ],
    [
      'the export map',
      (w) => {
        const exports = { '.': './other.js' };
        w.save('node_modules/curves/package.json', manifest({ name: 'curves', type: 'module', exports }));
        w.save('node_modules/curves/other.js', 'export const half = (x) => x / 4; export const area = half;');
      },
    ],
    [
      'a package.json in a folder that makes its modules CommonJS',
      (w) => w.save('node_modules/curves/deep/package.json', '{ "type": "commonjs" }'),
    ],
    [
      'a package.json that makes a folder another package',
      (w) => w.save('node_modules/circles/lib/package.json', manifest({ name: 'inner' })),
    ],
    [
      'a file that a specifier without an extension finds first',
      (w) => w.save('node_modules/circles/lib/area', 'exports.area = (r) => r;'),
    ],
    [
      'a version of a dependency below the package',
      (w) => {
        w.save(
          'node_modules/curves/node_modules/circles/package.json',
          manifest({ name: 'circles', main: './m.js' }),
        );
        w.save('node_modules/curves/node_modules/circles/m.js', 'exports.area = (r) => r * r;');
      },
    ],
    [
      'a module that is not there any more',
      (w) =>
        renameSync(w.path('node_modules/circles/lib/area.js'), w.path('node_modules/circles/lib/gone.js')),
    ],
    [
      'a link in place of a module',
      (w) => {
        w.save('node_modules/circles/lib/target.js', 'exports.area = (r) => 7 * r;');
        renameSync(w.path('node_modules/circles/lib/area.js'), w.path('node_modules/circles/lib/old.js'));
        w.symlink('node_modules/circles/lib/target.js', 'node_modules/circles/lib/area.js');
      },
    ],
    [
      'an open import of the program, which may call other code',
      (w) => w.save('main.mjs', `${files['main.mjs']}\nexport const more = (name) => import(name);`),
      1,
    ],
    [
      'objects with a length of their own',
      (w) => w.save('main.mjs', `${files['main.mjs']}\nexport const list = { length: 2.5 };`),
    ],
  ];
  it.each(changes)('are not used after a change: %s', async (_, change, writes) => {
    const workspace = new Workspace(files);
    const cache = new MemoryCache();
    await linked(workspace, cache);
    change(workspace);
    // Whether other code may be called was true before, because `plain` is not chosen.
    expect(await linked(workspace, cache)).toEqual(await linked(workspace, null));
    expect(cache.writes).toBe(writes ?? 2);
  });

  it('are used by a program that imports other names, of CommonJS too', async () => {
    const workspace = new Workspace(files);
    const cache = new MemoryCache();
    for (const [curves, circles] of [
      ['half', 'area'],
      ['area as a', 'area as b, other'],
      ['half as a', 'default as b'],
    ]) {
      workspace.save(
        'main.mjs',
        `import { ${curves} } from 'curves'; export { ${circles} } from 'circles'; export const loss = (x) => x;`,
      );
      expect(await linked(workspace, cache)).toEqual(await linked(workspace, null));
    }
    expect(cache.writes).toBe(1);
  });

  it('are not used by a program in which other packages are rewritten', async () => {
    const workspace = new Workspace(files);
    const cache = new MemoryCache();
    for (const names of [['curves'], ['curves', 'circles'], ['curves', 'circles', 'plain']])
      expect(await linked(workspace, cache, names)).toEqual(await linked(workspace, null, names));
    expect(cache.writes).toBe(3);
  });

  it('are not kept if a package cannot be rewritten, or has TypeScript', async () => {
    const broken = { ...files, 'node_modules/circles/lib/area.js': 'exports.area = %%;' };
    const typed = {
      ...files,
      'node_modules/curves/index.js': `export * from './typed.ts';`,
      'node_modules/curves/typed.ts': 'export const half = (x: number) => x / 2; export const area = half;',
    };
    for (const each of [broken, typed]) {
      const cache = new MemoryCache();
      await linked(new Workspace(each), cache);
      expect(cache.writes).toBe(0);
    }
  });

  it('are not kept after code has replaced functions of the engine, on which the texts may depend', async () => {
    const own = String.prototype.padEnd;
    onTestFinished(() => {
      String.prototype.padEnd = own;
      Reflect.deleteProperty(Array.prototype, 'added');
    });
    const workspace = new Workspace(files);
    const cache = new MemoryCache();
    String.prototype.padEnd = function (...args) {
      return own.apply(this, args);
    };
    await linked(workspace, cache);
    String.prototype.padEnd = own;
    Object.assign(Array.prototype, { added: 1 });
    await linked(workspace, cache);
    expect(cache.writes).toBe(0);
    Reflect.deleteProperty(Array.prototype, 'added');
    await linked(workspace, cache);
    expect(cache.writes).toBe(1);
  });
});
