// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs as texts

import { describe, expect, test } from 'vitest';
import { locateError } from '../../../src/loss/providers/javascript/load/locateError';
import { Workspace } from '../loss/workspace';
import { linkInstrumented, loadInstrumented } from './support/instrumented';
import { passThrough } from './support/passThrough';

type Call = (...values: unknown[]) => unknown;

/** The operations that a call of `main(3)` carries out, each with the source text of its place. */
async function carriedOut(body: string): Promise<string[]> {
  const text = `export async function main(h: any) {\n${body}\n}\n`;
  const workspace = new Workspace({ 'a.ts': text });
  const instrumented = await linkInstrumented(workspace.path('a.ts'), workspace, workspace.root);
  const seen: string[] = [];
  const runtime = passThrough(({ name, site }) => {
    if (site === null) seen.push(name);
    else {
      const { from, to } = instrumented.sites[site]!;
      seen.push(`${name}: ${text.slice(from, to)}`);
    }
  });
  const { main } = await loadInstrumented(instrumented, runtime);
  await (main as Call)(3);
  return seen;
}

/** A body, and every operation that it carries out, in order. */
const operations: [body: string, seen: string[]][] = [
  ['h + 1', ['add: h + 1']],
  ['return (h - 1) * -h / 2', ['sub: h - 1', 'neg: -h', 'mul: (h - 1) * -h', 'div: (h - 1) * -h / 2']],
  ['return h % 2 ** h', ['pow: 2 ** h', 'mod: h % 2 ** h']],
  ['return +h', ['plus: +h']],
  ['return ~h | h', ['int ~: ~h', 'int |: ~h | h']],
  ['return h\n  + // one\n  1', ['add: h\n  + // one\n  1']],
  ['let a = h; a += 2 * h', ['mul: 2 * h', 'add: a += 2 * h']],
  ['let a = h; a <<= 1; a **= 2', ['int <<: a <<= 1', 'pow: a **= 2']],
  ['const a = [1, h]; a[0] -= h', ['sub: a[0] -= h', 'set: a[0] -= h']],
  ['const a = [1, h]; a[0] *= Number(h)', ['at: Number(h)', 'mulBy: a[0] *= Number(h)']],
  [
    'const a = [1, h]; a[0] &= h; a[1]++; --a[0]',
    ['intRef &: a[0] &= h', 'incRef: a[1]++', 'decRef: --a[0]'],
  ],
  ['const o = { x: h }; o.x /= h; o.x++', ['div: o.x /= h', 'inc: o.x++']],
  ['let a = h; return a++ + --a', ['inc: a++', 'dec: --a', 'add: a++ + --a']],
  ['return (h as number) + <number>h * h!', ['mul: <number>h * h!', 'add: (h as number) + <number>h * h!']],
  ['return h + h as number * 2', ['add: h + h', 'mul: h + h as number * 2']],
  ['return Math.sin(h) + Math.PI', ['math.sin: Math.sin(h)', 'add: Math.sin(h) + Math.PI']],
  ['return Math.max(h, 1)', ['math.max: Math.max(h, 1)']],
  ['return Math.max(...[h])', ['at: Math.max(...[h])']],
  ['const { exp } = Math; return exp(h)', ['at: exp(h)']],
  [
    'let s = 0; s += 2 * h * h - Math.exp(-h)',
    [
      'mul: 2 * h',
      'mul: 2 * h * h',
      'neg: -h',
      'math.exp: Math.exp(-h)',
      'sub: 2 * h * h - Math.exp(-h)',
      'add: s += 2 * h * h - Math.exp(-h)',
    ],
  ],
  ['return h < 1 || h >= 2', ['lt', 'ge']],
  ['return [h == 1, h != 1, h === 1, h !== 1, h <= 1, h > 1]', ['eq', 'ne', 'same', 'differ', 'le', 'gt']],
  ['if (h) h; while (!h) h; return h ? 1 : h || 2', ['truthy', 'truthy', 'truthy']],
  ['switch (h) { case h: }', ['plain', 'plain']],
  ['return typeof h', ['typeOf']],
  ['return `${h}`', ['text']],
  ['const a: any = []; a[0] = h', ['set: a[0] = h']],
  ['return [h].some((x) => x)', ['m.some']],
  ['return [h]?.filter(Boolean).find((x) => x > 1)', ['m.filter', 'm.find', 'gt']],
  ['return [1].map((x) => x + 1)', ['add: x + 1']],
];

