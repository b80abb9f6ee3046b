import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCandidateFile } from '../../../src/loss/discovery/candidateFile';
import { discover, lossAt, lossNamed, optimizerStepsIn } from '../../../src/loss/discovery/discover';
import { mayHoldLoss } from '../../../src/loss/discovery/mayHoldLoss';

/** The losses of a text, abbreviated as `name as export by how`. */
function found(text: string, file = '/w/a.ts'): string[] {
  const losses = discover(text, file, 'named');
  if (losses.length > 0)
    expect(mayHoldLoss(text, file, 'named'), `the test that spares parsing: ${text}`).toBe(true);
  return losses.map(
    ({ name, exportName, foundBy }) =>
      `${name}${exportName === name ? '' : ` as ${exportName}`} by ${foundBy}`,
  );
}

describe('a function by name', () => {
  const named = (text: string, name: string, file = '/w/a.ts') => {
    const loss = lossNamed(text, file, name);
    return loss && [loss.name, loss.exportName, loss.location.column];
  };

  test('is found by its name, by an alias, and as the default export', () => {
    const text = 'function f([x]) { return x }\nexport { f as a, f as "b c" }; export default f;';
    for (const name of ['f', 'a', 'b c', 'default']) expect(named(text, name)).toEqual(['f', 'a', 10]);
    expect(named('export default ([x]) => x', 'default', '/w/bowl.ts')).toEqual(['bowl', 'default', 1]);
    expect(named('export default ([x]) => x', 'bowl', '/w/bowl.ts')).toEqual(['bowl', 'default', 1]);
    expect(named('module.exports = ([x]) => x', 'default', '/w/a.cjs')).toEqual(['a', 'default', 1]);
  });

  test('is the exported one if there are two', () => {
    const text = 'function f([x]) { return x }\nconst g = ([x]) => x;\nexport { g as f };';
    expect(named(text, 'f')).toEqual(['g', 'f', 7]);
  });

  test('is not found for a type, a class, a number or a generator', () => {
    const text = 'export type A = number; export class B {} export const c = 1; export function* d([x]) {}';
    for (const name of ['A', 'B', 'c', 'd', 'e']) expect(named(text, name)).toBeNull();
  });
});

