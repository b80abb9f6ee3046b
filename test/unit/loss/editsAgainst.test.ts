import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { transformSync } from '@babel/core';
import { describe, expect, it } from 'vitest';
import type { EditKind } from '../../../src/core/sourceEdit';
import { editedText } from '../../../src/loss/editedSource';
import { editsAgainst } from '../../../src/loss/providers/javascript/sourceEdits/editsAgainst';

function edits(kind: EditKind, text: string, name = '/w/loss.js', exportName = 'loss') {
  return editsAgainst(kind, [[name, text]], { file: name, exportName }).map(({ title, edit }) => ({
    title,
    kind: edit.meaning.kind,
    text: editedText(text, edit)!,
  }));
}

/** The forms of an expression of x and y, with their values. */
function forms(kind: EditKind, expression: string) {
  const [before, after] = ['const f = (x, y) => ', ';'];
  return edits(kind, `${before}${expression}${after}`).map(({ title, text }) => {
    const form = text.slice(before.length, -after.length);
    return { title, form, at: new Function('x', 'y', `return ${form}`) as (x: number, y: number) => number };
  });
}

describe('smooth forms of rectifiers', () => {
  it.each(['Math.max(0, x * y)', 'Math.max(x * y, 0)', 'x * y > 0 ? x * y : 0', 'x * y <= 0 ? 0 : x * y'])(
    '%s',
    (expression) => {
      const [leaky, softplus] = forms('rectifier', expression);
      expect(leaky!.title).toBe('leaky rectifier, slope 0.01');
      expect([leaky!.at(2, 3), leaky!.at(-2, 3)]).toEqual([6, -0.06]);
      expect(softplus!.title).toBe('softplus, sharpness 1');
      for (const z of [-5, 0, 0.5, 800])
        expect(softplus!.at(z, 1)).toBeCloseTo(z > 700 ? z : Math.log1p(Math.exp(z)), 12);
    },
  );

  it('evaluate an operand with effects once', () => {
    const [leaky] = forms('rectifier', 'Math.max(0, Math.sin(x))');
    expect(leaky!.form.match(/sin/g)).toHaveLength(1);
    expect(leaky!.at(-1, 0)).toBeCloseTo(0.01 * Math.sin(-1), 12);
  });

  it('are not offered for guards, other limits, and code that makes data', () => {
    for (const expression of [
      'Math.max(x, 1e-12)',
      'Math.max(0, 1)',
      'x > 0 ? y : 0',
      'x > 1 ? x : 0',
      'Math.max(...x)',
    ])
      expect(forms('rectifier', expression), expression).toEqual([]);
    expect(edits('rectifier', 'const ys = [1, 2].map((x) => Math.max(0, x));')).toEqual([]);
    expect(edits('rectifier', 'const relu = (x) => Math.max(0, x);')).toHaveLength(2);
  });
});

describe('forms without kinks', () => {
  it('of an absolute value are 0 at 0, and near it elsewhere', () => {
    const found = forms('kink', '2 * Math.abs(x - y)');
    expect(found.map(({ title }) => title)).toEqual([
      'sqrt(x² + 0.1²) − 0.1 for Math.abs(x)',
      'sqrt(x² + 0.01²) − 0.01 for Math.abs(x)',
    ]);
    expect(found[0]!.at(1, 1)).toBe(0);
    expect(found[1]!.at(-2, 1)).toBeCloseTo(2 * (3 - 0.01), 3);
  });

  it('of a maximum are above it by at most log(2)/10', () => {
    for (const expression of ['1 + Math.max(x, y)', '1 + Math.max(Math.cos(x), y)']) {
      const [{ title, at }] = forms('kink', expression) as [ReturnType<typeof forms>[number]];
      expect(title).toBe('smooth maximum, sharpness 10');
      expect(at(0, 1)).toBeCloseTo(2 + (expression.includes('cos') ? Math.log(2) / 10 : 4.54e-6), 6);
      expect(at(-900, 900)).toBe(901);
    }
  });
});

const linear = `const xs = [1000, 1500, 2000];
const ys = [3, 4, 5];
export function loss([w, b]: number[]): number {
  let sum = 0;
  for (let i = 0; i < xs.length; i++) sum += (w! * xs[i]! + b! - ys[i]!) ** 2;
  return sum;
}
`;

