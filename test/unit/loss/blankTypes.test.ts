import { parse } from '@babel/parser';
import { describe, expect, test } from 'vitest';
import type { SourceProblem } from '../../../src/loss/problem';
import { Edits } from '../../../src/loss/providers/javascript/load/edits';
import { parseModule } from '../../../src/loss/providers/javascript/load/parseModule';
import { blankTypes } from '../../../src/loss/providers/javascript/load/typescript/blankTypes';

function blank(text: string, file = '/w/a.ts', uninitializedFields: 'define' | 'drop' = 'define') {
  const { module, problems } = parseModule(text, file);
  const edits = new Edits(text);
  const found: SourceProblem[] = [...problems];
  if (module) blankTypes({ uninitializedFields })({ module, edits, problems: found });
  return { text: edits.toString(), problems: found, map: edits.map(file) };
}

/** Programs that store their outcome in `result`, evaluated after their types have been removed. */
const programs: [name: string, text: string, result: unknown][] = [
  ['annotations', 'const f = (x: number, y?: number): number => x + (y ?? 1); result = f(1)', 2],
  ['generic arrow', 'const f = <T,>(x: T): T => x; result = f<number>(3)', 3],
  [
    'async generic arrow, types over lines',
    'const f = async <\n  T,\n>(x: T): Promise<T> => x; result = typeof f',
    'function',
  ],
  ['return type over lines', 'const f = (x: number): {\n  a: number;\n} => ({ a: x }); result = f(2).a', 2],
  [
    'return type over lines, trailing comma',
    'const f = (x: number,): [\n number\n] => [x]; result = f(2)[0]',
    2,
  ],
  [
    'return type over lines, no parameter',
    'const f = (): {\n  a: number;\n} => ({ a: 7 }); result = f().a',
    7,
  ],
  ['returned generic arrow over lines', 'function g() { return <\n T\n>(x: T) => x; }\nresult = g()(4)', 4],
  ['as, then a line with (', 'let a: unknown = 1\nconst b = a as number\n(() => { result = b })()', 1],
  ['as, then a line with [', 'let a: unknown = 1\nconst b = a as number\n;[result] = [b]', 1],
  [
    'as, then [ without help',
    'const a = 5 as number\nlet c = 2\nconst b = a as any\n[c] = [b]\nresult = c',
    5,
  ],
  ['as, then a template', 'const t = (...x: any[]) => 9\nconst b = 1 as any\n`x`\nresult = b', 1],
  ['satisfies', 'const a = { b: 1 } satisfies { b: number }; result = a.b', 1],
  ['as keeps a sum together', 'result = 1 + 2 as number * 3', 9],
  ['as keeps a negative base', 'result = -2 as number ** 2', 4],
  ['as chain in a product', 'result = 1 + 1 as unknown as number * 5', 10],
  ['as on the right', 'result = 2 * (3 + 4 as number)', 14],
  ['as on the left of =', 'let a: any; (a as number) = 4; result = a', 4],
  ['non-null', 'const a: { b?: { c: number } } = { b: { c: 1 } }; result = a!.b!.c!', 1],
  ['non-null in an optional chain', 'const a: any = undefined; result = a?.b!.c.d', undefined],
  ['old assertion', 'const a: unknown = 3; result = <number>a + 1', 4],
  ['old assertion of an object as a body', 'const f = () => <any>{ a: 1 }; result = f().a', 1],
  ['old assertion over lines', 'function f() { return <\nnumber>\n5; }\nresult = f()', 5],
  ['type, then a line with (', 'const f = (x: any) => x\nlet a = f\ntype T = 1\n;(result = 3)', 3],
  [
    'statement type without semicolon between',
    'let a = 1\ninterface T { x: 1 }\n(() => { result = a })()',
    1,
  ],
  [
    'this parameter',
    'function f(this: { k: number }, x: number) { return this.k + x } result = f.call({ k: 1 }, 2)',
    3,
  ],
  ['this parameter alone', 'function f(this: { k: number }) { return this.k } result = f.call({ k: 1 })', 1],
  ['definite', 'let a!: number; a = 2; result = a', 2],
  [
    'optional destructured',
    'function f({ a, b = 2 }: { a?: number; b?: number } = {}) { return b } result = f()',
    2,
  ],
  [
    'overloads',
    'function f(x: number): number;\nfunction f(x: string): string;\nfunction f(x: any) { return x }\nresult = f(1)',
    1,
  ],
  [
    'abstract class',
    'abstract class A { abstract m(): number; abstract x: number; n() { return 4 } }\nclass B extends A { x = 1; m() { return 1 } }\nresult = new B().n()',
    4,
  ],
  [
    'implements',
    'interface I {}\nclass A implements I, Iterable<number> { *[Symbol.iterator]() { yield 1 } }\nresult = [...new A()][0]',
    1,
  ],
  [
    'class expression implements',
    'interface I {}\nconst A = class implements I { x = 3 }; result = new A().x',
    3,
  ],
  [
    'extends with type arguments',
    'class A<T> { constructor(public v?: T) {} }\nclass B extends A<\n number> {}\nresult = new B(5).v',
    5,
  ],
  [
    'modifiers',
    'class A extends Object { private readonly x: number = 1; protected static override y?: number = 2; get z(): number { return this.x } }\nresult = new A().z',
    1,
  ],
  ['modifier, then a computed name', "class A { a = 1\nprivate ['b'] = 2 }\nresult = new A().b", 2],
  [
    'modifier, then a generator',
    'class A { a = 1\npublic *g() { yield 3 } }\nresult = [...new A().g()][0]',
    3,
  ],
  ['field named get', 'class A { get: number\nfoo() { return 1 } }\nresult = new A().foo()', 1],
  [
    'field named static, optional',
    'class A { static?: number\nfoo() { return 1 } }\nresult = new A().foo()',
    1,
  ],
  ['field with a type, then a computed name', "class A { x: number\n['y'] = 2 }\nresult = new A().y", 2],
  ['field value as, then a computed name', "class A { x = 1 as number\n['y'] = 2 }\nresult = new A().y", 2],
  ['index signature', 'class A { [k: string]: any\nx = 3 }\nresult = new A().x', 3],
  ['optional method', 'class A { m?() { return 2 } }\nresult = new A().m!()', 2],
  ['declared field', 'class A { x = 1 }\nclass B extends A { declare x: number }\nresult = new B().x', 1],
  ['field without value is defined', 'class A { x?: number }\nresult = Object.keys(new A()).length', 1],
  [
    'declare',
    'declare const q: number;\ndeclare function r(): void;\ndeclare class S {}\ndeclare global {}\ndeclare enum Z { A }\nresult = typeof q',
    'undefined',
  ],
  ['namespace of types', 'namespace N { export interface A {} export type B = 1 }\nresult = 1', 1],
  ['catch', 'try { throw 1 } catch (e: unknown) { result = e }', 1],
  ['call type arguments', 'const f = <T,>(x: T) => x; result = f<Array<Array<number>>>([[1]])[0]![0]', 1],
  ['optional call type arguments', 'const f = <T,>(x: T) => x; result = f?.<number>(1)', 1],
  ['new with type arguments', 'result = new Map<string, Map<string, number>>().size', 0],
  ['tag type arguments', 'const f = (...x: unknown[]) => 8; result = f<number>`a`', 8],
  ['instantiation', 'const f = <T,>(x: T) => x; const g = f<number>; result = g(1)', 1],
  ['for of with a cast', 'result = 0; for (const x of [1, 2] as number[]) result += x', 3],
  [
    'type predicate',
    'function f(x: unknown): x is string { return true }\nfunction g(x: unknown): asserts x {}\nresult = f(1)',
    true,
  ],
  [
    'arrow in a conditional',
    'const a = true; result = a ? (x: number): number => x : null; result = result(3)',
    3,
  ],
  ['enum', 'enum E { A, B = 4, C }\nresult = [E.A, E.B, E.C, E[5], E[0]].join()', '0,4,5,C,A'],
  ['enum of strings', "enum E { A = 'x', B = 'y' }\nresult = Object.keys(E).join()", 'A,B'],
  ['enum that refers to its members', 'enum E { A = 1, B = A << 2, C = E.B | A }\nresult = E.C', 5],
  ['const enum, negative', 'const enum E { A = -1, B }\nresult = E.B', 0],
  [
    'enum with odd names',
    "enum E { 'a-b' = 2, c, default = 5 }\nresult = [E['a-b'], E.c, E[3], E.default].join()",
    '2,3,c,5',
  ],
  ['enum over lines', 'enum E\n{\n  A, // first\n  B = 3,\n\n  C\n}\nresult = E.C', 4],
  ['enum that merges', 'enum E { A = 1 }\nenum E { B = 2 }\nresult = E.A + E.B', 3],
  ['enum, empty', 'enum E {}\nresult = Object.keys(E).length', 0],
  ['enum in a function', 'function f() { enum E { A = 3 } return E.A }\nresult = f()', 3],
  [
    'parameter properties',
    'class A { constructor(private x: number, readonly y = 2, z = 1) { this.x += z } get s() { return this.x + this.y } }\nresult = new A(1).s',
    4,
  ],
  [
    'parameter properties after super',
    'class B { a = 1 }\nclass A extends B { constructor(public x: number) { super()\nthis.x++ } }\nresult = new A(1).x + new A(1).a',
    3,
  ],
  ['parameter property of an empty body', 'class A { constructor(public x = 3) {} }\nresult = new A().x', 3],
  [
    'private optional field',
    'class A { #p?: number; static has(o: object): o is A { return #p in o } }\nresult = A.has(new A())',
    true,
  ],
  [
    'comments in types',
    'const f = (x /* a */ : /* b */ number /* c */, /* d */): /* ) */ number => x; result = f(2)',
    2,
  ],
  ['strings that look like types', "const s: string = ': number'; result = s", ': number'],
  ['regular expressions', 'const a: RegExp = /a: b as c/; result = a.source', 'a: b as c'],
  ['less than', 'const a: number = 1, b: number = 2; result = a < b', true],
  [
    'accessor pair',
    'class A { #x = 1; get x(): number { return this.#x } set x(v: number) { this.#x = v } }\nconst a = new A(); a.x = 4; result = a.x',
    4,
  ],
  ['unicode', "const größe: string = '\u{1F600}' as string; result = größe.length", 2],
];

