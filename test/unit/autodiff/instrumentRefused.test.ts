import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../src/autodiff/evaluation';
import { forgetLastingRefusal, Refusal } from '../../../src/autodiff/refusal';
import { $ } from '../../../src/autodiff/runtime';
import { trustTexts } from '../../../src/autodiff/runtime/callees';
import { numberOf, parameter, Traced } from '../../../src/autodiff/traced';
import { gradientInto } from '../../../src/autodiff/tracedObjective';
import { Workspace } from '../loss/workspace';
import { bothWays, linkInstrumented, loadInstrumented } from './support/instrumented';
import { passThrough } from './support/passThrough';

/** A function `f` of one parameter, evaluated for a traced value; the places are those of the text. */
async function traced(text: string, file = 'a.ts', at = 3) {
  const workspace = new Workspace({ [file]: text });
  const { linked, sites } = await linkInstrumented(workspace.path(file), workspace, workspace.root);
  expect(linked.problems).toEqual([]);
  forgetLastingRefusal();
  trustTexts(linked.texts.values());
  const { f } = await loadInstrumented({ linked, sites }, $);
  const call = () =>
    evaluate(
      () => (f as unknown as (h: unknown) => unknown)(parameter(at)),
      (result) => {
        const gradient = new Float64Array(1);
        gradientInto(gradient, result instanceof Traced ? result.tapeIndex : null);
        return [result instanceof Traced ? numberOf(result) : result, gradient[0]];
      },
    );
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const site = sites[error.site];
    return site ? `refused: ${text.slice(site.from, site.to)}` : `refused: ${error.message}`;
  } finally {
    forgetLastingRefusal();
  }
}

describe('code that cannot be rewritten is refused where it is executed', () => {
  test.each([
    ['eval', `export const f = (h: any) => eval('h + 1')`, `eval('h + 1')`],
    ['with', 'exports.f = (h) => { with ({ y: h }) { return y * 2 } }', '{ y: h }', 'a.cjs'],
    [
      'functions of eval',
      `const g = eval('(x) => !x'); export const f = (h: any) => h * g(h)`,
      `eval('(x) => !x')`,
    ],
    [
      'functions in a with',
      'let g; with ({ y: 1 }) { g = (x) => x === y }; exports.f = (h) => h * g(h)',
      '{ y: 1 }',
      'a.cjs',
    ],
    [
      'functions of new Function',
      `const g = new Function('x', 'return !x'); export const f = (h: any) => h * g(h)`,
      `new Function('x', 'return !x')`,
    ],
    [
      'methods of classes of the engine',
      `import { EventEmitter } from 'node:events'; class A extends EventEmitter {} export const f = (h: any) => h * (new A().setMaxListeners(h) ? 1 : 0)`,
      'new A().setMaxListeners(h)',
    ],
    [
      'an optional call of a private method in a chain',
      `class A { #g = (x: any) => [x]; f(h: any) { return this.#g?.(h).some((x: any) => x) } } export const f = (h: any) => new A().f(h)`,
      'this.#g?.(h).some((x: any) => x)',
    ],
  ])('%s', async (_, text, place, file = 'a.ts') => {
    expect(await traced(text, file)).toBe(`refused: ${place}`);
  });

  test.each<[name: string, text: string, expected: [value: number, slope: number], file?: string]>([
    ['eval that is not executed', `export const f = (h: any) => (h > 9 ? eval('h') : h * h)`, [9, 6]],
    [
      'eval while the module is loaded',
      `const two = eval('1 + 1'); export const f = (h: any) => two * h * h`,
      [18, 12],
    ],
    [
      'eval by another name',
      `const run = eval; const two = (0, eval)('2'); export const f = (h: any) => run('1') + two * h`,
      [7, 2],
    ],
    [
      'a function that new Function makes and calls',
      `const root = new Function('return this')(); export const f = (h: any) => h * h * root.Number(1)`,
      [9, 6],
    ],
    [
      'a with that is not executed',
      'exports.f = (h) => { if (h > 9) with ({ y: h }) { return y } return h * h }',
      [9, 6],
      'a.cjs',
    ],
    [
      'a class that extends one of the engine',
      `import { EventEmitter } from 'node:events'; class A extends EventEmitter {} export const f = (h: any) => h * h + new A().listenerCount('x')`,
      [9, 6],
    ],
    [
      'import of a computed name',
      `export const load = async (n: string) => (await import(n)).g; export const f = (h: any) => h * h`,
      [9, 6],
    ],
    [
      'require as a value',
      `exports.f = (h) => (require.main === module ? 0 : h * h); exports.load = (n) => require(n)`,
      [9, 6],
      'a.cjs',
    ],
    [
      'optional methods of optional receivers',
      `export const f = (h: any) => { const o: any = [h, 0], u: any = undefined; return (o?.some?.((x: any) => x) ? h * h : 0) + (u?.some?.(h) === undefined && o.none?.(h) === undefined && o?.filter?.((x: any) => x).some((x: any) => x - 3) === false ? o.filter?.((x: any) => x).length : 9) }`,
      [10, 6],
    ],
    [
      'methods after an optional call',
      `export const f = (h: any) => { const o: any = { g: (x: any) => [x, 0, x - 3], k: 'g' }; return o.g?.(h).filter((x: any) => x).length + o?.g?.(h).find((x: any) => x) * h + (o?.[o.k]?.(h)?.includes(3) && o.n?.(h).some((x: any) => x) === undefined ? 1 : 9) }`,
      [11, 6],
    ],
    [
      'functions taken from Object',
      `const { is, keys } = Object; export const f = (h: any) => (is(h, 3) ? h * h : 0) + keys({ h }).length`,
      [10, 6],
    ],
    [
      'super in overriding methods',
      `class L extends Array<any> { filter(f: any): any { return super.filter((x) => f(x) && 1) } some(f: any) { return super.some(f) } }
       export const f = (h: any) => { const l = L.from([h, 0, h - 3]) as L; return l.filter((x: any) => x).length * h * h + (l.some((x: any) => x - 3 === 0 && x) ? 0 : 5) }`,
      [9, 6],
    ],
    [
      'methods that are held',
      `const kept = { sort: Array.prototype.sort }; export const f = (h: any) => Object.keys(kept).length * h * h`,
      [9, 6],
    ],
  ])('is exact: %s', async (_, text, expected, file = 'a.ts') => {
    expect(await traced(text, file)).toEqual(expected);
  });

  test('functions that eval by another name returns check their arguments', async () => {
    const text = `const g = (0, eval)('(x) => !x'); export const f = (h: any) => h * g(h)`;
    expect(await traced(text)).toMatch(/^refused: .* is passed to /);
  });

  test('the program still computes its values', async () => {
    const text =
      'exports.f = function (h) {\n  with ({ y: h }) { h = y * 2 }\n  const g = eval("h + 1");\n  return g + new Function("return 1")();\n}\n';
    const workspace = new Workspace({ 'a.cjs': text });
    const instrumented = await linkInstrumented(workspace.path('a.cjs'), workspace, workspace.root);
    expect(instrumented.linked.problems).toEqual([]);
    const { f } = await loadInstrumented(instrumented);
    expect((f as (h: number) => number)(3)).toBe(8);
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