describe('every operation on possibly traced values is reported, with its place', () => {
  test.each(operations)('%s', async (body, seen) => {
    expect(await carriedOut(body)).toEqual(seen);
  });
});

describe('operations on plain values are not rewritten', () => {
  test.each([
    'return 1 + 2 * 3 - -4',
    'for (let i = 0; i < 3; i++) ;',
    'const a = [1, 2]; for (let i = a.length - 1; i >= 0; i -= 1) a.length;',
    'let n = 0; for (const k in { a: 1 }) n += k.length; return n > 0',
    'const x = 2, y = x * 3 + Math.sqrt(x); return y > 1 && x < y',
    'let s = ""; for (let i = 0; i < 2; i++) s += `${i}`; if (s) return s === "a"',
    'return h === undefined || h == null || h === "x"',
    '"abc".indexOf("b"); [h].includes("x" as any); return !(1 > 2)',
    'return Math.max(1, Math.PI) + Number.EPSILON',
    'switch (1 + 1) { case 2: }',
  ])('%s', async (body) => {
    expect(await carriedOut(body)).toEqual([]);
  });
});

test('places are numbered across all modules', async () => {
  const workspace = new Workspace({
    'a.ts': `import { f } from './b'; export const main = (h: any) => f(h) * 2;`,
    'b.ts': 'export const f = (h: number) => h + 1;',
  });
  const instrumented = await linkInstrumented(workspace.path('a.ts'), workspace, workspace.root);
  const places = instrumented.sites.map(({ file, from, to }) => workspace.read(file)!.slice(from, to));
  expect(new Set(places)).toEqual(new Set(['f(h) * 2', 'h + 1']));
  expect(places).toHaveLength(2);
});

describe('errors are located in the source', () => {
  /** A module whose `main(3)` throws. The marker ‸ stands before the place and is removed. */
  const throwing: [name: string, marked: string][] = [
    [
      'a throw',
      'export function main(h: any) { const x: number = h * 2 + h; if (x || h) throw ‸new Error(`a${h + 1}`) }',
    ],
    [
      'after other operations in the line',
      'export function main(h: any) { return h * 2 + (-h) ** 2 + h.a.‸b }',
    ],
    ['a call of a number', 'export const main = (h: any) => h - 3 || 2 + h * ‸h()'],
    ['a method of undefined', 'export const main = (h: any) =>\n  h.list.‸map((x: any) => x * 2)'],
    [
      'a method that compares by value, at the beginning of a line',
      'export const main = (h: any) => {\n‸h.list.some((x: any) => x * 2)\n}',
    ],
    [
      'in a callback',
      'export const main = (h: any) =>\n  [h].filter((x) => x > 0 || x).map((x: number): number => x * 2 + [h].map((a) => a * 2 + h.‸no())[0]!)',
    ],
    [
      'after a replaced operator',
      'export const main = (h: any) => { let a: any = h; a **= 2; a ||= 1; a += h.x.‸y }',
    ],
    [
      'a symbol in a sum',
      'export const main = (h: any) => {\n  const s: any = Symbol();\n  return [‸s + h]\n}',
    ],
    ['another module', 'export function f(h: any) { h += 1; return h * h.‸nothing() }'],
  ];
  test.each(throwing)('%s', async (_, marked) => {
    const text = marked.replace('‸', '');
    const files: Record<string, string> = text.includes('main')
      ? { 'a.ts': text }
      : { 'a.ts': `import { f } from './b'; export const main = (h: any) => f(h) + 1`, 'b.ts': text };
    const workspace = new Workspace(files);
    const instrumented = await linkInstrumented(workspace.path('a.ts'), workspace, workspace.root);
    const { main } = await loadInstrumented(instrumented);
    let thrown: unknown;
    try {
      (main as Call)(3);
    } catch (error) {
      thrown = error;
    }
    const before = marked.slice(0, marked.indexOf('‸')).split('\n');
    expect(locateError(thrown, instrumented.linked)).toMatchObject({
      file: workspace.path(text.includes('main') ? 'a.ts' : 'b.ts'),
      line: before.length,
      column: before.at(-1)!.length + 1,
    });
  });
});