/** Removing types from a text that is also valid JavaScript must not change its meaning. */
describe('blanking types', () => {
  test.each(programs)('%s', (_name, text, expected) => {
    const { text: script, problems } = blank(text);
    expect(problems).toEqual([]);
    const body = new Function(`let result;${script}\n;return result;`) as () => unknown;
    expect(body()).toEqual(expected);
  });

  test.each(programs)('keeps every line of %s at its place', (_name, text) => {
    const { text: script, map } = blank(text);
    expect(script.split('\n').length).toBe(text.split('\n').length);
    if (map) return;
    expect(script.length).toBe(text.length);
    // The remaining characters are at the same place as in the source.
    for (let i = 0; i < text.length; i++) if (!' ;()'.includes(script[i]!)) expect(script[i]).toBe(text[i]);
  });

  test.each(programs)('leaves plain JavaScript after removing the types of %s', (_name, text) => {
    const { text: script } = blank(text);
    expect(() => parse(script, { sourceType: 'module' })).not.toThrow();
  });

  test('keeps the lines and columns of a text with CRLF and tabs', () => {
    const text = 'type A = {\r\n\tx: number\r\n}\r\nconst a: A =\t{ x: 1 }\r\n';
    const { text: script } = blank(text);
    expect(script).toBe(`;${' '.repeat(9)}\r\n${' '.repeat(10)}\r\n \r\nconst a    =\t{ x: 1 }\r\n`);
  });

  test('removes a field without value if the project requires it', () => {
    const { text } = blank('class A { x: number; y = 1; static z: string }', '/w/a.ts', 'drop');
    expect(Object.keys(new (new Function(`${text}; return A`)())())).toEqual(['y']);
  });
});

describe('code that cannot be loaded is reported at its place', () => {
  const rejected: [text: string, code: string, at: string][] = [
    [
      'class A { y = this.x * 2; constructor(private x: number) {} }',
      'unsupported-parameter-property',
      'this.x',
    ],
    ["enum E { A = 'x', B }", 'syntax', 'B'],
    ['const a = 1;\nconst a = 2;', 'syntax', 'a'],
  ];
  test.each(rejected)('%s', (text, code, at) => {
    const { problems } = blank(text);
    expect(problems.map((problem) => problem.code)).toContain(code);
    const { line, column, endColumn } = problems[0]!.location;
    expect(text.split('\n')[line - 1]!.slice(column - 1, endColumn - 1)).toBe(at);
  });

  test('every recoverable syntax error is reported', () => {
    const { problems } = blank('const a;\nlet b b;\nreturn 5;\nexport {}');
    expect(problems.map(({ location }) => location.line)).toEqual(expect.arrayContaining([1, 2]));
  });

  test('types in a .js file are reported as errors, not removed', () => {
    expect(blank('export const f = (x: number) => x;', '/w/a.js').problems).toMatchObject([
      { code: 'syntax' },
    ]);
  });
});
