import { describe, expect, test } from 'vitest';
import { locateError } from '../../../src/loss/providers/javascript/load/locateError';
import { readGraph } from '../../../src/loss/providers/javascript/load/moduleGraph';
import { load, Workspace } from './workspace';

/** Files, the first of which is the entry and exports `result`. */
const programs: [name: string, files: Record<string, string>, result: unknown][] = [
  [
    'a namespace',
    {
      'a.ts':
        'namespace N { const k = 2; export const f = (x: number) => k * x }\nexport const result = N.f(3)',
    },
    6,
  ],
  [
    'merged and nested namespaces, with an alias',
    {
      'a.ts':
        'namespace N { export const a = 1; export interface I { x: number } }\n' +
        'namespace N.M { export function f(i: I) { return i.x + a } }\n' +
        'import f = N.M.f;\nexport const result = f({ x: 2 })',
    },
    3,
  ],
  [
    'a name that a later block of a namespace declares again',
    {
      'a.ts':
        'const b = 9; namespace N { export const a = 1; export const b = 2; export enum E { X = 5 } }\n' +
        'namespace N { const a = 10; export const f = (b: number) => a + b; export const g = () => b + E.X }\n' +
        'export const result = [N.f(1), N.g()]',
    },
    [11, 7],
  ],
  [
    'a variable of a namespace that is never assigned to',
    { 'a.ts': 'namespace N { export let a = 1; export var b = a + 1 }\nexport const result = N.b' },
    2,
  ],
  [
    'an exported namespace, imported as a value and as a type',
    {
      'a.ts': `import { N, type T } from './b'; const t: T = 4; const i: N.I = { x: t }; export const result = N.x + i.x`,
      'b.ts':
        'export type T = number; export namespace N { export interface I { x: number } export const x = 1 }',
    },
    5,
  ],
  [
    'a type that a lowered module exports again',
    {
      'a.ts': `import { T, f } from './b'; const t: T = 1; export const result = f(t)`,
      'b.ts': `import { T } from './c'; export { T }; namespace N { export const k = 3 } export const f = (x: T) => N.k * x`,
      'c.ts': 'export type T = number',
    },
    3,
  ],
  [
    'decorators of classes, methods, fields and accessors',
    {
      'a.ts':
        'const twice = (f: any, _: unknown) => function (this: any, x: number) { return 2 * f.call(this, x) };\n' +
        'const plusOne = (_: unknown, __: unknown) => (x: number) => x + 1;\n' +
        'const named = (c: any, { name }: any) => { c.title = name; return c };\n' +
        '@named export class A { @plusOne y = 3; @twice f(x: number) { return x + this.y } accessor z = 1 }\n' +
        'export const result = [new A().f(1), (A as any).title, new A().z]',
    },
    [10, 'A', 1],
  ],
  [
    'experimental decorators where the project says so',
    {
      'a.ts':
        'function twice(_: any, __: string, d: any) { const f = d.value; d.value = function (x: number) { return 2 * f.call(this, x) } }\n' +
        'class A { @twice f(x: number) { return x } }\nexport const result = new A().f(2)',
      'tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true } }',
    },
    4,
  ],
  [
    'decorators in JavaScript',
    {
      'a.js':
        'const twice = (f) => function (x) { return 2 * f.call(this, x) };\n' +
        'class A { @twice f(x) { return x } }\nexport const result = new A().f(2)',
    },
    4,
  ],
  [
    'fields without a value beside a decorator, where the project drops them',
    {
      'a.ts':
        'const id = (c: any, _: unknown) => c; @id class A { x?: number; y = 1 }\nexport const result = Object.keys(new A())',
      'tsconfig.json': '{ "compilerOptions": { "useDefineForClassFields": false } }',
    },
    ['y'],
  ],
  [
    'enums and parameter properties beside a decorator',
    {
      'a.ts':
        'const id = (c: any, _: unknown) => c; enum E { A = 1, B = A << 1 }\n' +
        '@id class A { constructor(readonly x: number) {} }\nexport const result = new A(E.B).x',
    },
    2,
  ],
  [
    'using disposes at the end of the block',
    {
      'a.ts':
        'const log: string[] = [];\nfunction f() { using r = { [Symbol.dispose]() { log.push("disposed") } }; log.push("used"); return r }\n' +
        'f(); export const result = log',
    },
    ['used', 'disposed'],
  ],
  [
    'using at the top level of an ECMAScript module',
    { 'a.ts': 'using r = { x: 2, [Symbol.dispose]() {} };\nexport const result = r.x' },
    2,
  ],
  [
    'JSX that is never evaluated, without a library',
    {
      'a.tsx': `export const View = (p: { n: number }) => <p className="x">{p.n}<>y</></p>;\nexport const result = 1`,
    },
    1,
  ],
  [
    'JSX that is evaluated is an object',
    {
      'a.jsx': `const view = <b k={1}>x</b>;\nexport const result = [view.type, view.props.k, view.props.children]`,
    },
    ['b', 1, ['x']],
  ],
  [
    'a library that only JSX needs is not imported',
    {
      'a.tsx': `import React from './none';\nexport const View = () => <div />;\nexport const result = 1`,
      'none.ts': 'throw 1; export default 1',
    },
    1,
  ],
  [
    'import = require and export = beside a namespace',
    {
      'a.ts': `import b = require('./b'); namespace N { export const k = 2 } export const result = b.x * N.k`,
      'b.cts': 'namespace N { export const k = 3 } export = { x: N.k }',
      'b.ts': 'namespace N { export const k = 3 } export = { x: N.k }',
    },
    6,
  ],
  [
    'a generic call that JavaScript reads as comparisons',
    { 'a.tsx': 'const f = <T,>(x: T) => <p/> && x;\nexport const result = f<number>(2)' },
    2,
  ],
];

