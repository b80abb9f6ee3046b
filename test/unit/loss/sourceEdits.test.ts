import { describe, expect, it } from 'vitest';
import type { Origin } from '../../../src/core/diagnosis/finding';
import { editedText } from '../../../src/loss/editedSource';
import { LineMap } from '../../../src/loss/places/lineMap';
import { editsFor } from '../../../src/loss/providers/javascript/sourceEdits/editsFor';

const file = '/w/loss.ts';

/** The edits for the operation between « and », which are not part of the text. */
function edits(marked: string, inputs: readonly number[] = [-1], name = file) {
  const from = marked.indexOf('«');
  const text = marked.replace('«', '').replace('»', '');
  const location = new LineMap(name, text).location(from, marked.indexOf('»') - 1);
  const origin: Origin = {
    kind: 'non-finite-value',
    location,
    expression: text.slice(from, marked.indexOf('»') - 1),
    inputs,
    result: Number.NaN,
  };
  return editsFor(origin, [[name, text]]).map(({ title, edit }) => ({
    title,
    meaning: edit.meaning,
    text: editedText(text, edit)!,
  }));
}

/** The texts of the edits of an expression in a function of x, y and list. */
function edited(expression: string, inputs?: readonly number[]): string[] {
  const [before, after] = ['const f = (x, y, list) => ', ';'];
  const found = edits(`${before}${expression}${after}`, inputs, '/w/loss.js');
  return found.map(({ text }) => text.slice(before.length, -after.length));
}

describe('edits of the same function', () => {
  it.each([
    ['«Math.log(1 + x)»', 'Math.log1p(x)'],
    ['«Math.log(x + 1)»', 'Math.log1p(x)'],
    ['«Math.log(1 - x)»', 'Math.log1p(-x)'],
    ['«Math.log(1 - x * y)»', 'Math.log1p(-(x * y))'],
    ['«Math.log(1 - -x)»', 'Math.log1p(x)'],
    ['«Math.log((1 + x))»', 'Math.log1p(x)'],
    // An expression around the operation, and one of its operands.
    ['Math.log(1 + «Math.sqrt(x)»)', 'Math.log1p(Math.sqrt(x))'],
    ['«Math.log(Math.log(1 + x))»', 'Math.log(Math.log1p(x))'],
    ['«x / (Math.exp(x) - 1)»', 'x / (Math.expm1(x))'],
    ['«x / (1 - Math.exp(-x * y))»', 'x / (-Math.expm1(-x * y))'],
    ['«Math.log(1 + Math.exp(x))»', 'x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))'],
    [
      '2 * Math.log(1 + «Math.exp(-x)») + 1',
      '2 * (-x > 0 ? -x + Math.log1p(Math.exp(x)) : Math.log1p(Math.exp(-x))) + 1',
    ],
    [
      'Math.log(«Math.exp(x)» + Math.exp(2 * y))',
      'x > (2 * y) ? x + Math.log1p(Math.exp((2 * y) - x)) : (2 * y) + Math.log1p(Math.exp(x - (2 * y)))',
    ],
    [
      'Math.log(«Math.exp(x)» + Math.exp(y) + 1)',
      '((max) => max + Math.log(Math.exp(x - max) + Math.exp(y - max) + Math.exp(-max)))(Math.max(x, y, 0))',
    ],
    [
      'Math.log(list.reduce((s, z) => s + «Math.exp(z)», 0))',
      '((max) => max + Math.log(list.reduce((s, z) => s + Math.exp(z - max), 0)))(Math.max(...list))',
    ],
    [
      'Math.log(list.reduce((s, z, i) => s + «Math.exp(x * z + i)», 0))',
      '((max) => max + Math.log(list.reduce((s, z, i) => s + Math.exp((x * z + i) - max), 0)))(Math.max(...list.map((z, i) => (x * z + i))))',
    ],
    [
      '«Math.log(1 / (1 + Math.exp(-x)))»',
      '-(-x > 0 ? -x + Math.log1p(Math.exp(x)) : Math.log1p(Math.exp(-x)))',
    ],
    [
      'y * «Math.log(1 - 1 / (1 + Math.exp(-x)))»',
      'y * -(x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)))',
    ],
  ])('%s', (expression, expected) => {
    const found = edited(expression);
    expect(found).toContain(expected);
    const values = (text: string) => {
      const f = new Function('x', 'y', 'list', `return ${text.replace(/[«»]/g, '')}`);
      return [
        [0.3, 0.7, [0.1, -0.4, 2]],
        [0.9, 0.2, [0.5, 0.6, 0.1]],
      ].map((given) => f(...given) as number);
    };
    const before = values(expression);
    for (const [i, value] of values(expected).entries())
      if (Number.isNaN(before[i])) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(before[i]!, 12);
  });

  it('finds the logistic function behind a constant, in a loop over data, and in a function', () => {
    const direct = `const xs = [1, 2];
export function loss([w, b]: number[]): number {
  let sum = 0;
  for (let i = 0; i < xs.length; i++) {
    const p = 1 / (1 + Math.exp(-(w! * xs[i]! + b!)));
    sum -= «Math.log(1 - p)»;
  }
  return sum;
}`;
    const z = '(w! * xs[i]! + b!)';
    expect(edits(direct)[0]!.text).toContain(
      `sum -= -(${z} > 0 ? ${z} + Math.log1p(Math.exp(-${z})) : Math.log1p(Math.exp(${z.slice(1, -1)})));`.replace(
        `Math.exp(${z.slice(1, -1)})`,
        `Math.exp(${z})`,
      ),
    );
    const through = `const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t));
export const loss = ([w]: number[]): number => {
  const p = sigmoid(w!);
  return -«Math.log(p)»;
};`;
    expect(edits(through)[0]!.text).toContain(
      'return -(-(-w! > 0 ? -w! + Math.log1p(Math.exp(w!)) : Math.log1p(Math.exp(-w!))));',
    );
  });

  it('of TypeScript declare the type of a new parameter, whose name is free', () => {
    const text = `export const loss = (max: number[]): number => Math.log(max.reduce((s, z) => s + «Math.exp(z)», 0));`;
    expect(edits(text)[0]!.text).toContain('((max2: number) => max2 + Math.log(max.reduce(');
  });
});

