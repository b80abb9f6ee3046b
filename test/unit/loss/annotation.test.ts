import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeAllowed, type OptionSpec } from '../../../src/core/config/optionSpecs';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { optimizers } from '../../../src/core/optimizers/registry';
import { schedules } from '../../../src/core/schedules/registry';
import type { SourceLocation } from '../../../src/core/sourceLocation';
import { readAnnotation } from '../../../src/loss/annotation/annotation';
import { completions, hover } from '../../../src/loss/annotation/annotationAssist';
import { editAnnotation } from '../../../src/loss/annotation/annotationEdit';
import { formatConfig } from '../../../src/loss/annotation/configText';
import { lossAt } from '../../../src/loss/discovery/discover';
import { LineMap } from '../../../src/loss/places/lineMap';

const file = '/w/a.ts';
const read = (comment: string) => readAnnotation(new LineMap(file, comment), 0, comment.length, 'javascript');

function under(text: string, location: SourceLocation): string {
  const { from, to } = new LineMap(file, text).range(location);
  return text.slice(from, to);
}

describe('reading', () => {
  test('the example of the contract', () => {
    const comment = `/**
 * The banana.
 *
 * @loss
 * @start [-1.2, 1]
 * @names x y
 * @optimizer adam lr=0.05 beta2=0.99
 * @schedule cosine tMax=2000 etaMin=1e-4
 * @clip norm=1
 * @steps 2000
 * @param p the point
 * @returns its height
 */`;
    const { patch, problems, places, tags } = read(comment);
    expect(problems).toEqual([]);
    expect(patch).toEqual({
      start: [-1.2, 1],
      names: ['x', 'y'],
      optimizer: { name: 'adam', lr: 0.05, beta2: 0.99 },
      schedule: { name: 'cosine', tMax: 2000, etaMin: 1e-4 },
      clip: { norm: 1 },
      steps: 2000,
    });
    expect(tags.map(({ name }) => name)).toEqual([
      'loss',
      'start',
      'names',
      'optimizer',
      'schedule',
      'clip',
      'steps',
    ]);
    const at = (path: string) => under(comment, places.get(path)!);
    expect(at('optimizer')).toBe('adam lr=0.05 beta2=0.99');
    expect([
      at('optimizer.name'),
      at('optimizer.lr'),
      at('clip.norm'),
      at('start'),
      at('steps'),
      at('names'),
    ]).toEqual(['adam', '0.05', '1', '[-1.2, 1]', '2000', 'x y']);
    expect(under(comment, tags[3]!.location)).toBe('@optimizer adam lr=0.05 beta2=0.99');
    expect(under(comment, tags[3]!.nameLocation)).toBe('@optimizer');
  });

  const values: [comment: string, patch: unknown][] = [
    ['/** @loss @steps 5 @seed 3 */', { steps: 5, seed: 3 }],
    ['/** @start 1 2 */', { start: [1, 2] }],
    ['/** @start [1e-4, -.5, +2, 1_000, 5.] */', { start: [1e-4, -0.5, 2, 1000, 5] }],
    ['/**\n * @start [\n *   1,\n *   2,\n * ]\n * @steps 3\n */', { start: [1, 2], steps: 3 }],
    [
      '/**\n * @optimizer adam lr=0.05\n *   beta2=0.9\n * prose = none\n */',
      { optimizer: { name: 'adam', lr: 0.05, beta2: 0.9 } },
    ],
    ['/** @optimizer adam lr = 0.05, amsgrad */', { optimizer: { name: 'adam', lr: 0.05, amsgrad: true } }],
    ['/** @optimizer adam amsgrad=false */', { optimizer: { name: 'adam', amsgrad: false } }],
    ['/** @optimizer lr=0.5 */', { optimizer: { lr: 0.5 } }],
    ['/** @schedule none */', { schedule: null }],
    ['/** @maximize */', { maximize: true }],
    [
      '/** @group b "c d", 3 5..9 lr=0.1 amsgrad=true\n * @group a weightDecay=0 */',
      {
        groups: [
          {
            names: ['b', 'c d'],
            ranges: [
              [3, 3],
              [5, 9],
            ],
            lr: 0.1,
            amsgrad: true,
          },
          { names: ['a'], weightDecay: 0 },
        ],
      },
    ],
    ['/** @maximize false */', { maximize: false }],
    ['/** @expect loss > 0.9 within 50 */', { expect: { loss: 0.9, steps: 50, above: true } }],
    ['/** @clip off */', { clip: null }],
    ['/** @clip value=0.5 */', { clip: { value: 0.5 } }],
    ['/** @earlyStopping patience=5 minDelta=1e-4 */', { earlyStopping: { patience: 5, minDelta: 1e-4 } }],
    ['/** @expect loss<1e-8 within 5000 */', { expect: { loss: 1e-8, steps: 5000 } }],
    ['/** @expect loss < -3 within 10 steps */', { expect: { loss: -3, steps: 10 } }],
    ['/** @expect loss<0.5 */', { expect: { loss: 0.5, steps: null } }],
    ['/** @gradientMode finite-difference */', { gradientMode: 'finite-difference' }],
    [
      '/** @samples 100 @batch 8 @epochs 3 @tolerance 1e-6 @validation valid */',
      { samples: 100, batch: 8, epochs: 3, tolerance: 1e-6, validation: 'valid' },
    ],
    ['/** @names "first rate", b */', { names: ['first rate', 'b'] }],
    ['/** @names w1[0..63] b1 */', { names: ['w1[0..63]', 'b1'] }],
    ['/** @names [w[0 .. 7][0..7], "b c"] */', { names: ['w[0..7][0..7]', 'b c'] }],
    ['/** @names net.layers[0].w[0..3], net.b */', { names: ['net.layers[0].w[0..3]', 'net.b'] }],
    [
      '/** @group w1 net.w[0..3] b[2] "c d" lr=1 */',
      { groups: [{ names: ['w1', 'net.w[0..3]', 'b[2]', 'c d'], lr: 1 }] },
    ],
    ['/**\r\n * @steps 5\r\n * @seed 1\r\n */', { steps: 5, seed: 1 }],
    ['/** @optimizerStep adam lr=0.01 */', { optimizer: { name: 'adam', lr: 0.01 } }],
    [
      '/** @switch sgd lr=0.01 momentum=0.9 at=500 */',
      { switch: { to: { name: 'sgd', lr: 0.01, momentum: 0.9 }, at: 500 } },
    ],
    [
      '/** @switch sgd at=plateau patience=20 */',
      { switch: { to: { name: 'sgd' }, at: 'plateau', patience: 20 } },
    ],
    ['/** @switch at=7 */', { switch: { at: 7 } }],
    ['/** @switch none */', { switch: null }],
    ['/** @precision float16 @lossScale dynamic */', { precision: 'float16', lossScale: 'dynamic' }],
    ['/** @lossScale 1024 */', { lossScale: 1024 }],
    ['/** @optimizer adam dialect=keras */', { optimizer: { name: 'adam', dialect: 'keras' } }],
    [
      '/** @schedule multiStep milestones=[30, 80] gamma=0.5 */',
      { schedule: { name: 'multiStep', milestones: [30, 80], gamma: 0.5 } },
    ],
    ['/**\n@steps 5\n   @seed 1\n*/', { steps: 5, seed: 1 }],
  ];
  test.each(values)('%s', (comment, patch) => {
    expect(read(comment).patch).toEqual(patch);
    expect(read(comment).problems).toEqual([]);
  });

  test('@gradient names a function and is not part of the configuration', () => {
    expect(read('/** @gradient lossGradient */')).toMatchObject({
      words: new Map([['gradient', 'lossGradient']]),
      patch: {},
    });
  });

  const wrong: [
    comment: string,
    code: string,
    at: string,
    replacement: string | undefined,
    patch: unknown,
  ][] = [
    ['/** @optimizer adamx lr=0.1 */', 'unknown-name', 'adamx', 'adam', {}],
    [
      '/** @optimizer adam bta2=0.9 lr=0.1 */',
      'unknown-option',
      'bta2',
      'beta2',
      { optimizer: { name: 'adam', lr: 0.1 } },
    ],
    ['/** @optimizer adam beta2=1.5 */', 'out-of-range', '1.5', undefined, { optimizer: { name: 'adam' } }],
    [
      '/** @optimizer adam lr 0.05 */',
      'malformed-value',
      'lr 0.05',
      'lr=0.05',
      { optimizer: { name: 'adam' } },
    ],
    ['/** @switch sgdd at=5 */', 'unknown-name', 'sgdd', 'sgd', {}],
    [
      '/** @switch sgd momentum=1.5 at=5 */',
      'out-of-range',
      '1.5',
      undefined,
      { switch: { to: { name: 'sgd' }, at: 5 } },
    ],
    ['/** @switch sgd at=0 */', 'out-of-range', '0', undefined, { switch: { to: { name: 'sgd' } } }],
    ['/** @switch sgd at=never */', 'wrong-type', 'never', undefined, { switch: { to: { name: 'sgd' } } }],
    ['/** @precision float8 */', 'unknown-name', 'float8', 'float64', {}],
    ['/** @lossScale -1 */', 'out-of-range', '-1', undefined, {}],
    ['/** @lossScale auto */', 'wrong-type', 'auto', undefined, {}],
    [
      '/** @optimizer adam dialect=kears */',
      'unknown-name',
      'kears',
      'keras',
      { optimizer: { name: 'adam' } },
    ],
    [
      '/** @schedule multiStep milestones=[80, 30] */',
      'out-of-range',
      '[80, 30]',
      undefined,
      { schedule: { name: 'multiStep' } },
    ],
    ['/** @optimizer adam lr= */', 'missing-value', 'lr=', undefined, { optimizer: { name: 'adam' } }],
    ['/** @optimizer adam lr=−0.1 */', 'malformed-value', '−0.1', '-0.1', { optimizer: { name: 'adam' } }],
    ['/** @optimizer */', 'missing-value', '@optimizer', undefined, {}],
    ['/** @start */', 'missing-value', '@start', undefined, {}],
    ['/** @names a w[9..0] b */', 'out-of-range', 'w[9..0]', 'w[0..9]', {}],
    ['/** @names w[0..9 b */', 'out-of-range', 'w[0..9', 'w[0..9]', {}],
    ['/** @names w[0..n] */', 'out-of-range', 'w[0..n]', undefined, {}],
    ['/** @start [1, 2 */', 'malformed-value', '[1, 2', undefined, {}],
    ['/** @start [1, x] */', 'malformed-value', 'x', undefined, {}],
    ['/** @start [1/4, 1] */', 'malformed-value', '1/4', '0.25', {}],
    ['/** @steps many */', 'malformed-value', 'many', undefined, {}],
    ['/** @steps 1.5 */', 'wrong-type', '1.5', undefined, {}],
    ['/** @steps -5 */', 'out-of-range', '-5', undefined, {}],
    ['/** @steps 5 enough */', 'unexpected-text', 'enough', undefined, { steps: 5 }],
    ['/** @gradientMode exakt */', 'unknown-name', 'exakt', 'exact', {}],
    ['/** @clip nrm=1 */', 'unknown-option', 'nrm', 'norm', { clip: {} }],
    ['/** @expect below 3 */', 'malformed-value', 'below 3', undefined, {}],
    ['/** @expect loss<x within 5 */', 'malformed-value', 'x', undefined, {}],
    ['/**\n * @stat [1]\n */', 'unknown-tag', '@stat', '@start', {}],
    ['/**\n * @optimiser adam\n */', 'unknown-tag', '@optimiser', '@optimizer', {}],
    ['/** @steps 5 @steps 6 */', 'duplicate-tag', '@steps 6', undefined, { steps: 5 }],
    [
      '/** @optimizer adam lr=1 lr=2 */',
      'duplicate-option',
      'lr=2',
      undefined,
      { optimizer: { name: 'adam', lr: 1 } },
    ],
  ];
  test.each(wrong)('%s', (comment, code, at, replacement, patch) => {
    const annotation = read(comment);
    expect(
      annotation.problems.map((problem) => [
        problem.code,
        under(comment, problem.location),
        problem.replacement,
      ]),
    ).toEqual([[code, at, replacement]]);
    expect(annotation.patch).toEqual(patch);
  });

  test('ordinary tags are ignored', () => {
    const names =
      'param returns example see throws deprecated since name template typeParam remarks private todo event'.split(
        ' ',
      );
    expect(read(`/**\n${names.map((name) => ` * @${name} x\n`).join('')} */`)).toMatchObject({
      problems: [],
      tags: [],
    });
  });
});