describe('every form of export', () => {
  const forms: [text: string, losses: string[], file?: string][] = [
    ['export function loss([x]: number[]): number { return x }', ['loss by name']],
    ['export async function loss([x]: number[]): Promise<number> { return x }', ['loss by name']],
    ['export const loss = ([x]: number[]) => x', ['loss by name']],
    ['export const loss = async ([x]) => x', ['loss by name']],
    ['export const loss = async <T,>([x]: number[]): Promise<number> => x', ['loss by name']],
    ['export const loss = function ([x]: number[]) { return x }', ['loss by name']],
    ['export const loss = (([x]: number[]) => x) satisfies Loss', ['loss by name']],
    ['export let a = 1, loss = ([x]) => x, b = 2', ['loss by name']],
    ['export default function loss([x]) { return x }', ['loss as default by name']],
    ['export default function ([x]) { return x }', ['hinge_loss as default by name'], '/w/hinge_loss.ts'],
    ['export default ([x]) => x', ['loss as default by name'], '/w/loss.ts'],
    ['const loss = ([x]) => x; export default loss', ['loss as default by name']],
    ['const loss = ([x]) => x; export { loss }', ['loss by name']],
    ['const loss = ([x]) => x; export { loss as g }', ['loss as g by name']],
    ['const loss = ([x]) => x; export { loss as default, loss as h }', ['loss as h by name']],
    ["const loss = ([x]) => x; export { loss as 'a b' }", ['loss as a b by name']],
    ['const loss = ([x]) => x; module.exports = loss', ['loss as default by name'], '/w/a.js'],
    ['module.exports = function loss([x]) { return x }', ['loss as default by name'], '/w/a.js'],
    ['module.exports = { loss }; function loss([x]) { return x }', ['loss by name'], '/w/a.js'],
    [
      'function loss([x]) { return x } module.exports = { a: 1, g: loss, ...b }',
      ['loss as g by name'],
      '/w/a.js',
    ],
    [
      'module.exports = { loss([x]) { return x }, nll: ([x]) => x, "energy": function ([x]) {} }',
      ['loss by name', 'nll by name', 'energy by name'],
      '/w/a.js',
    ],
    ['exports.loss = ([x]) => x', ['loss by name'], '/w/a.js'],
    ['module.exports.loss = ([x]) => x', ['loss by name'], '/w/a.js'],
    ['exports.loss = exports.nll = f; function f([x]) {}', [], '/w/a.js'],
    ['exports = module.exports = { loss }; const loss = ([x]) => x', ['loss by name'], '/w/a.cjs'],
    ['export = loss; function loss([x]: number[]): number { return x }', ['loss as default by name']],
    ['const loss = ([x]: number[]): number => x; export = { loss, a: 1 };', ['loss by name'], '/w/a.cts'],
    [
      'export function loss(x: number[]): number;\nexport function loss(x: Float64Array): number;\nexport function loss(x: any) { return x }',
      ['loss by name'],
    ],
    ['export const all = { loss([x]) { return x } }', ['all.loss by name']],
    [
      'export const all = { a: 1, nll: ([x]) => x, of: { energy: (w: number[]) => 1 } } as const',
      ['all.nll by name', 'all.of.energy by name'],
    ],
    ['const all = { loss([x]) {} }; export { all as every }', ['all.loss as every.loss by name']],
    ['export default { loss: ([x]) => x }', ['default.loss by name']],
    ['export const all = Object.freeze({ loss: ([x]) => x })', ['all.loss by name']],
    [
      'export namespace N { export function loss([x]) {} export const nll = ([x]) => x; function energy([x]) {} }',
      ['N.loss by name', 'N.nll by name'],
    ],
    [
      'namespace N { export namespace M { export const loss = ([x]) => x } } export { N as O }',
      ['N.M.loss as O.M.loss by name'],
    ],
    ['export declare namespace N { function loss(w: number[]): number }', []],
    ['export const all = { loss }; function loss([x]) {}', ['loss as all.loss by name']],
    ['export const all = { a: { loss } }; function loss([x]) {}', ['loss as all.a.loss by name']],
    ['const all = { loss([x]) {} }', []],
    ['export const all = { get loss() { return ([x]) => x }, *nll([x]) {} }', []],
    ['module.exports = { all: { loss: ([x]) => x } }', ['all.loss by name'], '/w/a.js'],
    ['exports.all = { loss: ([x]) => x }', ['all.loss by name'], '/w/a.js'],
    [
      'export class Model { static loss([x]: number[]) { return x } static nll = (w: number[]) => 1 }',
      ['Model.loss by name', 'Model.nll by name'],
    ],
    ['export default class Model { static async loss([x]) {} }', ['Model.loss as default.loss by name']],
    ['export default class { static loss([x]) {} }', ['default.loss by name']],
    ['export abstract class M<T> { static loss([x]) {} }', ['M.loss by name']],
    ['export const M = class { static loss([x]) {} }', ['M.loss by name']],
    ['class M { static loss([x]) {} } export { M as N }', ['M.loss as N.loss by name']],
    ['module.exports = class M { static loss([x]) {} }', ['M.loss as default.loss by name'], '/w/a.js'],
    ['export class M { loss([x]) {} static #loss([x]) {} static get nll() {} }', []],
    ['class M { static loss([x]) {} }', []],
    ['class M { static loss([x]) {} } export class N extends M {}', ['N.loss by name']],
    [
      'export class M { static loss([x]) {} static nll([x]) {} } export class N extends M { static nll([x]) {} }',
      ['M.loss by name', 'M.nll by name', 'N.nll by name', 'N.loss by name'],
    ],
    [
      'class A { static loss([x]) {} } class B extends A {} export default class C extends B {}',
      ['C.loss as default.loss by name'],
    ],
    ['class A extends A { static loss([x]) {} } export { A }', ['A.loss by name']],
    ['function loss([x]) { return x }', []],
    ['export { loss } from "./b"', []],
    ['export type loss = ([x]: number[]) => number; export interface nll {}', []],
    ['export declare function loss([x]: number[]): number', []],
  ];
  test.each(forms)('%s', (text, losses, file) => {
    expect(found(text, file)).toEqual(losses);
  });
});

