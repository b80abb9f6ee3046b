import { describe, expect, test } from 'vitest';
import { lossNamed } from '../../../src/loss/discovery/discover';
import { planRun } from '../../../src/loss/plan';

/** The plan of the function `f` in a text. */
function plan(text: string, file: string) {
  const declaration = lossNamed(text, file, 'f');
  if (!declaration) throw new Error(`no function f: ${text}`);
  const { source, config, problems } = planRun(declaration, { below: [], above: [] });
  const { vector, context } = source.form;
  const names = 'names' in vector ? ` ${vector.names.join(' ')}` : '';
  const asks = { true: ' + context', false: '', indices: ' + indices', 'unless-one': ' + context?' }[
    `${context}`
  ];
  return { form: `${vector.kind}${names}${asks}`, config, problems, dim: declaration.dim };
}

const ts = '/w/a.ts';
const js = '/w/a.js';

type Row = readonly [parameters: string, form: string, before?: string];

describe('the keys of an exported start', () => {
  test.each<[start: string, keys: string[] | null]>([
    ['{ a: 1, b: 2 }', ['a', 'b']],
    ["{ 'a b': 1, 2: 3 } as const", ['a b', '2']],
    ['{ ...base, b: 2 }', null],
    ["{ ['a']: 1, b: 2 }", null],
    ['{ get a() { return 1 }, b: 2 }', null],
    ['[1, 2]', null],
  ])('%s', (start, keys) => {
    const text = `export const loss = (p: { a: number }) => 1; export const lossStart = ${start}`;
    expect(lossNamed(text, '/w/a.ts', 'loss')?.startKeys).toEqual(keys);
  });
});

describe('the form in which a typed function takes its vector', () => {
  const rows: Row[] = [
    // Arrays.
    ['[x, y]: number[]', 'array'],
    ['w: number[]', 'array'],
    ['w: readonly number[]', 'array'],
    ['w: Array<number>', 'array'],
    ['w: ReadonlyArray<number>', 'array'],
    ['w: ArrayLike<number>', 'array'],
    ['w: Readonly<number[]>', 'array'],
    ['w: (number)[]', 'array'],
    ['w: [number, number]', 'array'],
    ['w: readonly [a: number, b: number]', 'array'],
    ['w: [number, ...number[]]', 'array'],
    ['w: Vec', 'array', 'type Vec = readonly number[];'],
    ['w: Vec', 'array', 'export type Vec = Pair; type Pair = [number, number];'],
    ['w: Vec', 'array', 'interface Vec extends Array<number> {}'],
    ['w: Vec', 'array', 'type Vec = number[] & { readonly brand: unique symbol };'],
    ['w: Vec', 'array', "import type { Vec } from './vec';"],
    ['w: number[] | Float64Array', 'array'],
    ['w: any', 'array'],
    ['w: unknown', 'array'],
    ['this: void, w: number[]', 'array'],
    ['w: Float64Array', 'Float64Array'],
    ['w: Float64Array<ArrayBuffer>', 'Float64Array'],
    ['[x, y]: Float64Array', 'Float64Array'],
    ['w: Float32Array', 'Float32Array'],
    // Objects.
    ['{ a, b }: { a: number; b: number }', 'object a b'],
    ['{ b, a }: { a: number; b: number }', 'object b a'],
    ['{ a: slope, b = 1 }: { a: number; b?: number }', 'object a b'],
    ['p: { a: number; b: number }', 'object a b'],
    ['p: { readonly a: number, "b c": number }', 'object a b c'],
    ['p: P', 'object a b', 'interface P { a: number; b: number }'],
    ['p: P', 'object b a', 'interface P extends Q { a: number } interface Q { b: number }'],
    ['p: P', 'object a b', 'type P = { a: number } & Q; type Q = { b: N }; type N = number;'],
    ['p: Readonly<P>', 'object a', 'export interface P { a: number }'],
    ["p: Record<'a' | 'b', number>", 'object a b'],
    ['{ a, ...rest }: { a: number; b: number }', 'object a b'],
    ['{ a }: { a: number; b: number }', 'object a'],
    ['{ 0: x, 1: y }: number[]', 'array'],
    // Numbers.
    ['x: number', 'numbers x'],
    ['x: number, y: number', 'numbers x y'],
    ['x: N, y: N', 'numbers x y', 'type N = number;'],
    ['x: number, y: number, z = 1', 'numbers x y'],
    ['x: number, y: number, { indices }', 'numbers x y + indices'],
    ['w: number[], { indices, step }', 'array + context'],
    ['w: number[], { indices, ...rest }', 'array + context'],
    ['w: number[], context: { indices: number[] }', 'array + indices'],
    ['x: number, options: Options', 'numbers x + context'],
    // Rest.
    ['...p: number[]', 'rest'],
    ['...p: readonly number[]', 'rest'],
    ['...p: [number, number]', 'rest'],
    ['...[x, y]: number[]', 'rest'],
    ['...p: any[]', 'array + context?'],
  ];
  test.each(rows)('(%s) %s', (parameters, form, before = '') => {
    const text = `${before}\nexport function f(${parameters}): number { return 1; }`;
    expect(plan(text, ts)).toMatchObject({ form, problems: [] });
  });

  test('a type parameter has the type of its constraint', () => {
    const text = 'export const f = <T extends Float64Array, P extends T>(w: P) => w[0];';
    expect(plan(text, ts).form).toBe('Float64Array');
  });
});