/** The text after these edits, which do not overlap. */
function apply(text: string, edits: ReturnType<typeof editAnnotation>): string {
  const lines = new LineMap(file, text);
  const placed = edits.map((edit) => ({ ...lines.range(edit.location), put: edit.text }));
  placed.sort((a, b) => b.from - a.from || b.to - a.to);
  let result = text;
  for (const { from, to, put } of placed) result = result.slice(0, from) + put + result.slice(to);
  return result;
}

const edited = (text: string, patch: RunConfigPatch) =>
  apply(text, editAnnotation(text, lossAt(text, file, text.indexOf('f('))!, patch));

describe('comments that could take long to read', () => {
  test('a long ambiguous line is not read as options', () => {
    const { patch } = read(`/** @loss\n * @optimizer adam\n * ${'a=xxx'.repeat(40)}=\n */`);
    expect(patch).toEqual({ optimizer: { name: 'adam' } });
  });

  test('a start over many lines is read completely', () => {
    const count = 30_000;
    const { patch } = read(`/** @loss\n * @start [1,\n${' * 1,\n'.repeat(count - 2)} * 1]\n */`);
    expect(patch.start).toHaveLength(count);
  });

  test('options continue in lines that contain only options, also without spaces between them', () => {
    const { patch } = read(
      '/** @optimizer adam\n * lr=0.5,beta1=0.8 ,\n * beta2=0.7, eps=1e-3\n * and=so on\n */',
    );
    expect(patch).toEqual({ optimizer: { name: 'adam', lr: 0.5, beta1: 0.8, beta2: 0.7, eps: 1e-3 } });
  });
});