describe('losses found by name', () => {
  const yes = [
    'export function loss(p: number[]): number {}',
    'export function loss(p: readonly number[]) {}',
    'export function loss(p: Float64Array): Promise<number> {}',
    'export function loss(this: void, p: number[]) {}',
    'export const LOSS = ([x]) => x',
    'export const mse_loss = ([x]) => x',
    'export const hingeLoss = ([x, y]: [number, number]) => x',
    'export const totalEnergy = ([x]: Params) => x',
    'export const gaussianNLL = ([x]) => x',
    'export const loss2nll = ([x]) => x',
    'export const objective = ([x], { step }) => x',
    'export function trainingCost(p: number[]): number {}',
    'export function error([x]: number[]): Promise<number> {}',
    'export function cost([x, y]: [number, number]): number {}',
    'export function loss(p: Array<number>) {}',
    'export function loss(p: ReadonlyArray<number>) {}',
    'export function loss(p: readonly [x: number, y: number]) {}',
    'type P = number[]; export function loss(p: P) {}',
    'type P = [number, number]; type R = number; export function cost(p: P): R {}',
    'export function loss(p: number[], lambda = 0.1) {}',
    'export function loss(p: number[], data?: number[][]) {}',
    'export const loss: (p: number[]) => number = (p) => 1',
    'type Loss = (p: number[]) => number; export const loss: Loss = (p) => 1',
  ];
  test.each(yes)('%s', (text) => expect(found(text)).toHaveLength(1));

  const no = [
    'export const cost = ([x]) => x',
    'export const cost = ([x]: number[]) => x',
    'export const cost = ([x]): number => x',
    'export function error(p: number[]) {}',
    'export function loss(p) {}',
    'export function loss(p: string[]): number {}',
    'export function loss(p: number[]): string {}',
    'export function loss(p: number): number {}',
    'export function loss(p: number[][]): number {}',
    'export function loss({ x }): number {}',
    'export function loss(...p: number[]): number {}',
    'export function loss([[a], b]): number {}',
    'export function glossary([x]) {}',
    'export function floss([x]) {}',
    'export function lossOf([x]) {}',
    'export function loss(p: number[], target: number[]): number {}',
    'type P = string[]; export function loss(p: P): number {}',
    'interface P { a: number } export function loss(p: P): number {}',
    'export function loss(x: number, y: number): number {}',
    'export const loss: (p: string[]) => number = (p) => 1',
    'export const all = { "my loss": ([x]) => x, "lo\\u0073s": ([x]) => x }',
    'export const loss = [1, 2]',
    'export const loss = memoize(([x]) => x)',
  ];
  test.each(no)('not %s', (text) => expect(found(text)).toEqual([]));

  test('cost and error are not found in plain JavaScript', () => {
    expect(found('export const cost = ([x]) => x; export const loss = ([x]) => x', '/w/a.js')).toEqual([
      'loss by name',
    ]);
  });

  const web = join(import.meta.dirname, '../../fixtures/loss/web');
  test.each(readdirSync(web))('no loss is found in an ordinary project: %s', (file) => {
    expect(found(readFileSync(join(web, file), 'utf8'), join('/w', file))).toEqual([]);
  });
});

