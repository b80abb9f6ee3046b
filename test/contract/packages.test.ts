import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-packages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** One package, as people publish them. */
function installed(name: string, manifest: object, files: Readonly<Record<string, string>>): void {
  const all = { ...files, 'package.json': JSON.stringify({ name, version: '1.0.0', ...manifest }) };
  write(
    Object.fromEntries(Object.entries(all).map(([file, text]) => [`node_modules/${name}/${file}`, text])),
  );
}

installed(
  'of-modules',
  { type: 'module', exports: { '.': './index.js', './constants': './constants.js' } },
  {
    'index.js': `import { half } from './deep/half.js'; import { scale } from 'of-modules/constants';
export { half }; export const scaled = (x) => scale * x; export default function square(x) { return x * x; }`,
    'deep/half.js': 'export function half(x) { return x === 0 ? 0 : x / 2; }',
    'constants.js': 'export const scale = 3;',
  },
);
installed(
  'of-commonjs',
  { main: 'lib/main' },
  {
    'lib/main.js': `exports.isTop = this === exports; exports.area = require('./circle').area;
exports.limit = require('./limits.json').limit; let extra; try { extra = require('not-installed'); } catch {}
exports.extra = extra; exports.first = require('./odd').first;`,
    'lib/circle.js': 'module.exports = { area: function (r) { return Math.PI * r * r; } };',
    'lib/limits.json': '{ "limit": 7 }',
    // A circular require.
    'lib/odd.js': `exports.first = (n) => (n > 2 ? require('./even').second(n) : n); `,
    'lib/even.js': `const { first } = require('./odd'); exports.second = (n) => first(n / 2) + 1;`,
  },
);
installed(
  'of-umd',
  { main: './umd.js' },
  {
    'umd.js': `!function(g,f){"object"==typeof exports&&"undefined"!=typeof module?f(exports):"function"==typeof define&&define.amd?define(["exports"],f):f((g="undefined"!=typeof globalThis?globalThis:g||self).umd={})}(this,function(e){"use strict";var r=function(t){return"number"!=typeof t?NaN:t>0?t*t:-t};function n(t,e){var i,o=0;for(i=0;i<t.length;i++)o+=e(t[i]);return o}e.part=r,e.total=n;Object.defineProperty(e,"__esModule",{value:!0})});`,
  },
);
installed(
  'of-classes',
  { type: 'module', exports: { import: './vector.js', require: './vector.cjs' } },
  {
    'vector.js': `export class Vector { #n; constructor(x, y) { this.x = x; this.y = y; this.#n = 2; }
  dot(o) { if (!(o instanceof Vector)) throw new TypeError('no vector'); return this.x * o.x + this.y * o.y; }
  get size() { return this.#n; } norm() { return Math.hypot(this.x, this.y); } }
export const unit = new Vector(1, 0);`,
    'vector.cjs': 'exports.Vector = null;',
  },
);
installed(
  'of-dependents',
  { type: 'module', exports: './index.js', dependencies: { 'of-classes': '1' } },
  {
    'index.js': `import { Vector } from 'of-classes'; export const isVector = (v) => v instanceof Vector;
export const turned = (v) => new Vector(-v.y, v.x);`,
  },
);
installed(
  'of-comparisons',
  { main: './index.js' },
  {
    'index.js': `exports.pick = (list, test) => { for (const x of list) if (test(x)) return x; return 0; };
exports.same = (a, b) => a === b; exports.unused = new Function('return this')();
exports.isIn = (list, x) => Array.prototype.includes.call(list, x); `,
  },
);
installed(
  'of-errors',
  { main: './index.js' },
  {
    'index.js': `exports.viaText = (x) => Number(String(x)) * 2;`,
  },
);

installed(
  'of-digits',
  { main: './index.js' },
  {
    'index.js': `exports.parts = (x) => { const whole = Math.floor(x), rest = Math.floor((x - whole) * 4096); return { whole, rest }; };
exports.joined = (p) => p.whole + p.rest / 4096; exports.binned = (list, x) => list[Math.floor(x)] * x;`,
  },
);
installed('of-eval', { main: './index.js' }, { 'index.js': 'exports.code = (t) => eval(t);' });

