import { execFileSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { link } from '../../../src/loss/providers/javascript/load/link';
import { locateError, mapStack } from '../../../src/loss/providers/javascript/load/locateError';
import type { readGraph as readGraphOfOurs } from '../../../src/loss/providers/javascript/load/moduleGraph';
import { load, resultOf, Workspace } from './workspace';

/** Programs of several files. The first file is the entry and exports `result`. */
const programs: [name: string, files: Record<string, string>, result: unknown][] = [
  [
    'a specifier with .js that means .ts',
    { 'a.ts': `export { b as result } from './b.js'`, 'b.ts': 'export const b: number = 1' },
    1,
  ],
  [
    '.mjs means .mts, .cjs means .cts',
    {
      'a.ts': `import { b } from './b.mjs'; import c from './c.cjs'; export const result = b + c`,
      'b.mts': 'export const b: number = 1',
      'c.cts': 'export = 2',
    },
    3,
  ],
  ['extensionless', { 'a.ts': `export { b as result } from './b'`, 'b.ts': 'export const b = 1' }, 1],
  [
    '.ts before .js',
    {
      'a.ts': `export { b as result } from './b'`,
      'b.ts': 'export const b = 1',
      'b.js': 'export const b = 2',
    },
    1,
  ],
  [
    'a folder with an index',
    { 'a.ts': `export { b as result } from './b'`, 'b/index.ts': 'export const b = 1' },
    1,
  ],
  ['.', { 'x/a.ts': `export { b as result } from '.'`, 'x/index.ts': 'export const b = 1' }, 1],
  ['.ts written out', { 'a.ts': `export { b as result } from './b.ts'`, 'b.ts': 'export const b = 1' }, 1],
  [
    '.tsx without JSX',
    { 'a.ts': `export { b as result } from './b'`, 'b.tsx': 'export const b = (<T,>(x: T) => x)(2)' },
    2,
  ],
  [
    'default exports',
    {
      'a.ts': `import b, { c as d } from './b'; export const result = b() + d`,
      'b.ts': 'export default function () { return 1 }\nexport const c = 2',
    },
    3,
  ],
  [
    'export default of a name',
    { 'a.ts': `import b from './b'; export const result = b`, 'b.ts': 'const q = 4; export default q' },
    4,
  ],
  [
    'export * and export * as',
    {
      'a.ts': `import { x, ns } from './b'; export const result = x + ns.y`,
      'b.ts': `export * from './c'; export * as ns from './d'`,
      'c.ts': 'export const x = 1',
      'd.ts': 'export const y = 2',
    },
    3,
  ],
  [
    'live bindings',
    {
      'a.ts': `import { n, up } from './b'; up(); up(); export const result = n`,
      'b.ts': 'export let n = 0; export function up() { n++ }',
    },
    2,
  ],
  [
    'a cycle',
    {
      'a.ts': `import { b } from './b'; export function a(): number { return 1 } export const result = b()`,
      'b.ts': `import { a } from './a'; export function b(): number { return a() + 1 }`,
    },
    2,
  ],
  [
    'top-level await',
    {
      'a.ts': `import { b } from './b'; export const result = b`,
      'b.ts': 'export const b = await Promise.resolve(5)',
    },
    5,
  ],
  [
    'JSON with attributes',
    {
      'a.ts': `import d from './d.json' with { type: 'json' }; export const result = d.k`,
      'd.json': '{ "k": 2 }',
    },
    2,
  ],
  [
    'JSON without attributes, by name',
    {
      'a.ts': `import d, { k } from './d.json'; import * as n from './d.json'; export const result = d.k + k + n.k`,
      'd.json': '{ "k": 2 }',
    },
    6,
  ],
  [
    'JSON of a list',
    { 'a.ts': `import d from './d.json'; export const result = d[1]`, 'd.json': '\ufeff[1, 2]' },
    2,
  ],
  [
    'style sheets, images and fonts are empty modules',
    {
      'a.ts': `import './a.css'; import * as style from './b.module.scss'; import { title } from './c.less'; import logo from './d.svg?url'; export const result = [typeof style.default, title, typeof logo]`,
      'a.css': 'p { color: red }',
      'b.module.scss': '',
      'c.less': '',
      'd.svg': '<svg/>',
    },
    ['object', undefined, 'object'],
  ],
  [
    'names of a CommonJS package that Node does not find in its text',
    {
      'a.ts': `import all, { sum, type Shape } from 'p'; import * as ns from 'p'; export { twice } from 'p'; const s: Shape = 1; export const result = [sum(1, s), all.twice(2), ns.sum(2, 3), ns.default === all]`,
      'node_modules/p/package.json': '{ "name": "p", "main": "i.js" }',
      'node_modules/p/i.js':
        'const p = { sum: (a, b) => a + b, twice: (x) => 2 * x }; for (const k in p) module.exports[k] = p[k]',
    },
    [2, 4, 5, true],
  ],
  [
    'the default of a CommonJS package that was compiled from an ECMAScript module',
    {
      'a.ts': `import f, { k } from 'p'; export const result = [f(), k]`,
      'node_modules/p/package.json': '{ "name": "p", "main": "i.js" }',
      'node_modules/p/i.js':
        'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = () => 1; exports.k = 2',
    },
    [1, 2],
  ],
  [
    'the same in a module that Node itself would run: the default is module.exports',
    {
      'a.mts': `import f from 'p'; export const result = f.default()`,
      'node_modules/p/package.json': '{ "name": "p", "main": "i.js" }',
      'node_modules/p/i.js':
        'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = () => 1',
    },
    1,
  ],
  [
    'one JSON value for import and require',
    {
      'a.ts': `import d from './d.json'; import c from './c.cjs'; export const result = c === d`,
      'c.cjs': `module.exports = require('./d.json')`,
      'd.json': '{}',
    },
    true,
  ],
  [
    'names from CommonJS',
    {
      'a.ts': `import { f, g, h } from './b.cjs'; export const result = f() + g + h`,
      'b.cjs': 'function f() { return 1 }\nmodule.exports = { f, g: f() + 1 }; module.exports.h = 3',
    },
    6,
  ],
  [
    'names that CommonJS makes as it runs',
    {
      'a.ts': `import { f } from './b.cjs'; export const result = f`,
      'b.cjs': `for (const k of ['f']) exports[k] = 8`,
    },
    8,
  ],
  [
    'CommonJS in a .js file by its syntax',
    { 'a.js': `const { b } = require('./b'); exports.result = b`, 'b.js': 'exports.b = 3' },
    3,
  ],
  [
    'module.exports = f',
    {
      'a.ts': `import f from './b'; export const result = f([1])`,
      'b.js': 'module.exports = function loss([x]) { return x }',
    },
    1,
  ],
  [
    'require of TypeScript',
    {
      'a.cjs': `exports.result = require('./b').b + require('./c').c`,
      'b.ts': 'export const b: number = 3',
      'c.cts': 'const c: number = 1; export = { c }',
    },
    4,
  ],
  [
    'import = and export =',
    {
      'a.cts': `import b = require('./b.cjs'); export = { result: b.k }`,
      'b.cts': 'const k: number = 3; export = { k }',
    },
    3,
  ],
  [
    'import = in an ECMAScript module',
    {
      'a.ts': `import b = require('./b.cjs'); import c = require('./c'); export const result = b.k + c.c`,
      'b.cts': 'const k: number = 3; export = { k }',
      'c.ts': 'export const c = 1',
    },
    4,
  ],
  [
    'import x = a.b',
    {
      'a.ts': `import * as n from './b'; import k = n.k; export const result = k`,
      'b.ts': 'export const k = { v: 1 }.v',
    },
    1,
  ],
  [
    'types among imports',
    {
      'a.ts': `import { T, type U, v, K } from './b'; const x: T | U | K = v; export const result = x`,
      'b.ts': 'export type T = number; export interface U {} export class K {} export const v = 2',
    },
    2,
  ],
  [
    'an import of types alone is not looked for',
    {
      'a.ts': `import { T } from './gone'; import type { U } from 'no-such-package'; export const result: T = 1`,
    },
    1,
  ],
  [
    'a type passed on',
    {
      'a.ts': `import { T, v } from './b'; export { T }; export const result = v`,
      'b.ts': `export { T, v } from './c'`,
      'c.ts': 'export interface T {} export const v = 1',
    },
    1,
  ],
  [
    'a type passed on under a default',
    {
      'a.ts': `import { v } from './b'; export const result = v`,
      'b.ts': 'interface T {} export default T; export const v = 1; type Q = 1; export { Q }',
    },
    1,
  ],
  [
    'types of a .d.ts passed on',
    {
      'a.ts': `export { T } from './t'; export * from './t'; export const result = 1`,
      't.d.ts': 'export interface T {}',
    },
    1,
  ],
  [
    'a type and a value of one name',
    {
      'a.ts': `import { T } from './b'; export { T }; export const result = T`,
      'b.ts': 'export type T = number; export const T = 3',
    },
    3,
  ],
  [
    'a shadowed type name',
    {
      'a.ts': `import { T } from './b'; function f(T: number): T { return T } export const result = f(1)`,
      'b.ts': 'export type T = number',
    },
    1,
  ],
  [
    'an enum of another module',
    { 'a.ts': `import { E } from './b'; export const result = E.B`, 'b.ts': 'export const enum E { A, B }' },
    1,
  ],
  [
    'class and default type-only neighbours',
    {
      'a.ts': `import D, { v } from './b'; let x: D | undefined; export const result = v`,
      'b.ts': 'export default class {} export const v = 1',
    },
    1,
  ],
  [
    'namespace import used as type alone',
    { 'a.ts': `import * as n from './none'; export const result = 1; export type Q = n.X` },
    1,
  ],
  [
    'node builtins',
    {
      'a.ts': `import { join } from 'node:path'; import fs from 'fs'; export const result = join('a', 'b') + typeof fs.readFileSync`,
    },
    'a/bfunction',
  ],
  [
    'package imports',
    {
      'a.ts': `export { b as result } from '#b'`,
      'b.ts': 'export const b = 1',
      'package.json': '{ "imports": { "#b": "./b.ts" } }',
    },
    1,
  ],
  [
    'package exports with conditions',
    {
      'a.ts': `import { b } from 'p/b'; export const result = b`,
      'node_modules/p/package.json':
        '{ "name": "p", "exports": { "./b": { "require": "./r.cjs", "import": "./i.mjs" } } }',
      'node_modules/p/i.mjs': 'export const b = 1',
      'node_modules/p/r.cjs': 'exports.b = 2',
    },
    1,
  ],
  [
    'package exports for require',
    {
      'a.cjs': `exports.result = require('p/b').b`,
      'node_modules/p/package.json':
        '{ "name": "p", "exports": { "./b": { "require": "./r.cjs", "import": "./i.mjs" } } }',
      'node_modules/p/i.mjs': 'export const b = 1',
      'node_modules/p/r.cjs': 'exports.b = 2',
    },
    2,
  ],
  [
    'an installed package that ships its sources',
    {
      'a.ts': `import { b } from 'p'; export const result = b`,
      'node_modules/p/package.json': '{ "name": "p", "main": "./index.js" }',
      'node_modules/p/index.js': 'exports.b = 1',
      'node_modules/p/index.ts': 'export const b = 2',
    },
    1,
  ],
  [
    'tsconfig paths',
    {
      'src/a.ts': `import { b } from '@lib/b'; export const result = b`,
      'lib/b.ts': 'export const b = 1',
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }',
    },
    1,
  ],
  [
    'tsconfig paths, inherited',
    {
      'src/a.ts': `import { b } from '@lib/b.js'; export const result = b`,
      'lib/b.ts': 'export const b = 1',
      'base.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "@lib/*": ["lib/*"] } } }',
      'tsconfig.json': '{ // a comment\n "extends": "./base.json" }',
    },
    1,
  ],
  [
    'baseUrl',
    {
      'src/a.ts': `import { b } from 'lib/b'; export const result = b`,
      'lib/b.ts': 'export const b = 1',
      'tsconfig.json': '{ "compilerOptions": { "baseUrl": "." } }',
    },
    1,
  ],
  [
    'paths of a referenced config',
    {
      'src/a.ts': `import { b } from '~/b'; export const result = b`,
      'src/b.ts': 'export const b = 1',
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
      'tsconfig.app.json': '{ "include": ["src"], "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
    },
    1,
  ],
  [
    'fields of an old target',
    {
      'a.ts': `class A { x?: number }\nexport const result = Object.keys(new A()).length`,
      'tsconfig.json': '{ "compilerOptions": { "target": "es2020" } }',
    },
    0,
  ],
  [
    'dynamic import',
    { 'a.ts': `export const result = (await import('./b')).b`, 'b.ts': 'export const b = 1' },
    1,
  ],
  [
    'dynamic import of a computed name',
    {
      'a.ts': `import './b'; const n = 'b'; export const result = (await import('./' + n)).b`,
      'b.ts': 'export const b = 1',
    },
    1,
  ],
  [
    'dynamic import of a file that was not linked',
    {
      'a.ts': `const n = 'b'; export const result = (await import(\`./\${n}.mjs\`)).b`,
      'b.mjs': 'export const b = 1',
    },
    1,
  ],
  [
    'require in an ECMAScript module',
    {
      'a.ts': `const { b } = require('./b'); export const result = b + typeof require('node:fs').statSync`,
      'b.cjs': 'exports.b = 1',
    },
    '1function',
  ],
  [
    'a computed require',
    { 'a.cjs': `require('./b'); exports.result = require('./' + 'b').b`, 'b.ts': 'export const b = 1' },
    1,
  ],
  [
    'a local function named require',
    {
      'a.ts': `function f(require: (x: string) => string) { return require('./none') } export const result = f((x) => x)`,
    },
    './none',
  ],
  [
    'an optional require',
    { 'a.cjs': `let x = 1; try { x = require('no-such-package') } catch {} exports.result = x` },
    1,
  ],
  [
    'a script with return and octal numbers',
    {
      'a.ts': `import b from './b.cjs'; export const result = b`,
      'b.cjs': 'module.exports = 010; return; module.exports = 1',
    },
    8,
  ],
  [
    'a directive stays first',
    {
      'a.cjs': `'use strict'; exports.result = (function () { return this })() === undefined && __filename.length > 0`,
    },
    true,
  ],
  ['a hashbang', { 'a.ts': '#!/usr/bin/env node\nexport const result: number = 1' }, 1],
  [
    'package type decides where syntax does not',
    {
      'a.ts': `import './b.js'; export const result = globalThis.strictB`,
      'b.js': 'globalThis.strictB = (function () { return this })() === undefined',
      'package.json': '{ "type": "module" }',
    },
    true,
  ],
  [
    'exports under another name',
    {
      'a.ts': `import { f } from './b.cjs'; export const result = f`,
      'b.cjs': 'const e = (module.exports = {}); e.f = 4;',
    },
    4,
  ],
  [
    'a universal module',
    {
      'a.ts': `import { v } from './u'; export const result = v`,
      'u.js': `(function (make) { if (typeof module === 'object' && module.exports) module.exports = make() })(function () { return { v: 4 } })`,
    },
    4,
  ],
];