describe('losses found by annotation', () => {
  const yes = [
    '/** @loss */ export function f(p) { return p }',
    '/** Text.\n * @loss\n */\nexport const f = (p: any) => p',
    '/** @loss The banana. */\n// note\n/* more */\nexport function f(p) {}',
    '/** @loss */ export const f = memoize(g)',
    'export const /** @loss */ f = (p) => p',
    'export const a = 1, /** @loss */ f = (p) => p',
    '/** @loss */ function f(p) {}\nexport { f }',
    '/** @loss */\nexport function f(p: number[]): number;\nexport function f(p: any) { return p }',
    'module.exports = {\n  /** @loss */\n  f(p) { return p },\n}',
    '/** @loss */\nexports.f = (p) => p',
    '/** @loss */ export const f = makeLoss(data)',
    '/** @loss */ export const f = new Loss(data).bound',
    '/** @loss */ export function f({ a, b }) {}',
    '/** @loss */ export function f(...p: number[]) {}',
    '/** @loss */ export const f = (x: number, y: number) => x',
  ];
  test.each(yes)('%s', (text) =>
    expect(
      found(text, text.includes('exports.') || text.includes('module.') ? '/w/a.js' : '/w/a.ts'),
    ).toEqual(['f by annotation']),
  );

  const no = [
    '/** Not a @loss at all. */ export function f(p) {}',
    '/** `@loss` */ export function f(p) {}',
    '/**\n * ```\n * @loss\n * ```\n */ export function f(p) {}',
    '// @loss\nexport function f(p) {}',
    '/* @loss */ export function f(p) {}',
    '/** @loss */ function f(p) {}',
    '/** @loss */ export const f = 3',
    '/** @loss */ export function* f(p) {}',
    '/** @loss */\nconst a = 1;\nexport function f(p) {}',
    '/** @lossless */ export function f(p) {}',
    '/** @optimizerStep adam lr=0.01 */ export function step(params, grad, state, t) {}',
  ];
  test.each(no)('not %s', (text) => expect(found(text)).toEqual([]));

  test.each([
    ['export const all = {\n  /** @loss */\n  f(p) {},\n}', 'all.f'],
    ['export const all = { g: 1, /** @loss */ f: (p) => p }', 'all.f'],
    ['export class A {\n  /** @loss */\n  static f(p: any) {}\n}', 'A.f'],
    ['export class A { /** @loss */ static f = make() }', 'A.f'],
    ['/** @loss */ export default function (p) {}', 'a as default'],
    ['/** @loss */ export default makeLoss(data)', 'a as default'],
    ['/** @loss */ const f = (p) => p; export default f', 'f as default'],
  ])('%s', (text, expected) => expect(found(text)).toEqual([`${expected} by annotation`]));

  test.each([
    '/** @param {number[]} w */ export function loss(w) { return 1 }',
    '/** @param {number[]} w\n * @returns {number} */ export function cost(w) { return 1 }',
    '/** @type {(w: number[]) => number} */ export const cost = (w) => 1',
    'export const all = { /** @param {Float64Array} w */ loss(w) { return 1 } }',
  ])('or by name, with types in JSDoc: %s', (text) => expect(found(text, '/w/a.js')).toHaveLength(1));

  test('a class, an instance and an object are found as optimizers, also by name and place', () => {
    const text =
      '/** @optimizerStep adam */\nexport class Mine {\n  step(w, g) {}\n}\n' +
      '/** @optimizerStep adam */\nexport const one = new Mine();\n' +
      '/** @optimizerStep adam */\nexport const each = {\n  update(key, w, g) {},\n};\n' +
      'export class Other {}\n';
    const names = ['Mine', 'one', 'each'];
    expect(optimizerStepsIn(text, '/w/a.ts').map(({ exportName }) => exportName)).toEqual(names);
    for (const name of names) expect(lossNamed(text, '/w/a.ts', name)?.exportName).toBe(name);
    expect(lossNamed(text, '/w/a.ts', 'Other')).toBeNull();
    expect(lossAt(text, '/w/a.ts', text.indexOf('class Mine'))?.exportName).toBe('Mine');
  });

  test('an optimizer of the user is found as such', () => {
    const text =
      '/** @optimizerStep adam lr=0.01 */\nexport function step(params, grad, state, t) {}\n' +
      '/** @optimizerStep sgd */\nfunction hidden(params, grad) {}\n' +
      'export function loss(p: number[]): number { return p[0]; }';
    const found = optimizerStepsIn(text, '/w/a.ts');
    expect(found.map(({ name, annotation }) => [name, annotation?.patch.optimizer])).toEqual([
      ['step', { name: 'adam', lr: 0.01 }],
    ]);
    expect(optimizerStepsIn(text, '/w/a.d.ts')).toEqual([]);
  });

  test('are the only ones in the mode annotated', () => {
    const text = '/** @loss */ export const f = (p) => p; export const loss = ([x]) => x';
    expect(discover(text, '/w/a.ts', 'annotated').map(({ name }) => name)).toEqual(['f']);
    expect(discover(text, '/w/a.ts', 'named').map(({ name }) => name)).toEqual(['f', 'loss']);
    expect(discover(text, '/w/a.ts', 'off')).toEqual([]);
  });
});