describe('no edit is offered', () => {
  it.each([
    ['an operand with effects is needed twice', 'Math.log(1 + «Math.exp(list.pop())»)'],
    ['an expensive operand is needed twice', 'Math.log(1 + «Math.exp(list.reduce((a, b) => a + b, 0))»)'],
    ['an assignment is needed twice', 'Math.log(1 + «Math.exp((x = y))»)'],
    ['a sum has another term', 'Math.log(«Math.exp(x)» + y)'],
    ['the sum begins elsewhere', 'Math.log(list.reduce((s, z) => s + «Math.exp(z)», 1))'],
    ['the exponent uses the sum', 'Math.log(list.reduce((s, z) => s + «Math.exp(z - s)», 0))'],
    ['a sum is a product', 'Math.log(list.reduce((s, z) => s * «Math.exp(z)», 0))'],
    ['the base is another one', '«Math.exp(x)» - 2'],
    ['Math is a name of the module', '((Math) => «Math.log(1 + x)»)(list)'],
    ['a function of Math is called by another name', '«list.log(1 + x)»'],
    ['the edit lies in another statement', '{ const p = Math.log(1 + x); return p / «Math.exp(y)»; }'],
  ])('if %s: %s', (_why, expression) => {
    expect(edited(expression)).toEqual([]);
  });

  it.each([
    ['assigned', 'let w = x; const p = 1 / (1 + Math.exp(-w)); w = y;'],
    ['stored', 'const p = 1 / (1 + Math.exp(-list[0])); list[0] = y;'],
    ['stored by a call', 'const p = 1 / (1 + Math.exp(-list[0])); list.sort();'],
    ['of another loop', 'let i = 0; const p = 1 / (1 + Math.exp(-i)); for (; i < 3; i++) list[i] = p;'],
    ['reassigned itself', 'let p = 1 / (1 + Math.exp(-x)); p = p + y;'],
    ['of another form', 'const p = 2 / (1 + Math.exp(-x));'],
    ['of another function', 'const g = (t) => 1 / (2 + Math.exp(-t)); const p = g(x);'],
  ])('for the logistic function if its argument is %s', (_what, before) => {
    const found = edited(`{ ${before} return «Math.log(p)»; }`);
    expect(found.filter((text) => text.includes('log1p'))).toEqual([]);
  });

  it.each([
    ['in another function', 'return list.map((y) => «Math.log(p)»);'],
    ['where its argument has another meaning', 'for (const x of list) { sum -= «Math.log(p)»; } return sum;'],
    ['before a variable of that name', '{ const q = «Math.log(p)»; const x = q; return x; }'],
  ])('for the logistic function %s', (_where, use) => {
    const found = edited(`{ let sum = 0; const p = 1 / (1 + Math.exp(-x)); ${use} }`);
    expect(found.filter((text) => text.includes('log1p'))).toEqual([]);
  });
});

