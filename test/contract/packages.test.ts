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

// Functions that cannot be rewritten, under the names of packages with built-in derivatives.
installed(
  'numeric',
  { main: './index.js' },
  {
    'index.js': `exports.det = Function('m', 'return m[0][0] * m[1][1] - m[0][1] * m[1][0];');
exports.add = Function('a', 'b', 'return a.map(function (v, i) { return v + b[i]; });');
exports.detOfSum = function (a, b) { return exports.det([exports.add(a[0], b[0]), exports.add(a[1], b[1])]); };`,
  },
);
const bytes = 'var f = new Float64Array(1); var w = new Uint32Array(f.buffer);';
installed(
  '@stdlib/math-base-special-ln',
  { main: './lib/index.js' },
  {
    'lib/index.js': `module.exports = require('./main.js');`,
    'lib/main.js': `${bytes} module.exports = function ln(x) { f[0] = x; w[0] = w[0]; return Math.log(f[0]); };`,
  },
);
installed(
  '@stdlib/stats-base-dists-of-test',
  { main: './index.js', dependencies: { '@stdlib/math-base-special-ln': '1' } },
  {
    'index.js': `var ln = require('@stdlib/math-base-special-ln'); module.exports = function (x, y) { return x * ln(y); };`,
  },
);
installed(
  'of-bytes',
  { main: './index.js' },
  {
    'index.js': `${bytes} exports.cube = function (x) { f[0] = x; return f[0] * f[0] * f[0]; };
exports.deep = { dot: function (a, b) { f[0] = a[0]; return f[0] * b[0] + a[1] * b[1]; } };`,
  },
);

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
    'a function with a built-in derivative',
    `import numeric from 'numeric'; import * as all from 'numeric'; import { det } from 'numeric'`,
    'numeric.det([[x, y], [1, x]]) + all.det([[x, 0], [0, y]]) + det([[y, 0], [1, 1]])',
    21,
    [10, 3],
  ],
  [
    'a function without a derivative that calls functions with built-in ones',
    `import numeric from 'numeric'`,
    'numeric.detOfSum([[x, 0], [1, y]], [[1, 1], [x, 0]])',
    12,
    [3, 4],
  ],
  [
    'a function of a rewritten package that calls one with a built-in derivative',
    `import density from '@stdlib/stats-base-dists-of-test'; import ln from '@stdlib/math-base-special-ln'`,
    '{ const g = ln; return density(x, y * y) / Math.log(16) + [x, y].map(g)[0] / Math.log(3); }',
    4,
    [1 + 1 / (3 * Math.log(3)), 6 / 4 / Math.log(16)],
  ],
  [
    'derivatives of one’s own for functions of a package',
    `import of, { cube } from 'of-bytes';
/** @derivative cube */ const dCube = (x) => 3 * x * x;
/** @derivative of.deep.dot */ function dDot(a, b) { return [b, a]; }`,
    'cube(x) + of.deep.dot([x, y], [y, 2])',
    47,
    [31, 5],
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

describe('a derivative of one’s own that is wrong', () => {
  it.each([
    [
      'of an unknown function',
      'cubed',
      '5:17',
      /cubed is neither declared nor imported .* did you mean cube\?/,
    ],
    ['with another value', 'cube', '5:5', /dCube of cube is wrong: .* at cube\(3\) it is 9, but .* give 27;/],
  ])('%s is reported at its tag', (name, target, place, reason) => {
    const head = `import { cube } from 'of-bytes';\n\n\n\n/** @derivative ${target} */\nconst dCube = (x) => x * x`;
    const { printed, stderr } = adamscope('grad', name, loss(head, 'cube(x) + y'), '--at', '3,4');
    expect(printed).toMatchObject({ gradientMode: 'finite-difference', value: 31 });
    expect(printed.grad[0]).toBeCloseTo(27, 6);
    expect(stderr).toContain(`.mjs:${place}: `);
    expect(stderr).toMatch(reason);
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