/** A loss of x and y at (3, 4), its value and gradient, and the lines before it. */
const exact: [name: string, head: string, loss: string, value: number, gradient: [number, number]][] = [
  ['modules', `import sq, { half, scaled } from 'of-modules'`, 'sq(x) + half(y) + scaled(x)', 20, [9, 0.5]],
  ['a namespace', `import * as m from 'of-modules'`, 'm.default(x) * m.half(y)', 18, [12, 4.5]],
  [
    'a function that is passed on',
    `import sq from 'of-modules'`,
    '[x, y].map(sq).reduce((a, b) => a + b)',
    25,
    [6, 8],
  ],
  [
    'CommonJS',
    `import common from 'of-commonjs'`,
    'common.area(x) / Math.PI + (common.isTop ? y : 0) + common.limit',
    20,
    [6, 1],
  ],
  [
    'CommonJS that requires itself',
    `import common from 'of-commonjs'`,
    'common.first(x) * y + (common.extra ?? 0)',
    10,
    [2, 2.5],
  ],
  [
    'a minified universal module',
    `import umd from 'of-umd'`,
    'umd.part(x) + umd.total([x, y], umd.part)',
    34,
    [12, 8],
  ],
  [
    'classes',
    `import { Vector } from 'of-classes'`,
    'new Vector(x, y).dot(new Vector(y, 2)) + new Vector(x, y).norm()',
    25,
    [4.6, 5.8],
  ],
  [
    'a method of an instance from elsewhere',
    `import { unit, Vector } from 'of-classes'; const holder = { v: unit };`,
    'holder.v.dot(new Vector(x, y)) ** 2 * y',
    36,
    [24, 9],
  ],
  [
    'a class that extends one',
    `import { Vector } from 'of-classes'; class V extends Vector { constructor(x, y) { super(x, y); } more() { return super.norm() * this.size; } }`,
    'new V(x, y).more()',
    10,
    [1.2, 1.6],
  ],
  [
    'a state that a traced value enters by assignment',
    `import { Vector } from 'of-classes'`,
    '{ const v = new Vector(0, 0); v.x = x; v.y = y; return v.norm(); }',
    5,
    [0.6, 0.8],
  ],
  [
    'a package that depends on another',
    `import { Vector } from 'of-classes'; import { isVector, turned } from 'of-dependents'`,
    '(isVector(new Vector(x, y)) ? x * y : 0) + turned(new Vector(x, y)).dot(new Vector(1, 1))',
    11,
    [5, 2],
  ],
  [
    'callbacks and comparisons',
    `import c from 'of-comparisons'`,
    'c.pick([1, x, y], (t) => t > 2 * x / 3) ** 2 + (c.same(x, 3) ? y : 0) + (c.isIn([x, y], 4) ? y : 0)',
    17,
    [6, 2],
  ],
  [
    'a package that makes an index of a traced value',
    `import d from 'of-digits'`,
    'd.binned([1, 2, 3, 4, 5], x + 0.5) + y',
    18,
    [4, 1],
  ],
  [
    'a package that gets no traced value',
    `import { half } from 'of-modules'; import c from 'of-comparisons'; const two = half(4);`,
    '(c.same(two, 2) ? x * x : 0) + y',
    13,
    [6, 1],
  ],
];

const refused: [name: string, head: string, loss: string, reason: RegExp][] = [
  ['text', `import e from 'of-errors'`, 'e.viaText(x) + y', /of-errors, index\.js:1: `/],
  [
    'a file that is not JavaScript',
    `import { square } from 'of-broken'`,
    'square(x) + y',
    /passed to square\(\).* \(the package of-broken cannot be rewritten: lib\/late\.js:2:11: .*\); the gradient/,
  ],
  [
    'a broken file of a dependency',
    `import { twice } from 'of-broken-dependency'`,
    'twice(x) + y',
    /\(the package of-broken cannot be rewritten: lib\/late\.js:2:11: /,
  ],
  ['code in eval', `import e from 'of-eval'`, `e.code('(t) => t * t')(x) + y`, /plain number/],
];
installed(
  'of-broken',
  { main: './index.js' },
  {
    'index.js': `exports.square = (x) => x * x; exports.late = () => require('./lib/late');`,
    'lib/late.js': 'exports.a = 1;\n  const a %% 2;',
  },
);
installed(
  'of-broken-dependency',
  { main: './index.js', dependencies: { 'of-broken': '*' } },
  { 'index.js': `const { square } = require('of-broken'); exports.twice = (x) => 2 * square(x);` },
);

function loss(head: string, body: string): string {
  const code = body.startsWith('{') ? body : `{ return ${body}; }`;
  return `${head};\n/** @loss @start [3, 4] */\nexport function f([x, y]) ${code}\n`;
}

function adamscope(command: 'grad' | 'run', name: string, text: string, ...options: string[]) {
  const file = `${name.replaceAll(' ', '-')}.mjs`;
  write({ [file]: text });
  const args = [command, `${file}#f`, ...options, '--json'];
  const { stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8' });
  return { printed: stdout === '' ? null : JSON.parse(stdout), stderr };
}

describe('a loss that calls packages has an exact gradient', () => {
  it.each(exact)('%s', (name, head, body, value, expected) => {
    const { printed, stderr } = adamscope('grad', name, loss(head, body), '--at', '3,4');
    expect({ stderr, mode: printed?.gradientMode }).toEqual({ stderr: '', mode: 'exact' });
    // Each value is a sum of a few roundings.
    expect(Math.abs(printed.value - value)).toBeLessThan(1e-13 * Math.abs(value));
    for (const [i, each] of expected.entries())
      expect(Math.abs(printed.grad[i] - each), `grad[${i}] = ${printed.grad[i]}`).toBeLessThan(1e-13 * 10);
  });
});

describe('code of a package that cannot be differentiated', () => {
  it.each(refused)(
    '%s: the gradient is computed by differences, and the reason is given',
    (name, head, body, reason) => {
      const { printed, stderr } = adamscope('run', name, loss(head, body), '--steps', '1');
      expect(printed.gradientMode).toBe('finite-difference');
      expect(stderr).toMatch(/^adamscope: warning: [\w-]+\.mjs:3:/);
      expect(stderr).toMatch(reason);
    },
  );
});