describe('guards', () => {
  it.each([
    ['«Math.log(x)»', [-1], 'Math.log(Math.max(x, 1e-12))'],
    ['2 * «Math.sqrt(x - y)»', [-1], '2 * Math.sqrt(Math.max(x - y, 1e-12))'],
    ['«x ** 0.5»', [-1, 0.5], 'Math.max(x, 1e-12) ** 0.5'],
    ['«Math.pow(x, 1.5)»', [-1, 1.5], 'Math.pow(Math.max(x, 1e-12), 1.5)'],
    ['y + «x / (x - y)»', [1, 0], 'y + (x / (x - y + 1e-12))'],
    ['«x / y»', [1, 0], 'x / (y + 1e-12)'],
  ])('%s', (expression, inputs, expected) => {
    expect(edited(expression, inputs)).toEqual([expected]);
    const [found] = edits(`const f = (x, y) => ${expression};`, inputs, '/w/loss.js');
    expect(found!.title).toMatch(/^guard: /);
    const otherwise = expression.replace(/«.*»/, (found!.meaning as { otherwise: string }).otherwise);
    expect(otherwise).toBe(expected.replace('1e-12', '1e-9'));
  });

  it.each([
    ['another expression of the statement', 'Math.log(x) + «Math.exp(y)»', [1]],
    ['a division that overflows', '«x / y»', [1e308, 1e-9]],
    ['a power with an exponent that is an integer', '«x ** 2»', [1e200, 2]],
    ['a power with an unknown exponent', '«x ** y»', [-1, 0.5]],
  ])('are not offered for %s', (_what, expression, inputs) => {
    expect(edited(expression, inputs)).toEqual([]);
  });

  it('are not offered for a value of the data', () => {
    const text = 'const f = ([x]) => Math.log(x);';
    const location = new LineMap(file, text).location(text.indexOf('Math'), text.indexOf(';'));
    const origin: Origin = {
      kind: 'non-finite-datum',
      location,
      expression: 'Math.log(x)',
      role: 'made-by',
      inputs: [-1],
      datum: 'data[0]',
      variable: location,
      value: 'NaN',
      others: 0,
      isCounted: true,
      sample: null,
    };
    expect(editsFor(origin, [[file, text]])).toEqual([]);
  });
});

