import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discover } from '../../../src/loss/discovery/discover';
import { mayHoldLoss } from '../../../src/loss/discovery/mayHoldLoss';

const typed = '([x, y]: number[]): number => x * y';

describe('the quick test whether a text may contain a loss', () => {
  it.each([
    ['a call', "import { loss } from './a';\nexport const f = ([x]: number[]) => loss(x);"],
    [
      'a caught error',
      'export const f = (p: number[]) => { try { g(p); } catch (error) { throw new Error(h); } };',
    ],
    ['a longer word', `export const lossy = ${typed}; export const glossary = 1;`],
    ['no export', `const loss = ${typed};`],
    ['a common word without types', 'export const cost = ([x]) => x;', '/w/a.js'],
  ])('is false for %s', (_what, text, file = '/w/a.ts') => {
    expect(mayHoldLoss(text, file, 'named')).toBe(false);
    expect(discover(text, file, 'named')).toEqual([]);
  });

  it.each([
    ['a comment before the name', `export const /* the */ loss = ${typed};`],
    ['a line comment before the name', `export let a = 1, // one\n  loss = ${typed};`],
    ['the name of the file', `export default ${typed};`, '/w/hinge_loss.ts'],
    ['a member of an object', 'module.exports = { loss: ([x]) => x };', '/w/a.cjs'],
    ['a name of another alphabet', `export const größeLoss = ${typed};`],
    [
      'a common word with types',
      `export function totalCost(p: readonly number [ ]): number { return p[0]; }`,
    ],
    ['a member of an exported object', 'export const all = { loss: ([x]) => x };'],
    ['a method after a comment', 'export const all = { /* the */ loss /* it */ ([x]) { return x } };'],
    ['a quoted key', 'export default { "loss": ([x]) => x };'],
    ['a static method', 'export class A { static async loss([x]) { return x } }'],
    ['a static property', 'export class A { static readonly hingeLoss = ([x]: number[]) => x }'],
    ['a type alias', 'type Num = number; type P = number[]; export function cost(p: P): Num { return p[0] }'],
    ['Array<number>', 'export function cost(p: Array< number >): number { return p[0] }'],
    [
      'JSDoc types',
      '/** @param {Array<Number>} p @returns {number} */ export function cost(p) { return p[0] }',
      '/w/a.js',
    ],
    [
      'a JSDoc function type',
      'export const all = { /** @type {(w: number[]) => number} */ cost: w => w[0] }',
      '/w/a.js',
    ],
    ['a tuple', 'export function cost([x, y]: [number, number]): number { return x; }'],
  ])('is true for %s', (_what, text, file = '/w/a.ts') => {
    expect(discover(text, file, 'named')).toHaveLength(1);
    expect(mayHoldLoss(text, file, 'named')).toBe(true);
  });

  it('searches only for @loss in the mode annotated', () => {
    expect(mayHoldLoss(`export const loss = ${typed};`, '/w/a.ts', 'annotated')).toBe(false);
    expect(mayHoldLoss(`/** @loss */ export const f = ${typed};`, '/w/a.ts', 'annotated')).toBe(true);
    expect(mayHoldLoss(`/** @loss */ export const f = ${typed};`, '/w/a.ts', 'off')).toBe(false);
  });

  it('is true for every text in which a loss is found', () => {
    const word = fc.constantFrom(
      'loss',
      'Loss',
      'myNll',
      'cost',
      'hingeError',
      'energy',
      'f',
      'NLL',
      'x_1loss',
    );
    const gap = fc.constantFrom(' ', '\n', '/* c */', ' // c\n', '\t');
    const vector = fc.constantFrom(
      '[x, y]',
      '[x]: number[]',
      'p: Float64Array',
      'p: readonly number[]',
      '[a]: [number,]',
      'p: Array<number>',
      'p: ReadonlyArray<number> | Float64Array',
      'p: readonly [a: number, b: number]',
    );
    const result = fc.constantFrom('', ': number', ': Promise<number>');
    const form = fc.constantFrom<(n: string, g: string, p: string, r: string) => string>(
      (n, g, p, r) => `export function${g}${n === '' ? '' : ` ${n}`}${g}(${p})${r} { return 1; }`,
      (n, g, p, r) => `export const${g} ${n}${g}=${g}(${p})${r} => 1;`,
      (n, g, p, r) => `export const a = 1,${g}${n} = (${p})${r} => 1;`,
      (n, g, p, r) => `const${g} ${n} = (${p})${r} => 1;\nexport {${g}${n} };`,
      (n, g, p, r) => `exports.${n}${g}= function (${p})${r} { return 1; };`,
      (n, g, p, r) => `module.exports = {${g}${n}:${g}(${p})${r} => 1 };`,
      (n, g, p, r) => `export${g}= {${g}${n}(${p})${r} { return 1; } };`,
      (n, g, p, r) => `export const all = {${g}${n}${g}(${p})${r} { return 1; } };`,
      (n, g, p, r) => `export const all = { a: 1,${g}async ${n}(${p})${r} { return 1; } };`,
      (n, g, p, r) => `export const all = {${g}'${n}'${g}:${g}(${p})${r} => 1 };`,
      (n, g, p, r) =>
        `const all = { of: { a() {},${g}${n}: function (${p})${r} { return 1; } } }; export { all };`,
      (n, g, p, r) => `export default {${g}${n}:${g}async (${p})${r} => 1 };`,
      (n, g, p, r) => `export class A { x = 1;${g}static${g}${n}(${p})${r} { return 1; } }`,
      (n, g, p, r) => `export default class {${g}static readonly${g}${n} = (${p})${r} => 1 }`,
      (n, g) => `type P = number[]; export const ${n}:${g}(w: P) => number = (w) => 1;`,
    );
    fc.assert(
      fc.property(word, gap, vector, result, form, (name, between, parameter, returns, make) => {
        const text = make(name, between, parameter, returns);
        return discover(text, '/w/a.ts', 'named').length === 0 || mayHoldLoss(text, '/w/a.ts', 'named');
      }),
      { seed: 10, numRuns: 6000 },
    );
  });

  it('never excludes JavaScript in which JSDoc comments give the types', () => {
    const name = fc.constantFrom('loss', 'cost', 'hingeError', 'f');
    const type = fc.constantFrom(
      'number[]',
      'Array.<number>',
      'ReadonlyArray<number>',
      'Float64Array',
      '!Array<Number>',
      '[number, number]',
      'Vec',
    );
    const form = fc.constantFrom<(n: string, t: string) => string>(
      (n, t) => `/** @param {${t}} w\n * @returns {number} */\nexport function ${n}(w) { return 1 }`,
      (n, t) => `/** @type {(w: ${t}) => number} */\nexport const ${n} = (w) => 1`,
      (n, t) => `module.exports = {\n/** @arg {${t}} w\n * @return {number} */\n${n}(w) { return 1 } }`,
      (n, t) =>
        `export class A {\n/** @param {${t}} w\n * @returns {number} */\nstatic ${n}(w) { return 1 } }`,
    );
    let found = 0;
    fc.assert(
      fc.property(name, type, form, (word, vector, make) => {
        const text = `/** @typedef {number[]} Vec */\n${make(word, vector)}`;
        if (discover(text, '/w/a.js', 'named').length === 0) return true;
        found++;
        return mayHoldLoss(text, '/w/a.js', 'named');
      }),
      { seed: 11, numRuns: 500 },
    );
    expect(found).toBeGreaterThan(200);
  });
});