describe('information about a declaration', () => {
  test('its places are one-based', () => {
    const text = '// head\n\n/** @loss */\nexport function f([x, y]: number[]) {\n  return x;\n}\n';
    const [loss] = discover(text, '/w/a.ts', 'named');
    expect(loss).toMatchObject({
      location: { line: 4, column: 17, endLine: 4, endColumn: 18 },
      statement: { line: 4, column: 1, endLine: 4 },
      extent: { line: 3, column: 1, endLine: 6, endColumn: 2 },
      dim: 2,
      parameterNames: ['x', 'y'],
      form: { vector: { kind: 'array', arity: 2, names: ['x', 'y'] }, context: false, unfilled: null },
    });
  });

  const dims: [text: string, dim: number | null, names: string[] | null, start: string | null][] = [
    ['export const loss = ([x, y = 1, z]) => x', 3, ['x', 'y', 'z'], null],
    ['export const loss = ([x, , z]) => x', 3, null, null],
    ['export const loss = ([x, ...r]) => x', null, null, null],
    ['export const loss = (p: number[]) => 1', null, null, null],
    [
      'export const loss = (p: number[]) => 1; export const lossStart = [1, -2.5e-3, 1_000] as const',
      3,
      null,
      'lossStart',
    ],
    [
      'export const loss = (p: number[]) => 1; const s = [1]; export { s as lossStart }',
      1,
      null,
      'lossStart',
    ],
    ['export const loss = (p: number[]) => 1; export const lossStart = zeros(5)', null, null, 'lossStart'],
    ['/** @start [1, 2] */ export const loss = (p: number[]) => 1', 2, null, null],
    ['/** @start [1, 2] */ export const loss = ([x]) => 1', 2, ['x'], null],
  ];
  test.each(dims)('%s', (text, dim, names, start) => {
    expect(discover(text, '/w/a.ts', 'named')[0]).toMatchObject({
      dim,
      parameterNames: names,
      startExport: start,
    });
  });

  test.each([
    ['(w: number[]) => 1', 'w'],
    ['(weights: Float64Array, { step }) => 1', 'weights'],
    ['(...w: number[]) => 1', 'w'],
    ['([x, y]: number[]) => 1', null],
    ['({ 0: x }: number[]) => 1', null],
  ])('the name of the parameter of %s is %s', (text, name) => {
    const [loss] = discover(`/** @loss */ export const f = ${text}`, '/w/a.ts', 'named');
    expect(loss?.parameter?.name).toBe(name);
  });

  test('the type decides whether it wants a Float64Array', () => {
    for (const type of ['Float64Array', 'Float64Array<ArrayBuffer>', ' Float64Array '])
      expect(discover(`export const loss = (p: ${type}) => 1`, '/w/a.ts', 'named')[0]?.form.vector.kind).toBe(
        'Float64Array',
      );
  });
});