describe('editing', () => {
  const f = 'export function f(p) {}';
  const cases: [before: string, patch: Record<string, unknown>, after: string][] = [
    [
      `/** @loss @optimizer adam lr=0.05 beta2=0.9 */\n${f}`,
      { optimizer: { lr: 0.001 } },
      `/** @loss @optimizer adam lr=0.001 beta2=0.9 */\n${f}`,
    ],
    [
      `/**\n * @loss\n * @optimizer adam\n */\n${f}`,
      { optimizer: { lr: 0.1, beta1: 0.5 } },
      `/**\n * @loss\n * @optimizer adam lr=0.1 beta1=0.5\n */\n${f}`,
    ],
    [
      `/**\n * @loss\n * @optimizer adam lr=1 eps=2\n */\n${f}`,
      { optimizer: { lr: null } },
      `/**\n * @loss\n * @optimizer adam eps=2\n */\n${f}`,
    ],
    [
      `/**\n * @loss\n * @optimizer adam lr=1 amsgrad\n */\n${f}`,
      { optimizer: { name: 'sgd', lr: 0.5 } },
      `/**\n * @loss\n * @optimizer sgd lr=0.5\n */\n${f}`,
    ],
    [
      `/**\n * @loss\n * @optimizer adam lr=1 amsgrad\n */\n${f}`,
      { optimizer: { name: 'adam', amsgrad: false } },
      `/**\n * @loss\n * @optimizer adam lr=1 amsgrad=false\n */\n${f}`,
    ],
    [`/**\n * @loss\n * @steps 5\n */\n${f}`, { steps: null }, `/**\n * @loss\n */\n${f}`],
    [
      `/**\n * @loss\n * @steps 5\n */\n${f}`,
      { steps: 7, start: [-1.2, 1] },
      `/**\n * @loss\n * @steps 7\n * @start [-1.2, 1]\n */\n${f}`,
    ],
    [
      `/**\n * @loss\n * @clip norm=1\n */\n${f}`,
      { clip: { value: 2, norm: null } },
      `/**\n * @loss\n * @clip value=2\n */\n${f}`,
    ],
    [
      `/**\n * @loss\n * @schedule none\n */\n${f}`,
      { schedule: { name: 'cosine', tMax: 9 } },
      `/**\n * @loss\n * @schedule cosine tMax=9\n */\n${f}`,
    ],
    [`/** @loss */\n${f}`, { steps: 9 }, `/**\n * @loss\n * @steps 9\n */\n${f}`],
    [
      `  /** @loss The banana. */\n  ${f}`,
      { steps: 9 },
      `  /**\n   * @loss The banana.\n   * @steps 9\n   */\n  ${f}`,
    ],
    [`/** Text. */\n${f}`, { steps: 9 }, `/**\n * Text.\n * @loss\n * @steps 9\n */\n${f}`],
    [`/** Text.\n * More.\n */\n${f}`, { steps: 9 }, `/** Text.\n * More.\n * @loss\n * @steps 9\n */\n${f}`],
    [`/**\n * Text. */\n${f}`, { steps: 9 }, `/**\n * Text.\n * @loss\n * @steps 9\n */\n${f}`],
    [
      `\n  ${f}`,
      { steps: 9, optimizer: { name: 'adam', lr: 1e-7 } },
      `\n  /**\n   * @loss\n   * @optimizer adam lr=1e-7\n   * @steps 9\n   */\n  ${f}`,
    ],
    [`const a = 1; ${f}`, { steps: 9 }, `const a = 1; \n/**\n * @loss\n * @steps 9\n */\n${f}`],
    [`a();\r\n${f}`, { steps: 9 }, `a();\r\n/**\r\n * @loss\r\n * @steps 9\r\n */\r\n${f}`],
    [
      `/**\n * @loss\n * @param p x\n * @steps 5\n * @returns y\n */\n${f}`,
      { seed: 1 },
      `/**\n * @loss\n * @param p x\n * @steps 5\n * @seed 1\n * @returns y\n */\n${f}`,
    ],
    [f, { start: { a: 1, b: -2 } }, `/**\n * @loss\n * @start a=1 b=-2\n */\n${f}`],
    [f, { start: { 'a b': 1 } }, `/**\n * @loss\n * @start {"a b": 1}\n */\n${f}`],
    // The names of the numbers are kept.
    [
      `/**\n * @loss\n * @start a=1 b=2\n */\n${f}`,
      { start: [3, 4] },
      `/**\n * @loss\n * @start a=3 b=4\n */\n${f}`,
    ],
    [
      `/**\n * @loss\n * @start {"b": 1,\n *   "a": 2}\n */\n${f}`,
      { start: [3, 4] },
      `/**\n * @loss\n * @start b=3 a=4\n */\n${f}`,
    ],
    [
      `/** @loss */\n${f}`,
      {
        groups: [
          {
            names: ['a', 'b c'],
            ranges: [
              [0, 2],
              [4, 4],
            ],
            lr: 0.1,
          },
          { ranges: [[3, 3]], eps: 1e-7 },
        ],
      },
      `/**\n * @loss\n * @group a "b c" 0..2 4 lr=0.1\n * @group 3 eps=1e-7\n */\n${f}`,
    ],
    [
      `/**\n * @loss\n * @optimizer adam\n * @group 3 eps=1e-7\n */\n${f}`,
      { optimizer: { name: 'sgd', lr: 1 } },
      `/**\n * @loss\n * @optimizer sgd lr=1\n */\n${f}`,
    ],
    [`/** @loss */\n${f}`, { maximize: true }, `/**\n * @loss\n * @maximize\n */\n${f}`],
    [`/**\n * @loss\n * @maximize\n */\n${f}`, { maximize: true }, `/**\n * @loss\n * @maximize\n */\n${f}`],
    [`/**\n * @loss\n * @maximize\n */\n${f}`, { maximize: false }, `/**\n * @loss\n */\n${f}`],
    [
      `/** @loss */\n${f}`,
      { expect: { loss: 0.9, steps: null, above: true } },
      `/**\n * @loss\n * @expect loss>0.9\n */\n${f}`,
    ],
    [f, { steps: null }, f],
    [`/** @loss @steps 5 */\n${f}`, { steps: null }, `/** @loss */\n${f}`],
  ];
  test.each(cases)('%j with %j', (before, patch, after) =>
    expect(edited(before, patch as RunConfigPatch)).toBe(after),
  );

  test('editing one option changes nothing else', () => {
    const text = `/** @loss @optimizer adam lr=0.05 beta2=0.9 */\n${f}`;
    const edits = editAnnotation(text, lossAt(text, file, text.length)!, {
      optimizer: { lr: 0.001, beta2: 0.9 },
    });
    expect(edits.map((edit) => [under(text, edit.location), edit.text])).toEqual([['0.05', '0.001']]);
  });

  const patches = fc.record(
    {
      optimizer: fc.record(
        { name: fc.constantFrom('adam', 'sgd'), lr: fc.double({ min: 0, max: 10, noNaN: true }) },
        { requiredKeys: ['name'] },
      ),
      schedule: fc.constant({ name: 'cosine', tMax: 7 }),
      clip: fc.constantFrom({ norm: 2 }, { value: 0.1 }),
      steps: fc.integer({ min: 1, max: 1e6 }),
      start: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 4 }),
      names: fc.array(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 }),
      expect: fc.record({
        loss: fc.double({ noNaN: true, noDefaultInfinity: true }),
        steps: fc.option(fc.integer({ min: 1, max: 1e6 })),
      }),
      earlyStopping: fc.constant({ patience: 3, minDelta: 0.5 }),
    },
    { requiredKeys: [] },
  );

  test('an edited annotation reads back as the patch, whatever was there before', () => {
    fc.assert(
      fc.property(
        // A start with names keeps them, so it does not read back as a list.
        fc.constantFrom(...cases.map(([before]) => before).filter((before) => !/@start [a{]/.test(before))),
        patches,
        patches,
        (text, first, second) => {
          const once = edited(text, first as RunConfigPatch);
          const twice = edited(once, second as RunConfigPatch);
          const { annotation } = lossAt(twice, file, twice.indexOf('f('))!;
          const read = annotation?.patch ?? {};
          for (const [key, value] of Object.entries({ ...first, ...second }))
            expect(read[key as keyof RunConfigPatch]).toMatchObject(value as object);
          expect(annotation?.problems ?? []).toEqual([]);
        },
      ),
      { seed: 11, numRuns: 500 },
    );
  });

  test('a start with names is written as it is read', () => {
    const text = (value: object) => edited('export function f(p) {}', { start: value } as RunConfigPatch);
    const names = fc
      .string({ minLength: 1, maxLength: 6, unit: 'binary' })
      .filter((name) => name !== '__proto__');
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(
        fc.dictionary(names, numbers, { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
        (start) => {
          const written = text(start);
          const { annotation } = lossAt(written, file, written.indexOf('f('))!;
          expect(annotation?.problems).toEqual([]);
          expect(annotation?.patch.start).toEqual(start);
        },
      ),
      { seed: 12, numRuns: 500 },
    );
  });

  test('an object of the declaration is written with its names', () => {
    const object = 'export function f({ slope, offset }) {}';
    expect(edited(object, { start: [1, 2] })).toBe(
      `/**\n * @loss\n * @start slope=1 offset=2\n */\n${object}`,
    );
    const numbers = 'export function f(x: number, y: number) {}';
    expect(edited(numbers, { start: [1, 2] })).toBe(`/**\n * @loss\n * @start [1, 2]\n */\n${numbers}`);
  });

  test('a patch as text', () => {
    expect(
      formatConfig({
        optimizer: { name: 'adam', lr: 0.05 },
        start: [-0, 1e21],
        names: ['a b', 'c'],
        clip: null,
        steps: 5,
      }),
    ).toEqual([
      ['start', '[-0, 1e+21]'],
      ['names', '"a b" c'],
      ['optimizer', 'adam lr=0.05'],
      ['steps', '5'],
    ]);
  });
});

