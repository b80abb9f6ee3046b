import { describe, expect, it } from 'vitest';
import { scopesOf } from '../../../src/autodiff/syntax/scopes';
import { parseModule } from '../../../src/loss/providers/javascript/load/parseModule';

function scopes(text: string) {
  return scopesOf(parseModule(text, '/w/m.ts').module!.program);
}

/** The names that refer to the module scope or a global, each as often as it is used. */
function used(text: string): string[] {
  return [...scopes(text).references].flatMap(([name, uses]) => uses.map(() => name)).sort();
}

describe('the names that a module uses', () => {
  it.each<[string, string, string[]]>([
    ['imports and globals', 'import { a } from "m"; a(b);', ['a', 'b']],
    [
      'nothing that a function declares',
      'const f = (x, { y: [z], ...r }) => { var w; x + z + r + w + f; };',
      ['f'],
    ],
    ['a default, in the scope of the parameters', 'import { x } from "m"; const f = (y = x) => y;', ['x']],
    [
      'a `var` of a nested block belongs to its function',
      'function f() { { var x = 1; } return x; } x;',
      ['x'],
    ],
    ['a `let` of a block does not', 'let x; { let x; x; } x;', ['x']],
    ['a caught error', 'try { e(); } catch (e) { e; }', ['e']],
    ['the variable of a loop', 'for (const i of i2) i; for (let j = 0; ; ) j; j;', ['i2', 'j']],
    ['a function expression by its own name', 'const g = function f() { f; }; f;', ['f']],
    ['a class expression by its own name', 'const g = class c { m() { c; } }; c;', ['c']],
    [
      'no property names',
      'a.b; ({ c: d, [e]: f, g() {}, h }); class K { i = j; #k = this.#k; }',
      ['a', 'd', 'e', 'f', 'h', 'j'],
    ],
    ['no labels', 'l: for (;;) { break l; }', []],
    ['no names of other modules', 'export { a as b } from "m"; export * as c from "m";', []],
    [
      'no types',
      'import { T } from "m"; const x: T = y as T; function f<U>(a: T): U { return g<T>(a); }',
      ['g', 'y'],
    ],
    ['no declarations without a value', 'declare const x: number; interface I {} x;', ['x']],
    ['the values of an enum, but not its members', 'enum E { A = a, B = A | b, C = E.A }', ['E', 'a', 'b']],
    ['what `import x = a.b` reads', 'import x = a.b; x;', ['a', 'x']],
  ])('%s', (_name, text, names) => {
    expect(used(text)).toEqual(names);
  });

  it('may be types if they are exported by name', () => {
    const { references } = scopes('import { A, b } from "m"; export { A }; export default b; b();');
    const mayBeType = (name: string) => references.get(name)!.map((use) => use.mayBeType);
    expect(mayBeType('A')).toEqual([true]);
    expect(mayBeType('b')).toEqual([true, false]);
  });
});

describe('a binding', () => {
  it('lists its assignments, and whether an inner function assigns it', () => {
    const { top } = scopes('let a = 0, b = 0; a = 1; [a] = [2]; for (a of []); const f = () => { b++; };');
    expect(top.get('a')).toMatchObject({ kind: 'variable', isAssignedBelow: false });
    expect(top.get('a')!.assignments).toHaveLength(3);
    expect(top.get('b')).toMatchObject({ isAssignedBelow: true });
  });

  it('does not exist for an imported type', () => {
    const { top } = scopes('import type { A } from "m"; import { type B, c } from "m"; const A = 1;');
    expect([...top].map(([name, { kind }]) => [name, kind])).toEqual([
      ['c', 'import'],
      ['A', 'variable'],
    ]);
  });
});
