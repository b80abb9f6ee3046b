import { describe, expect, test } from 'vitest';
import { Workspace } from '../loss/workspace';
import { bothWays, linkInstrumented, loadInstrumented } from './support/instrumented';
import { passThrough } from './support/passThrough';

/** The refused places of a module, and the expected ones, which are marked with ‸ in its text. */
async function refused(marked: string, file = 'a.ts') {
  const text = marked.replaceAll('‸', '');
  const workspace = new Workspace({ [file]: text });
  const { linked } = await linkInstrumented(workspace.path(file), workspace, workspace.root);
  const lines = text.split('\n');
  const offsetOf = (line: number, column: number) =>
    lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  const places = linked.problems.map(({ location }) => offsetOf(location.line, location.column));
  const expected: number[] = [];
  for (let at = marked.indexOf('‸'); at >= 0; at = marked.indexOf('‸', at + 1))
    expected.push(at - expected.length);
  return { problems: linked.problems, places: places.sort((a, b) => a - b), expected };
}

describe('code that cannot be rewritten is refused at its place', () => {
  test.each([
    ['eval', `export const f = (h: any) => ‸eval('h + 1')`],
    ['eval by another name', 'const run = ‸eval; export const f = (h: any) => run("1") + h'],
    ['import of a computed name', 'export const f = async (n: string) => (await ‸import(n)).g'],
    ['an optional method of an optional receiver', 'export const f = (o: any) => ‸o?.some?.(1)'],
    ['a member after an optional method call', 'export const f = (o: any) => ‸o.f?.(1).some((x: any) => x)'],
    [
      'Object.is by another name',
      'const { ‸is, keys } = Object; export const f = (x: any) => is(x, 1) && keys(x)',
    ],
    [
      'classes of packages',
      `import { EventEmitter } from 'node:events'; export class A extends ‸EventEmitter {}`,
    ],
    [
      'super in an overriding method',
      'export class L extends Array { override filter(f: any): any { return ‸super.filter(f) } }',
    ],
  ])('%s', async (_, marked) => {
    const { problems, places, expected } = await refused(marked);
    expect(places).toEqual(expected);
    for (const problem of problems) {
      expect(problem).toMatchObject({ code: 'no-exact-gradient', severity: 'warning' });
      expect(problem.message).toMatch(/^\S[^\n]*[^.]$/);
    }
  });

  test('reports all places at once, and the program still runs', async () => {
    const text =
      'exports.f = function (h) {\n  with ({ y: h }) { h = y * 2 }\n  const g = eval("h + 1");\n  return g;\n}\n';
    const workspace = new Workspace({ 'a.cjs': text });
    const instrumented = await linkInstrumented(workspace.path('a.cjs'), workspace, workspace.root);
    expect(instrumented.linked.problems.map(({ location }) => location.line)).toEqual([2, 3]);
    const { f } = await loadInstrumented(instrumented);
    expect((f as (h: number) => number)(3)).toBe(7);
  });

  test.each([
    'export const f = (x: unknown) => x instanceof Function',
    'export const f = (h: any) => new Function("x", "return x")(h) + Function("return 1")()',
    'export const f = (xs: any, x: any) => Array.prototype.includes.call(xs, x) || xs.map(Array.prototype.join)',
    'export const f = (xs: any, x: any) => [].includes.call(xs, x as never) && xs.some.bind(xs)(x)',
    'const evaluate = 1; export const f = { eval: evaluate, Function: 2 }',
    'export const f = (eval_: any, o: any) => o.eval(1) + o.Function(2)',
  ])('does not refuse %s', async (text) => {
    expect((await refused(text)).problems).toEqual([]);
  });
});

describe('calls of packages', () => {
  const packages = {
    'node_modules/p/package.json': '{ "name": "p", "main": "./index.js" }',
    'node_modules/p/index.js':
      'exports.sum = (...v) => v.reduce((a, b) => a + b, 0); exports.Box = class { constructor(v) { this.v = v } get(k) { return this.v + k } };\n' +
      'exports.rows = [1, 2, 3]; exports.ns = { twice: function (x) { return this === exports.ns ? x * 2 : "lost" } }; exports.pi = 3;',
  };
  const programs: [name: string, files: Record<string, string>, guarded: number][] = [
    ['a named import', { 'a.ts': `import { sum } from 'p'; export const f = (h: any) => sum(h, 1)` }, 1],
    [
      'an alias and a spread',
      { 'a.ts': `import { sum as s } from 'p'; export const f = (h: any) => s(...[h, 2], h)` },
      1,
    ],
    [
      'a namespace',
      { 'a.ts': `import * as p from 'p'; export const f = (h: any) => p.sum(h) + p.ns.twice(h)` },
      2,
    ],
    [
      'a default import',
      { 'a.ts': `import p from 'p'; export const f = (h: any) => p.sum?.(h) + p?.sum(h)` },
      2,
    ],
    [
      'an object that the package creates',
      {
        'a.ts': `import { Box } from 'p'; export const f = (h: any) => { const b = new Box(h); return b.get(h) } `,
      },
      2,
    ],
    [
      'require',
      {
        'a.cjs': `const { sum, ns } = require('p'); const p = require('p'); exports.f = (h) => [sum(h), p.sum(h), ns.twice(h), require('p').sum(h)]`,
      },
      4,
    ],
    [
      'import()',
      { 'a.ts': `export const f = async (h: any) => { const { sum } = await import('p'); return sum(h) }` },
      1,
    ],
    [
      'through a module of the user',
      {
        'a.ts': `import { sum, t } from './b'; export const f = (h: any) => sum(h) + t(h)`,
        'b.ts': `export { sum } from 'p'; export * from './c'`,
        'c.ts': `import { sum } from 'p'; export { sum as t }`,
      },
      2,
    ],
    [
      'the engine',
      { 'a.ts': `import { inspect } from 'node:util'; export const f = (h: any) => inspect(h)` },
      1,
    ],
    [
      'a function passed as an argument',
      {
        'a.ts': `import { sum, ns } from 'p'; export const f = (h: any) => [[h].map(sum), [h, 1].map(ns.twice)]`,
      },
      3,
    ],
    [
      'methods of an array from the package',
      {
        'a.ts': `import { rows } from 'p'; import p from 'p'; export const f = (h: any) => [rows.reduce((a: any, b: any) => a + b, h), p.rows.map((x: any) => x * h), rows.filter((x: any) => x > h - 1), rows.includes(h)]`,
      },
      0,
    ],
    [
      'plain arguments',
      { 'a.ts': `import { sum, pi } from 'p'; export const f = (h: any) => sum(1, 2) + sum() + pi + h` },
      0,
    ],
    [
      'own functions',
      {
        'a.ts': `import { sum } from './b'; export const f = (h: any) => sum(h)`,
        'b.ts': 'export const sum = (x: any) => x',
      },
      0,
    ],
  ];
  test.each(programs)('%s', async (_, files, guarded) => {
    const { plain, linked } = await bothWays({ ...files, ...packages });
    let calls = 0;
    const runtime = passThrough(({ name }) => {
      if (name === 'argumentsFor') calls++;
    });
    expect(linked.problems).toEqual([]);
    const workspace = new Workspace({ ...files, ...packages });
    const again = await linkInstrumented(workspace.path(Object.keys(files)[0]!), workspace, workspace.root);
    const { f } = await loadInstrumented(again, runtime);
    const call = f as (h: number) => unknown;
    expect(await call(3)).toEqual(await (plain.f as typeof call)(3));
    expect(calls).toBe(guarded);
  });
});