const rows = `const rows: [number, number, number][] = [[1000, 3, 10], [1500, 2, 12], [2000, 4, 20]];
export function loss([a, b, c]: number[]): number {
  return rows.reduce((sum, [area, rooms, price]) => sum + (a! * area + b! * rooms + c! - price) ** 2, 0);
}
`;

const named = `const houses = [{ area: 1000, year: 1990, name: 'a', price: 3 }, { area: 500, year: 2000, name: 'b', price: 2 }];
export function loss({ a, b, c }: { a: number; b: number; c: number }): number {
  let sum = 0;
  for (const house of houses) {
    const { area } = house;
    sum += (a * area + b * house.year + c - house.price) ** 2;
  }
  return sum;
}
`;

const table = `const X = [[1, 1000, 3], [1, 1500, 2], [1, 2000, 4]];
const y = [1, 2, 3];
export function loss(w: number[]): number {
  let sum = 0;
  for (let i = 0; i < X.length; i++) {
    const z = X[i]!.reduce((s, x, j) => s + w[j]! * x, 0);
    sum += (z - y[i]!) ** 2;
  }
  return sum;
}
`;

/** The value of a variable of the module. */
function made(text: string, name: string): unknown {
  const { code } = transformSync(text.slice(0, text.indexOf('export function')), {
    filename: 'loss.ts',
    configFile: false,
    babelrc: false,
    plugins: [['@babel/plugin-transform-typescript', { onlyRemoveTypeImports: true }]],
  })!;
  return new Function(`${code} return ${name};`)();
}

describe('files that are no code', () => {
  it('are skipped: data that the loss imports', () => {
    const nested = `${'['.repeat(20_000)}1${']'.repeat(20_000)}`;
    const texts = [
      ['/w/houses.json', '[{ "area": 1000 }]'],
      ['/w/nested.JSON', nested],
      ['/w/notes.txt', 'const f = (x) => Math.abs(x);'],
      ['/w/loss.js', 'export const loss = ([x]) => Math.abs(x);'],
    ] as const;
    const found = editsAgainst('kink', texts, { file: '/w/loss.js', exportName: 'loss' });
    expect(found.map(({ edit }) => edit.location.file)).toEqual(['/w/loss.js', '/w/loss.js']);
    const alone = editsAgainst('columns', texts.slice(0, 3), { file: '/w/loss.js', exportName: 'loss' });
    expect(alone).toEqual([]);
  });
});