describe('linking', () => {
  test.each(programs)('%s', async (_name, files, expected) => {
    expect(await resultOf(files)).toEqual(expected);
  });

  test('places refer to the original files', async () => {
    const workspace = new Workspace({
      'src/a.ts': `import { fileURLToPath } from 'node:url';
import c from './c.cjs';
export const result = [fileURLToPath(import.meta.url), import.meta.filename, import.meta.dirname, __filename, c.file, c.dir, { __dirname }.__dirname];
export const meta = import.meta;
export const asset = new URL('./data.txt', import.meta.url).pathname;
export const found = import.meta.resolve('./c.cjs');`,
      'src/c.cjs': 'module.exports = { file: __filename, dir: __dirname }',
    });
    const { result, meta, asset } = await workspace.load('src/a.ts');
    const [a, src] = [workspace.path('src/a.ts'), workspace.path('src')];
    expect(result).toEqual([a, a, src, a, workspace.path('src/c.cjs'), src, src]);
    expect((meta as unknown as ImportMeta).filename).toBe(a);
    expect(asset).toBe(workspace.path('src/data.txt'));
  });

  test('unsaved texts are used, also of imported files, and every link reads them again', async () => {
    const workspace = new Workspace({
      'a.ts': `export { b as result } from './b'`,
      'b.ts': 'export const b = 1',
    });
    expect((await workspace.load('a.ts')).result).toBe(1);
    workspace.type('b.ts', 'export const b = 2');
    expect((await workspace.load('a.ts')).result).toBe(2);
  });

  test('a file that was never saved is found', async () => {
    const workspace = new Workspace({ 'a.ts': `export { b as result } from './new/b.js'` });
    workspace.type('new/b.ts', 'export const b = 7');
    expect((await workspace.load('a.ts')).result).toBe(7);
  });

  test('a workspace package in TypeScript is found through its symbolic link', async () => {
    const workspace = new Workspace({
      'app/a.ts': `import { b } from '@w/b'; import { deep } from '@w/b/deep'; import { c } from '@w/c'; export const result = b + deep + c`,
      'packages/b/package.json':
        '{ "name": "@w/b", "exports": { ".": "./src/index.ts", "./*": "./src/*.ts" } }',
      'packages/b/src/index.ts': `export { b } from './b.js'`,
      'packages/b/src/b.ts': 'export const b: number = 1',
      'packages/b/src/deep.ts': 'export const deep: number = 10',
      'packages/c/package.json': '{ "name": "@w/c", "main": "./dist/index.js", "types": "./src/index.ts" }',
      'packages/c/src/index.ts': 'export const c: number = 100',
    });
    workspace.symlink('packages/b', 'node_modules/@w/b');
    workspace.symlink('packages/c', 'node_modules/@w/c');
    workspace.type('packages/b/src/b.ts', 'export const b: number = 2');
    expect((await workspace.load('app/a.ts')).result).toBe(112);
  });

  test('a workspace package that is not built is found, although its exports refer to the output', async () => {
    const workspace = new Workspace({
      'app/a.ts': `import { b } from '@w/b'; import { c } from '@w/b/c'; export const result = b + c`,
      'packages/b/package.json': `{ "name": "@w/b", "type": "module", "exports": {
        ".": { "types": "./dist/index.d.ts", "import": "./dist/index.js" }, "./*": "./dist/*.js" } }`,
      'packages/b/src/index.ts': `import { c } from './c.js'; export const b: number = c * 10`,
      'packages/b/src/c.ts': 'export const c: number = 2',
    });
    workspace.symlink('packages/b', 'node_modules/@w/b');
    expect((await workspace.load('app/a.ts')).result).toBe(22);
  });

  test('a missing file of an installed package is reported as such', async () => {
    const workspace = new Workspace({
      'a.ts': `import { x } from 'closed/inner';\nimport { y } from '#inner';\nimport { z } from 'gone/inner';\nexport const result = x + y + z`,
      'node_modules/closed/package.json': '{ "name": "closed", "exports": { ".": "./index.js" } }',
      'node_modules/closed/index.js': 'exports.x = 1',
    });
    const { problems } = await workspace.link('a.ts');
    expect(problems.map(({ message }) => message)).toEqual([
      'cannot find "closed/inner": the package closed is installed, but does not export a file of that name',
      'cannot find "#inner": no entry under "imports" of package.json leads to a file',
      'cannot find "gone/inner": no package gone is installed here, and no path mapping matches',
    ]);
  });

  test('a workspace that is opened through a link sees its unsaved texts', async () => {
    const workspace = new Workspace({
      'real/a.ts': `import { b } from './b'; import { c } from 'c'; export const result = b + c`,
      'real/b.ts': 'export const b = 1',
      'real/packages/c/package.json': '{ "name": "c", "exports": "./c.ts" }',
      'real/packages/c/c.ts': 'export const c = 1',
    });
    workspace.symlink('real', 'opened');
    workspace.symlink('real/packages/c', 'real/node_modules/c');
    workspace.type('opened/b.ts', 'export const b = 20');
    workspace.type('opened/packages/c/c.ts', 'export const c = 300');
    expect((await workspace.load('opened/a.ts')).result).toBe(320);
  });

  test('the files of the program are listed', async () => {
    const workspace = new Workspace({
      'a.ts': `import './b'; import './d.json'`,
      'b.ts': '',
      'd.json': '1',
      'tsconfig.json': '{}',
    });
    const { files } = await workspace.link('a.ts');
    const expected = ['a.ts', 'b.ts', 'd.json', 'tsconfig.json'].map((file) => workspace.path(file));
    expect([...files].sort()).toEqual(expected);
  });

  test('a real project can be linked: our own sources', async () => {
    const workspace = new Workspace({});
    const sources = join(import.meta.dirname, '../../../src');
    const linked = await link(
      join(sources, 'loss/providers/javascript/load/moduleGraph.ts'),
      workspace,
      join(workspace.root, '.published'),
    );
    const { readGraph } = (await load(linked)) as { readGraph: typeof readGraphOfOurs };
    const program = new Workspace({
      'a.ts': "import { b } from './b';\nexport const a: number = b;",
      'b.ts': 'export const b = 1;',
    });
    const { nodes } = await readGraph(join(program.root, 'a.ts'), program);
    expect([...nodes.keys()].map((file) => basename(file))).toEqual(['a.ts', 'b.ts']);
    expect(linked.modules.size).toBeGreaterThan(10);
  });

  test('the linked program runs in a plain node process', async () => {
    const workspace = new Workspace({
      'a.ts': `import c from './c.cjs'; import d from './d.json'; export const result: number = c.k + d.k + (await import('./e')).e;`,
      'c.cjs': `module.exports = { k: require('./e').e }`,
      'd.json': '{ "k": 10 }',
      'e.ts': 'export const e: number = 100',
    });
    const { entryUrl } = await workspace.link('a.ts');
    const script = `import(${JSON.stringify(entryUrl)}).then((m) => console.log(m.result))`;
    const output = execFileSync(process.execPath, ['-e', script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(output.trim()).toBe('210');
  });
});

/** Programs, with the problem of the first file: its code, the marked text and the replacement. */
const broken: [
  name: string,
  files: Record<string, string>,
  code: string,
  at: string,
  replacement?: string,
][] = [
  [
    'no such file',
    { 'a.ts': `import { b } from './ratee';\nexport const c = b`, 'rate.ts': '' },
    'unresolved-import',
    './ratee',
    './rate',
  ],
  [
    'no such file, with an extension',
    { 'a.ts': `import { b } from './x/ratee.js';\nexport const c = b`, 'x/rate.ts': '' },
    'unresolved-import',
    './x/ratee.js',
    './x/rate.js',
  ],
  [
    'no such package',
    { 'a.ts': `import b from '@no/such'; export const c = b` },
    'unresolved-import',
    '@no/such',
  ],
  [
    'no such export',
    { 'a.ts': `import { ros } from './b'; export const c = ros`, 'b.ts': 'export const rose = 1' },
    'missing-export',
    'ros',
    'rose',
  ],
  [
    'no such export, behind export *',
    {
      'a.ts': `import { ros } from './b'; export const c = ros`,
      'b.ts': `export * from './c'`,
      'c.ts': 'export const rose = 1',
    },
    'missing-export',
    'ros',
    'rose',
  ],
  [
    'no such export in JavaScript',
    { 'a.js': `import { nope } from './b.js'; nope()`, 'b.js': 'export const gradient = 1' },
    'missing-export',
    'nope',
  ],
  [
    'no default export',
    { 'a.ts': `import b from './b'; export const c = b`, 'b.ts': 'export const x = 1' },
    'missing-export',
    'b',
  ],
  [
    'no such re-export',
    { 'a.ts': `export { ros } from './b'`, 'b.ts': 'export const rose = 1' },
    'missing-export',
    'ros',
    'rose',
  ],
  [
    'no such name of CommonJS',
    { 'a.ts': `import { fo } from './b.cjs'; export const c = fo`, 'b.cjs': 'module.exports = { foo: 1 }' },
    'missing-export',
    'fo',
    'foo',
  ],
  [
    'a file that is neither code nor data',
    { 'a.ts': `import './a.wat'`, 'a.wat': '' },
    'unresolved-import',
    './a.wat',
  ],
  ['an addon', { 'a.ts': `import './a.node'`, 'a.node': '' }, 'unresolved-import', './a.node'],
  [
    'JSON that is none',
    { 'a.ts': `import d from './d.json'; export const c = d`, 'd.json': '{ "k": }' },
    'json',
    '}',
  ],
  ['a syntax error in an import', { 'a.ts': `import './b'`, 'b.ts': 'let x = ;' }, 'syntax', ';'],
  [
    'require of a module that awaits',
    { 'a.cjs': `require('./b')`, 'b.ts': `import './c'; export {}`, 'c.ts': 'await 1; export {}' },
    'require-awaits',
    './b',
  ],
  [
    'declarations alone',
    {
      'a.ts': `import { b } from './b'; export const c = b()`,
      'b.d.ts': 'export declare function b(): number',
    },
    'unresolved-import',
    './b',
  ],
];

describe('problems of a program have a place', () => {
  test.each(broken)('%s', async (_name, files, code, at, replacement) => {
    const workspace = new Workspace(files);
    const { problems, modules } = await workspace.link(Object.keys(files)[0]!);
    expect(problems.map((problem) => [problem.code, problem.severity, problem.replacement])).toEqual([
      [code, 'error', replacement],
    ]);
    const { file, line, column, endColumn } = problems[0]!.location;
    expect(
      workspace
        .read(file)!
        .split('\n')
        [line - 1]!.slice(column - 1, endColumn - 1),
    ).toBe(at);
    expect(modules).toBeDefined();
  });

  test('all problems of all modules are reported', async () => {
    const workspace = new Workspace({
      'a.ts': `import { x } from './none1';\nimport './none2';\nimport './b';\nx();`,
      'b.ts': `import './none3';\nnamespace N { export let x = 1; x = 2 }`,
    });
    const { problems } = await workspace.link('a.ts');
    expect(problems.map(({ code }) => code).sort()).toEqual([
      'unresolved-import',
      'unresolved-import',
      'unresolved-import',
      'unsupported-syntax',
    ]);
  });

  test('an unreadable entry is reported', async () => {
    const { problems } = await new Workspace({}).link('gone.ts');
    expect(problems).toMatchObject([{ code: 'unreadable', severity: 'error' }]);
  });

  test('an unreadable tsconfig is a warning', async () => {
    const workspace = new Workspace({
      'a.ts': 'export const result: number = 1',
      'tsconfig.json': '{ "extends": "./tsconfig.json" }',
    });
    const linked = await workspace.link('a.ts');
    expect(linked.problems).toMatchObject([{ code: 'tsconfig', severity: 'warning' }]);
    expect((await load(linked)).result).toBe(1);
  });
});

/** Programs whose `run` throws, and the text of the place where it throws. */
const throwing: [name: string, text: string, at: string][] = [
  [
    'after types in the line',
    'export function run(a: number, b?: string): void { const c = a as number; throw new Error("x") }',
    'new Error',
  ],
  [
    'after an enum in the line',
    'enum E { A, B } export function run(): void { throw new Error(String(E.A)) }',
    'new Error',
  ],
  [
    'in an enum’s next line',
    'enum E {\n  A,\n  B }\nexport function run(): void { throw new Error(String(E.A)) }',
    'new Error',
  ],
  [
    'after a parameter property',
    'class A { constructor(private x: number) { throw new RangeError("x") } }\nexport const run = () => new A(1)',
    'new RangeError',
  ],
  [
    'after a rewritten specifier',
    `import { join } from 'node:path'; import { b } from './b'; export function run() { join(); b; null!.x }`,
    'x',
  ],
  [
    'after __filename in the line',
    'export function run() { const f = __filename; undefined!.x; return f }',
    'x',
  ],
  [
    'a call of what is no function',
    'const o: any = {};\nexport const run = (): void => { o.nothing(1) }',
    'nothing',
  ],
];

describe('the place of a thrown error is its line and column in the source', () => {
  test.each(throwing)('%s', async (_name, text, at) => {
    const workspace = new Workspace({ 'a.ts': text, 'b.ts': 'export const b = 1' });
    const linked = await workspace.link('a.ts');
    const { run } = await load(linked);
    let caught: unknown;
    try {
      run!();
    } catch (error) {
      caught = error;
    }
    const location = locateError(caught, linked);
    expect(location?.file).toBe(workspace.path('a.ts'));
    const { line, column, endColumn } = location!;
    expect(text.split('\n')[line - 1]!.slice(column - 1, endColumn - 1)).toBe(at);
    expect(mapStack((caught as Error).stack!, linked)).toContain(
      `${workspace.path('a.ts')}:${line}:${column}`,
    );
  });

  test('in an imported module, called through a library', async () => {
    const workspace = new Workspace({
      'a.ts': `import { each } from 'lib';\nimport { boom } from './b';\nexport const run = () => each(boom)`,
      'b.ts': 'interface X {}\nexport const boom = (x: X): number => { throw new TypeError("x") }',
      'node_modules/lib/index.js': 'exports.each = (f) => f()',
    });
    const linked = await workspace.link('a.ts');
    const { run } = await load(linked);
    expect(() => run!()).toThrow('x');
    try {
      run!();
    } catch (error) {
      expect(locateError(error, linked)).toMatchObject({ file: workspace.path('b.ts'), line: 2, column: 47 });
    }
  });

  test('a thrown value that is not an error has no place', () => {
    for (const thrown of [undefined, null, 'text', 5, {}, { stack: 5 }, new Error('x')])
      expect(locateError(thrown, { modules: new Map() })).toBeNull();
  });
});