describe('syntax that Node does not run', () => {
  test.each(programs)('%s', async (_, files, result) => {
    const workspace = new Workspace(files);
    const linked = await workspace.link(Object.keys(files)[0]!);
    expect(linked.problems).toEqual([]);
    expect((await load(linked)).result).toEqual(result);
  });
});

describe('places in a lowered module are those of the file', () => {
  const text = [
    'namespace N { export const k = 1 }',
    'export function f(x: number) {',
    '  const y = (x as',
    '    number) * 2;',
    '  throw new Error(String(y));',
    '}',
    'export const result = f(1);',
  ].join('\n');

  test('of an error', async () => {
    const workspace = new Workspace({ 'a.ts': text });
    const linked = await workspace.link('a.ts');
    const error = await load(linked).catch((thrown: unknown) => thrown);
    expect(locateError(error, linked)).toMatchObject({ line: 5, column: 9 });
  });

  test('of a node', async () => {
    const workspace = new Workspace({ 'a.ts': text });
    const file = `${workspace.root}/a.ts`;
    const node = (await readGraph(file, workspace)).nodes.get(file);
    if (node?.kind !== 'code') throw new Error('not read');
    const { source } = node.module;
    expect(source.text).not.toBe(text);
    const inLowered = (expression: RegExp) => {
      const { index, 0: found } = expression.exec(source.text)!;
      const { from, to } = source.fileRange(index, index + found.length);
      return text.slice(from, to);
    };
    expect(inLowered(/String\(y\)/)).toBe('String(y)');
    expect(inLowered(/f\(1\)/)).toBe('f(1)');
    expect(inLowered(/\(x\s*\) \*\s*2/)).toBe('(x as\n    number) * 2');
  });

  test('of what cannot be compiled', async () => {
    const workspace = new Workspace({
      'a.ts': 'export const a = 1;\nnamespace N { export let x = a; x++; }',
    });
    const { problems } = await workspace.link('a.ts');
    expect(problems).toMatchObject([
      { code: 'unsupported-syntax', severity: 'error', location: { line: 2 } },
    ]);
    expect(problems[0]!.message).toMatch(
      /^this syntax cannot be loaded: a namespace exports a variable that is assigned to;/,
    );
  });
});