describe('standardised data', () => {
  it('is offered for a column that enters products with parameters, not for targets', () => {
    const found = edits('columns', linear, '/w/loss.ts');
    expect(found.map(({ title }) => title)).toEqual(['standardise xs', 'scale xs']);
    const xs = made(found[0]!.text, 'xs') as number[];
    expect(xs[0]).toBeCloseTo(-Math.sqrt(1.5), 12);
    expect(xs[1]).toBeCloseTo(0, 12);
    const scaled = made(found[1]!.text, 'xs') as number[];
    expect(scaled[1]! / scaled[0]!).toBeCloseTo(1.5, 12);
    expect(Math.hypot(...scaled)).toBeCloseTo(Math.sqrt(3), 12);
  });

  it('keeps the other columns of rows', () => {
    const [found] = edits('columns', rows, '/w/loss.ts');
    expect(found!.title).toBe('standardise rows[0], rows[1]');
    const list = made(found!.text, 'rows') as number[][];
    expect(list.map(([, , price]) => price)).toEqual([10, 12, 20]);
    expect(list.reduce((sum, [, rooms]) => sum + rooms! ** 2, 0)).toBeCloseTo(3, 12);
    const [byName] = edits('columns', named, '/w/loss.ts');
    expect(byName!.title).toBe('standardise area, year');
    expect(made(byName!.text, 'houses')).toEqual([
      { area: 1, year: -1, name: 'a', price: 3 },
      { area: -1, year: 1, name: 'b', price: 2 },
    ]);
  });

  it('keeps a constant column of a table', () => {
    const [found] = edits('columns', table, '/w/loss.ts');
    expect(found!.title).toBe('standardise X');
    const list = made(found!.text, 'X') as number[][];
    expect(list.map(([one]) => one)).toEqual([1, 1, 1]);
    expect(list.reduce((sum, [, x]) => sum + x!, 0)).toBeCloseTo(0, 12);
  });

  it('is at the only use of imported data', () => {
    const text = `import houses from './houses.json';
export function loss([a, b]) {
  return houses.reduce((sum, { area, price }) => sum + (a * area + b - price) ** 2, 0) / houses.length;
}
`;
    const [found] = edits('columns', text);
    expect(found!.title).toBe('standardise area');
    expect(found!.text).toMatch(/return \(\(rows\) => \{.*\}\)\(houses\)\.reduce\(/);
  });

  it.each([
    [
      'a label beside a function of the parameters',
      'const y = [0, 1]; export const loss = ([w]) => -y.reduce((s, v) => s + v * Math.log(w), 0);',
    ],
    [
      'a datum that is subtracted',
      'const y = [1, 2]; export const loss = ([w]) => y.reduce((s, v) => s + w * (v - 3), 0);',
    ],
    [
      'a list that another function gets',
      'const y = [1, 2]; const n = (l) => l.length; export const loss = ([w]) => n(y) + y.reduce((s, v) => s + w * v, 0);',
    ],
    [
      'a list that is changed',
      'const y = [1, 2]; export const loss = ([w]) => { y.push(3); return y.reduce((s, v) => s + w * v, 0); };',
    ],
    [
      'a variable that is assigned',
      'let y = [1, 2]; y = [3]; export const loss = ([w]) => y.reduce((s, v) => s + w * v, 0);',
    ],
    [
      'a list that is used while the module loads',
      'const y = [1, 2]; const m = Math.max(...y); export const loss = ([w]) => y.reduce((s, v) => s + w * v / m, 0);',
    ],
    [
      'an import that is indexed',
      "import y from './y.json'; export const loss = ([w]) => w * y[0] + w * y[1];",
    ],
    [
      'parameters of a model that makes the data',
      `const truth = [1, 2, 3];
       const draw = (n) => Array.from({ length: n }, () => {
         const x = [1, 2, 3];
         return { x, y: x.reduce((sum, value, i) => sum + value * truth[i], 0) };
       });
       const rows = draw(9);
       export const loss = (w) => rows.reduce((s, { x, y }) => s + (w[0] * x.length - y) ** 2, 0);`,
    ],
    [
      'data of a function that a callback of the module calls',
      `const k = [3, 5];
       function at([w], i) { return w * k[i]; }
       const one = (i) => at([2], i);
       const made = [0, 1].map(one);
       export const loss = ([w]) => made.reduce((s, y, i) => s + (at([w], i) - y) ** 2, 0);`,
    ],
    [
      'data that make other data in a function called at once',
      'const xs = [1, 2]; const ys = (() => { const w = 3; return xs.map((x) => w * x); })(); export const loss = ([w]) => xs.reduce((s, x, i) => s + (w * x - ys[i]) ** 2, 0);',
    ],
    [
      'data of a class whose instance the module makes',
      `const xs = [1, 2];
       class Model { constructor(w) { this.sum = xs.reduce((s, x) => s + w * x, 0); } }
       const model = new Model(2);
       export const loss = ([w]) => (xs.reduce((s, x) => s + w * x, 0) - model.sum) ** 2;`,
    ],
    [
      'data that a table of functions uses, one of which is called',
      `const xs = [1, 2];
       const forms = { line: ([w], i) => w * xs[i] };
       const first = forms.line([1], 0);
       export const loss = ([w]) => (forms.line([w], 1) - first) ** 2;`,
    ],
    [
      'a factor of an element that is no parameter',
      'const scales = [1, 9]; const rows = [[1, 2], [3, 4]]; export const loss = ([w]) => rows.reduce((s, row) => s + (w - row.reduce((t, v, i) => t + v * scales[i], 0)) ** 2, 0);',
    ],
    [
      'a factor of the context',
      'const weights = [1, 9]; export const loss = ([w], { step }) => weights.reduce((s, v) => s + (w - 1) ** 2 / (v * step), 0);',
    ],
    [
      'data that are exported',
      'export const xs = [1, 9]; export const loss = ([w]) => xs.reduce((s, x) => s + w * x, 0);',
    ],
    [
      'data that are exported by name',
      'const xs = [1, 9]; export { xs as data }; export const loss = ([w]) => xs.reduce((s, x) => s + w * x, 0);',
    ],
    [
      'a module that exports predictions for other inputs',
      'const xs = [1, 9]; export const predict = ([w, b], x) => w * x + b; export const loss = ([w, b]) => xs.reduce((s, x) => s + (w * x + b - 1) ** 2, 0);',
    ],
    [
      'a matrix that is not data',
      'export const loss = ([w], y = [1, 2]) => y.reduce((s, v) => s + w * v, 0);',
    ],
  ])('is not offered for %s', (_what, text) => {
    expect(edits('columns', text)).toEqual([]);
  });

  it.each([
    [
      'CommonJS',
      'const xs = [1, 9]; const loss = ([w]) => xs.reduce((s, x) => s + w * x, 0); module.exports = { loss };',
    ],
    [
      'an export by name',
      'const xs = [1, 9]; const loss = ([w]) => xs.reduce((s, x) => s + w * x, 0); export { loss };',
    ],
    [
      'an export as default',
      'const xs = [1, 9]; const loss = ([w]) => xs.reduce((s, x) => s + w * x, 0); export default loss;',
    ],
    [
      'a property',
      'const xs = [1, 9]; export const losses = { loss: ([w]) => xs.reduce((s, x) => s + w * x, 0) };',
    ],
    [
      'a helper with the parameters',
      'const xs = [1, 9]; const sum = (p, c) => xs.reduce((s, x) => s + p[0] * x + c, 0); export const loss = (w) => sum(w.slice(0, 1), 2);',
    ],
    [
      'an element of the parameters',
      'const xs = [1, 9]; export const loss = (w) => w.reduce((s, v, i) => s + (v * xs[i] - 1) ** 2, 0);',
    ],
  ])('is offered for data of a loss written as %s', (_what, text) => {
    expect(edits('columns', text).map(({ title }) => title)).toEqual(['standardise xs', 'scale xs']);
  });

  it('is offered for data that the loss uses, through other functions too', () => {
    const text = `const used = [1, 2];
const other = [3, 4];
const at = (w, i) => w * used[i];
export const loss = ([w]) => at(w, 0) + at(w, 1);
export const another = ([w]) => other.reduce((sum, x) => sum + w * x, 0);
`;
    const titlesOf = (exportName: string) =>
      edits('columns', text, '/w/loss.js', exportName).map(({ title }) => title);
    expect(titlesOf('loss')).toEqual(['standardise used', 'scale used']);
    expect(titlesOf('another')).toEqual(['standardise other', 'scale other']);
    expect(titlesOf('default')).toHaveLength(4);
  });

  it('is correct TypeScript, as are smooth forms', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'edits-'));
    const smooth = `const relu = (z: number): number => Math.max(0, z + Math.sin(z));
export const loss = ([a, b]: number[]): number => relu(a!) + Math.abs(b! - 1) + Math.max(a!, b!) + Math.max(Math.cos(a!), b!);
`;
    const typed = [
      linear,
      linear.replace('[1000, 1500, 2000]', 'new Float64Array([1000, 1500, 2000])'),
      linear.replace('2000];', '2000] as const;'),
      rows,
      named,
      table,
    ].flatMap((text) => edits('columns', text, '/w/loss.ts'));
    const all = [
      ...typed,
      ...(['rectifier', 'kink'] as const).flatMap((kind) => edits(kind, smooth, '/w/loss.ts')),
    ];
    expect(all.length).toBe(6 * 2 + 2 + 4);
    const files = all.map(({ text }, i) => {
      const file = path.join(folder, `edited${i}.ts`);
      writeFileSync(file, text);
      return file;
    });
    const compiler = path.resolve(import.meta.dirname, '../../../node_modules/.bin/tsc');
    const flags = [
      '--noEmit',
      '--strict',
      '--noUncheckedIndexedAccess',
      '--target',
      'es2022',
      '--module',
      'esnext',
    ];
    let printed = '';
    try {
      execFileSync(compiler, [...flags, '--ignoreConfig', ...files], { encoding: 'utf8' });
    } catch (error) {
      printed = String((error as { stdout: string }).stdout);
    }
    rmSync(folder, { recursive: true });
    expect(printed).toBe('');
  }, 60_000);
});