describe('log-sum-exp over several statements', () => {
  const over = (...lines: string[]) =>
    edits(`const f = (z, c) => {\n${lines.join('\n')}\n};`, [800], '/w/loss.js');
  const valueAt = (text: string, z: readonly number[]) => new Function(`${text} return f;`)()(z, 2) as number;

  it.each<[string, string[]]>([
    [
      'a list of exponentials and their sum',
      [
        'const e = z.map((x) => «Math.exp(x)»);',
        'const s = e.reduce((a, b) => a + b, 0);',
        'return Math.log(s) - z[0];',
      ],
    ],
    [
      'Math.exp as the callback',
      [
        'const e = z.map(Math.exp);',
        'const s = e.reduce((a, b) => b + a, 0);',
        'return «Math.log(s)» - z[0];',
      ],
    ],
    [
      'a sum in the logarithm',
      [
        'const e = z.map((x) => «Math.exp(x)»);',
        'return 2 * Math.log(e.reduce((a, b) => a + b, 0)) - Math.max(...z);',
      ],
    ],
    [
      'exponents that are computed',
      [
        'const e = z.map((max, i) => «Math.exp(2 * max - c * i)»);',
        'const s = e.reduce((a, b) => a + b, 0);',
        'return Math.log(s);',
      ],
    ],
    [
      'a sum that is used again',
      [
        'const e = z.map((x) => «Math.exp(x)»);',
        'const s = e.reduce((a, b) => a + b, 0);',
        'return Math.log(s) + 0 * z.length;',
      ],
    ],
  ])('is replaced at the logarithm: %s', (_name, lines) => {
    const [found] = over(...lines);
    expect(found!.title).toBe('log-sum-exp with the maximum subtracted');
    const plain = `const f = (z, c) => {\n${lines.join('\n').replace(/[«»]/g, '')}\n};`;
    for (const z of [[1, 2, -3], [0], [-5, 0.5]])
      expect(valueAt(found!.text, z)).toBeCloseTo(valueAt(plain, z), 12);
    expect(valueAt(found!.text, [800, 799])).toBeLessThan(2000);
    expect(Number.isFinite(valueAt(found!.text, [800, 799]))).toBe(true);
  });

  it.each<[string, string[]]>([
    [
      'a list that changes between',
      [
        'const e = z.map((x) => «Math.exp(x)»);',
        'z.push(3);',
        'return Math.log(e.reduce((a, b) => a + b, 0));',
      ],
    ],
    [
      'a list whose element is assigned',
      [
        'const e = z.map((x) => «Math.exp(x)»);',
        'z[0] = 3;',
        'return Math.log(e.reduce((a, b) => a + b, 0));',
      ],
    ],
    [
      'exponentials that change',
      [
        'const e = z.map((x) => «Math.exp(x)»);',
        'e[0] = 3;',
        'return Math.log(e.reduce((a, b) => a + b, 0));',
      ],
    ],
    [
      'a list that another function gets',
      ['const e = z.map((x) => «Math.exp(x)»);', 'c(z);', 'return Math.log(e.reduce((a, b) => a + b, 0));'],
    ],
    [
      'a name with another meaning',
      [
        'const e = z.map((x) => «Math.exp(x)»);',
        'const g = (z) => Math.log(e.reduce((a, b) => a + b, 0)) + z;',
        'return g(1);',
      ],
    ],
    [
      'another sum',
      ['const e = z.map((x) => «Math.exp(x)»);', 'return Math.log(e.reduce((a, b) => a + b * b, 0));'],
    ],
    [
      'a sum that does not begin at 0',
      ['const e = z.map((x) => «Math.exp(x)»);', 'return Math.log(e.reduce((a, b) => a + b, 1));'],
    ],
    [
      'a factor that changes',
      [
        'let k = 1;',
        'const e = z.map((x) => «Math.exp(k * x)»);',
        'k = 2;',
        'return Math.log(e.reduce((a, b) => a + b, 0));',
      ],
    ],
    [
      'a sum that a loop collects',
      ['let s = 0;', 'for (const x of z) s += «Math.exp(x)»;', 'return Math.log(s);'],
    ],
  ])('is left alone: %s', (_name, lines) => {
    expect(over(...lines).filter(({ title }) => title.startsWith('log-sum-exp'))).toEqual([]);
  });
});