describe('the function at the cursor', () => {
  const at = (marked: string, file = '/w/a.ts') => {
    const offset = marked.indexOf('|');
    const loss = lossAt(marked.replace('|', ''), file, offset);
    return loss && `${loss.name}:${loss.exportName}:${loss.foundBy}`;
  };
  const cases: [text: string, expected: string | null][] = [
    ['export function f(p) { return| p }', 'f:f:cursor'],
    ['/** Te|xt */\nexport function f(p) { return p }', 'f:f:cursor'],
    ['  |export function f(p) {\n return p\n}', 'f:f:cursor'],
    ['export function f(p) {\n return p\n}  |  ', 'f:f:cursor'],
    ['export function f(p) { function g(q) { return| q } return g(p) }', 'f:f:cursor'],
    ['export const f = (p) => p.map((x) => |x)', 'f:f:cursor'],
    ['function f(p) { return| p }', 'f:null:cursor'],
    ['const f = (p) => p.map((x) => |x)', 'f:null:cursor'],
    ['function f(p) { return| p } export { f as h }', 'f:h:cursor'],
    ['export function f(p) {}\n\n|\n\nexport function g(p) {}', null],
    ['export function f(p) {}\nexport function g(p) {|}', 'g:g:cursor'],
    ["describe('x', () => { const inner = (p) => { return| p } })", 'inner:null:cursor'],
    ["describe('x', () => { function inner(p) { return| p } })", 'inner:null:cursor'],
    ['/** @loss */ export function f(p) { return| p }', 'f:f:annotation'],
    ['export const loss = ([x]) => |x', 'loss:loss:name'],
    ['const a = |1', null],
    ['|', null],
    ['export default (p) => |p', 'a:default:cursor'],
    ['export const all = { f(p) { return| p } }', 'all.f:all.f:cursor'],
    ['export class A { g() {}\n static f(p) { return| p } }', 'A.f:A.f:cursor'],
    ['const all = { f(p) { return| p } }', 'all.f:null:cursor'],
  ];
  test.each(cases)('%s', (text, expected) => expect(at(text)).toBe(expected));
});

describe('files', () => {
  test.each(['a.ts', 'src/a.tsx', 'a.mts', 'a.cjs', 'a.jsx', 'lib/a.js', 'x/outer/a.ts', 'a.d.x/b.ts'])(
    '%s is searched',
    (path) => expect(isCandidateFile(path)).toBe(true),
  );
  test.each([
    'a.d.ts',
    'a.d.mts',
    'a.d.css.ts',
    'a.json',
    'a',
    'node_modules/p/a.ts',
    'p\\node_modules\\q\\a.js',
    'dist/a.js',
    'x/build/a.js',
    'jquery.min.js',
    'a.ts.map',
  ])('%s is not searched', (path) => expect(isCandidateFile(path)).toBe(false));
  test('declaration files contain no losses', () =>
    expect(found('export declare const loss: 1', '/w/a.d.ts')).toEqual([]));
});

const samples = [
  '/**\n * @loss\n * @start [-1.2, 1]\n * @names x y\n * @optimizer adam lr=0.05\n * @expect loss<1e-8 within 5000\n */\nexport function rosenbrock([x, y]: number[]): number {\n  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;\n}\n',
  "import { a as b, type C } from './c';\nexport const loss = async <T,>([x = 1, { y }, ...z]: readonly number[], ctx?: { step: number }): Promise<number> => {\n  const q = `a$" +
    '{x}b`;\n  return /re/.test(q) ? x! : (y as number);\n};\nexport { loss as g, type C };\n',
  'module.exports = { f, g: h, /** @loss */ k([x]) { return x }, ["m"]: 1, ...z };\nexports.q = exports.r = function loss([x]) {};\n',
  'export default class A<T> extends B { #x = 1; static m([x]: T[]) {} }\nexport enum E { A = 1 }\nnamespace N { export const x = 1 }\n@dec class D {}\nexport = f;\n',
];

describe('incomplete files', () => {
  test.each(samples)('every prefix of %j can be read', (text) => {
    for (let end = 0; end <= text.length; end++)
      for (const file of ['/w/a.ts', '/w/a.tsx', '/w/a.js']) {
        expect(() => discover(text.slice(0, end), file, 'named')).not.toThrow();
        expect(() => lossAt(text.slice(0, end), file, end)).not.toThrow();
      }
  });

  test('a text with any part cut out or any noise can be read', () => {
    const edit = fc.tuple(
      fc.constantFrom(...samples),
      fc.nat(500),
      fc.nat(60),
      fc.string({ maxLength: 6, unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(edit, ([text, at, length, noise]) => {
        const broken = text.slice(0, at) + noise + text.slice(at + length);
        discover(broken, '/w/a.ts', 'named');
        lossAt(broken, '/w/a.ts', Math.min(at, broken.length));
      }),
      { seed: 7, numRuns: 400 },
    );
  });
});