describe('types that are hard to read', () => {
  const forms: readonly (readonly [what: string, text: string, form: string])[] = [
    ['an interface that contains itself', 'interface P { a: number; next?: P; of(p: P): P[] }', 'none'],
    ['an interface with itself as a property', 'interface P { a: number; next?: P }', 'object a next'],
    ['an alias of itself', 'type P = P;', 'array'],
    ['two that refer to each other', 'interface P extends Q {} interface Q extends P { a: number }', 'array'],
    ['a type parameter of itself', 'type P = <T extends T, S extends P>(t: T, s: S) => P;', 'none'],
    ['a recursive type parameter', 'interface P extends Base<P> { of<T extends P>(t: T): void }', 'array'],
  ];
  test.each(forms)('%s', (_, types, form) => {
    const text = `${types}\nexport const f = <T extends P>(p: T) => 1;`;
    if (form === 'none') expect(plan(text, ts).problems[0]?.code).toBe('no-vector');
    else expect(plan(text, ts).form).toBe(form);
  });

  test('types that refer to each other many times are read once each', () => {
    const types = Array.from({ length: 400 }, (_, i) => {
      const others = Array.from(
        { length: 8 },
        (_, k) => `m${k}(x: T${(i + k + 1) % 400}): T${(i * 7 + k) % 400};`,
      );
      return `interface T${i} { a: number; ${others.join(' ')} }`;
    });
    const start = performance.now();
    expect(plan(`${types.join('\n')}\nexport const f = (p: T0) => 1;`, ts).problems).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test.each([
    ['arrays', `number${'[]'.repeat(3000)}`],
    ['parentheses', `${'('.repeat(3000)}number${')'.repeat(3000)}`],
    ['objects', `${'{ a: '.repeat(5000)}number${' }'.repeat(5000)}`],
    ['functions', `${'() => '.repeat(5000)}number`],
    ['unclosed objects', '{ a: '.repeat(20_000)],
  ])('nested %s do not exceed the stack', (_, type) => {
    expect(() => plan(`export function f(p: ${type}) { return 1 }`, ts)).not.toThrow();
  });

  test.each([
    ['unclosed types', '@param {'.repeat(20_000)],
    ['unclosed comments', '/** @typedef '.repeat(20_000)],
    ['nested tags', `${'@param { '.repeat(20_000)}${'}'.repeat(20_000)} p`],
    ['many tags', '@param {number} p\n * '.repeat(20_000)],
  ])('%s in comments are read in linear time', (_, comment) => {
    const start = performance.now();
    plan(`/** ${comment} */\nexport function f(p) { return p.a }`, js);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('the context', () => {
  const rows: Row[] = [
    ['w: number[], { step }', 'array + context'],
    ['w: number[], { step } = {}', 'array + context'],
    ['w: number[], context', 'array + context'],
    ['w: number[], context: Context', 'array + context'],
    ['w: number[], context?: { step: number }', 'array + context'],
    ['w: number[], context: any', 'array + context'],
    ['w: number[], lambda = 0.1', 'array'],
    ['w: number[], lambda: number = 0.1', 'array'],
    ['w: number[], options: Options = {}', 'array'],
    ['w: number[], data?: number[][]', 'array'],
    ['w: number[], data?: Data', 'array', 'type Data = readonly (readonly [number, number])[];'],
    ['w: number[], data?: Float64Array', 'array'],
    ['w: number[], n?: number | string', 'array'],
    ["w: number[], kind?: 'a' | 'b' | null", 'array'],
    ['w: number[], kind?: Kind', 'array', 'enum Kind { A }'],
    ['w: number[], g?: (x: number) => number', 'array'],
    ['w: number[], g?: Function', 'array'],
    ['w: number[], either?: number | Context', 'array + context'],
    ['w: number[], ...more', 'array'],
    ['w: number[]', 'array'],
  ];
  test.each(rows)('(%s) %s', (parameters, form, before = '') => {
    const text = `${before}\nexport function f(${parameters}): number { return 1; }`;
    expect(plan(text, ts)).toMatchObject({ form, problems: [] });
  });

  test('a required parameter that gets nothing is reported', () => {
    const [problem] = plan('export function f(w: number[], data: number[][]) { return 1 }', ts).problems;
    expect(problem).toMatchObject({ code: 'no-argument', severity: 'warning' });
    expect(problem!.message).toContain('without data');
  });

  test('@samples on a function that does not ask for it is an error at the tag', () => {
    const text = '/** @loss\n * @start [1]\n * @samples 10 */\nexport const f = (w: number[], l = 1) => 1;';
    expect(plan(text, ts).problems).toMatchObject([
      { code: 'no-context', severity: 'error', location: { line: 3, column: 13 } },
    ]);
  });
});

describe('JSDoc types of JavaScript', () => {
  const rows: readonly (readonly [comment: string, code: string, form: string])[] = [
    ['@param {number[]} w', 'function f(w) {}', 'array'],
    ['@param {Array.<number>} w', 'function f(w) {}', 'array'],
    ['@param {Float64Array} w the weights', 'function f(w) {}', 'Float64Array'],
    ['@param {number} x\n * @param {number} y', 'function f(x, y) {}', 'numbers x y'],
    ['@param {number} x\n * @param {number} [y=3]', 'function f(x, y = 3) {}', 'numbers x'],
    ['@param {number[]} w\n * @param {number} [l]', 'function f(w, l) {}', 'array'],
    ['@param {number[]} w\n * @param {number=} l', 'function f(w, l) {}', 'array'],
    ['@param {number[]} w\n * @param {object} o', 'function f(w, o) {}', 'array + context'],
    ['@param {{ a: number, b: number }} p', 'function f({ a, b }) {}', 'object a b'],
    ['@param {{\n *   a: number,\n *   b: number,\n * }} p', 'function f(p) {}', 'object a b'],
    ['@param {Object} p\n * @param {number} p.a\n * @param {number} p.b', 'function f(p) {}', 'object a b'],
    ['@param {Object<string, number>} p', 'function f({ a, ...q }) {}', 'object a'],
    ['@param {...number} p', 'function f(...p) {}', 'rest'],
    ['@param {P} p', 'function f(p) {}', 'object a b'],
    ['@param {Q} p', 'function f(p) {}', 'object c'],
    ['@type {(w: Float64Array) => number}', 'const f = (w) => 1', 'Float64Array'],
    ['@type {Loss}', 'const f = (x, y) => 1', 'numbers x y'],
    ['@type {function(Float64Array): number}', 'const f = (w) => 1', 'Float64Array'],
    [
      '@type {function(Array<number>, Object<string, number>=): number}',
      'const f = (w, o) => 1',
      'array + context',
    ],
    ['The loss.', 'const f = /** @type {(w: Float64Array) => number} */ ((w) => 1)', 'Float64Array'],
    ['@type {Loss}', 'const f = make()', 'numbers x y'],
  ];
  test.each(rows)('%j %s', (comment, code, form) => {
    const typedefs =
      '/** @typedef {{ a: number, b: number }} P */\n' +
      '/** @typedef {Object} Q\n * @property {number} c */\n' +
      '/** @typedef {(x: number, y: number) => number} Loss */\n';
    const text = `${typedefs}/**\n * ${comment}\n */\nexport ${code}`;
    expect(plan(text, js)).toMatchObject({ form, problems: [] });
  });
});

describe('a function whose parameters stand elsewhere', () => {
  const rows: readonly (readonly [text: string, form: string])[] = [
    ['type Loss = (w: Float64Array) => number; export const f: Loss = (w) => 1;', 'Float64Array'],
    ['export const f: (p: { a: number }) => number = make();', 'object a'],
    ['const make = (d: number[]) => (w: Float64Array) => 1; export const f = make([]);', 'Float64Array'],
    ['function make() { return (x: number, y: number) => 1; } export const f = make();', 'numbers x y'],
    ['function make() { const g = (w: number[], l = 1) => 1; return g; } export const f = make();', 'array'],
    ['function make() { function g({ a, b }) {} return g; } export const f = make();', 'object a b'],
    ["import { make } from './b'; export const f = make();", 'array + context?'],
    ['export const f = memoize((w: Float64Array) => 1);', 'array + context?'],
    ['export const f = (...args) => other(...args);', 'array + context?'],
    [
      'export function f(w: Float64Array): number;\nexport function f(w: any, l = 1): number { return 1; }',
      'Float64Array',
    ],
  ];
  test.each(rows)('%s', (text, form) => {
    expect(plan(text, ts).form).toBe(form);
  });
});

describe('the start', () => {
  const rows: readonly (readonly [
    code: string,
    start: string,
    form: string,
    values: number[],
    names: string[],
  ])[] = [
    ['({ a, b }) => 1', '{"a": 0, "b": 1}', 'object a b', [0, 1], ['a', 'b']],
    ['({ a, b }) => 1', 'b=1 a=0', 'object a b', [0, 1], ['a', 'b']],
    ['({ a, b }) => 1', '[0, 1]', 'object a b', [0, 1], ['a', 'b']],
    ['({ a, b = 2 }) => 1', 'a=1', 'object a', [1], ['a']],
    ['({ a, ...r }) => 1', 'c=3 a=1', 'object a c', [1, 3], ['a', 'c']],
    ['(p) => p.a', '{ a: 1, b: 2 }', 'object a b', [1, 2], ['a', 'b']],
    ['(p: P) => p.a', "{ 'a b': 1e-3 }", 'object a b', [1e-3], ['a b']],
    ['(p: Record<string, number>) => p.a', 'a=1, b=-2', 'object a b', [1, -2], ['a', 'b']],
    ['(x, y) => x * y', 'y=2 x=1', 'numbers x y', [1, 2], ['x', 'y']],
    ['(x, y, l = 3) => x * y', 'x=1 y=2', 'numbers x y', [1, 2], ['x', 'y']],
    ['(x, y, { step }) => x * y', 'x=1 y=2', 'numbers x y + context', [1, 2], ['x', 'y']],
    ['(x: number, y: number) => 1', '[1, 2]', 'numbers x y', [1, 2], ['x', 'y']],
    ['([x, y]) => x', 'y=2 x=1', 'array', [1, 2], ['x', 'y']],
    ['(w: number[]) => 1', 'first=1 second=2', 'array', [1, 2], ['first', 'second']],
    ['(w: [x: number, y: number]) => 1', '[1, 2]', 'array', [1, 2], ['x', 'y']],
    ['(...p: number[]) => 1', '[1, 2, 3]', 'rest', [1, 2, 3], []],
  ];
  test.each(rows)('%s from %s', (code, start, form, values, names) => {
    const text = `/**\n * @loss\n * @start ${start}\n */\nexport const f = ${code};`;
    const found = plan(text, ts);
    expect(found).toMatchObject({ form, problems: [], dim: values.length });
    expect(found.config).toMatchObject({ start: values, names: names.length > 0 ? names : null });
  });

  test('the names of a literal start export are those of the coordinates', () => {
    const text = 'export const f = (p) => p.a; export const fStart = { a: 1, b: 2 };';
    expect(plan(text, js)).toMatchObject({ form: 'object a b', dim: 2 });
  });

  test('@names rename what is shown, not what is passed', () => {
    const text = '/** @loss @start a=1 b=2 @names slope offset */ export const f = (p) => p.a;';
    expect(plan(text, js)).toMatchObject({
      form: 'object a b',
      config: { names: ['slope', 'offset'], start: [1, 2] },
    });
  });

  const wrong: readonly (readonly [code: string, start: string, code: string, message: string])[] = [
    ['({ a, b }) => 1', 'a=1', 'wrong-dimension', 'start has no value for b'],
    ['({ a, b }) => 1', 'a=1 b=2 c=3', 'wrong-dimension', 'start has a value for c, but f takes a, b'],
    ['({ a, b }) => 1', '[1]', 'wrong-dimension', 'start has 1 number, but f takes 2 (a, b)'],
    ['(x: number, y: number) => 1', '[1]', 'wrong-dimension', 'start has 1 number, but f takes 2 (x, y)'],
    ['([x, y]) => 1', 'x=1 z=2', 'wrong-dimension', 'start has a value for z, but f takes x, y'],
    ['(p: Record<string, number>) => 1', '[1]', 'wrong-dimension', 'start must name its numbers'],
    ['(w: [number, number]) => 1', '[1]', 'wrong-dimension', 'start has 1 number, but f takes 2'],
    ['({ a }) => 1', '{"a": {"b": 1}}', 'malformed-value', 'the start of a must be a number'],
    ['({ a }) => 1', '{"a": "1"}', 'malformed-value', 'the start of a must be a number'],
    ['({ a }) => 1', '{"a": 1', 'malformed-value', 'the closing } of these numbers is missing'],
    ['({ a }) => 1', 'a=1 a=2', 'malformed-value', 'a appears twice'],
    ['({ a }) => 1', 'a=x', 'malformed-value', 'x is not a number'],
    ['({ a }) => 1', 'a=1 2', 'malformed-value', 'write each number with its name'],
  ];
  test.each(wrong)('%s from %s: %s', (code, start, problem, message) => {
    const text = `/**\n * @loss\n * @start ${start}\n */\nexport const f = ${code};`;
    const [first] = plan(text, ts).problems;
    expect(first).toMatchObject({ code: problem, severity: 'error', location: { line: 3 } });
    expect(first!.message).toContain(message);
  });
});

describe('a parameter that is no vector', () => {
  const rows: readonly (readonly [parameters: string, clause: string])[] = [
    ['w: string', 'w is typed string'],
    ['w: number[][]', 'w is typed number[][]'],
    ['w: { a: { b: number } }', 'the property a of w'],
    ['{ a }: { a: string }', 'the property a of its first parameter'],
    ['{ a: { b } }', 'the property a of its first parameter is a pattern'],
    ['[[a], b]: number[]', 'an element of its first parameter is a pattern'],
    ['w: () => number', 'w is typed () => number'],
    ['w: Int32Array', 'w is typed Int32Array'],
    ['w: Map', 'w is typed Map'],
    ['...w: string[]', 'w is typed string[]'],
    ['x: number = 1', 'x has a default'],
    ['w = "text"', 'w is not a list'],
  ];
  test.each(rows)('(%s)', (parameters, clause) => {
    const text = `type Map = Record<string, string>;\n/** @loss @start [1] */\nexport function f(${parameters}) { return 1; }`;
    const problem = plan(text, ts).problems.find(({ code }) => code === 'no-vector');
    expect(problem).toMatchObject({ severity: 'error', location: { line: 3 } });
    expect(problem!.message).toContain(clause);
  });
});