describe('completion and hover', () => {
  const complete = (marked: string) => {
    const offset = marked.indexOf('|');
    const text = marked.replace('|', '');
    return completions(text, file, offset).map((item) => ({ ...item, replaces: under(text, item.location) }));
  };
  const f = '\nexport function f(p) {}';

  test('offers tags that are not present yet', () => {
    const items = complete(`/**\n * @loss\n * @st|a\n */${f}`);
    expect(items.map(({ label }) => label)).toContain('@start');
    expect(items.map(({ label }) => label)).not.toContain('@loss');
    expect(items[0]).toMatchObject({ kind: 'tag', replaces: '@sta' });
  });
  test('offers names', () => {
    expect(complete(`/** @optimizer | */${f}`).map(({ label, kind }) => `${kind} ${label}`)).toContain(
      'name adam',
    );
    expect(complete(`/** @optimizer ad| */${f}`)[0]).toMatchObject({ replaces: 'ad' });
    expect(complete(`/** @schedule c| */${f}`).map(({ label }) => label)).toContain('cosine');
  });
  test('offers the names of the coordinates', () => {
    const labels = (marked: string) => complete(marked).map(({ label }) => label);
    expect(labels(`/** @start [1, 2, 3]\n@names | */${f}`)).toEqual(['p[0..2]']);
    expect(labels('/** @names | */\nexport function f([x, y]) {}')).toEqual(['x y']);
  });
  test('offers options that are not present yet', () => {
    const items = complete(`/** @optimizer adam lr=0.1 | */${f}`);
    expect(items.map(({ label }) => label)).toContain('beta2');
    expect(items.map(({ label }) => label)).not.toContain('lr');
    expect(items.find(({ label }) => label === 'beta2')).toMatchObject({
      kind: 'option',
      insertText: 'beta2=',
      doc: expect.stringContaining('0.999'),
    });
    expect(complete(`/** @clip n| */${f}`).map(({ label }) => label)).toEqual(['norm', 'value']);
  });
  test('offers values', () => {
    expect(complete(`/** @optimizer adam amsgrad=| */${f}`).map(({ label }) => label)).toEqual([
      'true',
      'false',
    ]);
    expect(complete(`/** @gradientMode | */${f}`).map(({ label }) => label)).toContain('exact');
  });
  test('offers the choices of an option, and the arguments of tags that take a name', () => {
    const labels = (marked: string) => complete(marked).map(({ label }) => label);
    expect(labels(`/** @optimizer adam dialect=| */${f}`)).toEqual([
      'torch',
      'optax',
      'keras',
      'tfjs',
      'paper',
    ]);
    expect(labels(`/** @precision | */${f}`)).toEqual(['float64', 'float32', 'float16', 'bfloat16']);
    expect(labels(`/** @lossScale | */${f}`)).toEqual(['dynamic']);
    expect(labels(`/** @switch sgd | */${f}`)).toEqual(
      expect.arrayContaining(['momentum', 'at', 'patience']),
    );
  });
  test('offers every optimizer and schedule, and each of their options with default and range', () => {
    for (const [tag, names] of [
      ['optimizer', optimizers],
      ['optimizerStep', optimizers],
      ['switch', optimizers],
      ['schedule', schedules],
    ] as const) {
      const offered = complete(`/** @${tag} | */${f}`).map(({ label }) => label);
      expect(offered).toEqual(expect.arrayContaining(Object.keys(names)));
      for (const [name, { options }] of Object.entries(names)) {
        const items = complete(`/** @${tag} ${name} | */${f}`);
        for (const [option, spec] of Object.entries<OptionSpec>(options)) {
          const item = items.find(({ label }) => label === option);
          expect(item?.doc, `${name} ${option}`).toContain(spec.doc);
          expect(item?.doc).toContain(`Default \`${spec.default}\``);
          const allowed = describeAllowed(option, spec);
          if (allowed !== option) expect(item?.doc).toContain(allowed);
        }
      }
    }
  });
  test('offers zeros for the coordinates that the function declares', () => {
    const starts = (code: string) =>
      complete(`/**\n * @loss\n * @start |\n */\n${code}`).map(({ label }) => label);
    expect(starts('export function f([x, y]: number[]) {}')).toEqual(['[0, 0]']);
    expect(starts('export function f(w: [number, number, number]) {}')).toEqual(['[0, 0, 0]']);
    expect(starts('export function f({ a, b }) {}')).toEqual(['a=0 b=0']);
    expect(starts('export const f = (p: { a: number }) => 1')).toEqual(['a=0']);
    expect(starts('export const f = (x: number, y: number) => 1')).toEqual(['[0, 0]']);
    expect(starts('export function f(w: number[]) {}')).toEqual([]);
    expect(starts('export const g = 1')).toEqual([]);
  });
  test('offers tags above a member of an object or class', () => {
    for (const member of ['static f([x]) {}', 'f([x]) {},', 'f: ([x]) => x,'])
      expect(complete(`export const a = {\n/** @st| */\n${member}\n}`).map(({ label }) => label)).toContain(
        '@start',
      );
  });
  test('offers nothing elsewhere', () => {
    for (const text of [
      '/** @st| */\nimport x from "y";',
      'const a = "@st|"',
      '// @st|',
      '/* @st| */',
      `/** @param x| */${f}`,
      '/** @loss */|',
    ])
      expect(complete(text)).toEqual([]);
  });
  test('hover', () => {
    const at = (marked: string) => hover(marked.replace('|', ''), file, marked.indexOf('|'))?.doc ?? null;
    expect(at(`/** @sta|rt [1] */${f}`)).toContain('The initial parameters');
    expect(at(`/** @optimizer ad|am lr=1 */${f}`)).toContain('Adam');
    expect(at(`/** @optimizer adam be|ta2=0.9 */${f}`)).toContain('0.999');
    expect(at(`/** @clip no|rm=1 */${f}`)).toContain('Euclidean');
    expect(at(`/** @names a w[0..|3][0..1] b */${f}`)).toBe('`w[0..3][0..1]`: 8 coordinates, 1 to 8');
    expect(at(`/** @names a w[0..3][0..1] |b */${f}`)).toBe('`b`: coordinate 9');
    expect(at(`/** @names w[3..0] |b */${f}`)).toBeNull();
    expect(at(`/** plain| text @loss */${f}`)).toBeNull();
    expect(at('const a| = 1')).toBeNull();
  });
});
