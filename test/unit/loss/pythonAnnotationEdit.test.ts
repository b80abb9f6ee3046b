import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { editAnnotation } from '../../../src/loss/annotation/annotationEdit';
import type { LossDeclaration } from '../../../src/loss/declaration';
import { lossAt } from '../../../src/loss/discovery/discover';
import { LineMap } from '../../../src/loss/places/lineMap';

const file = '/w/a.py';

/** The loss; as if it were marked, unless it is found by the cursor. */
const declared = (text: string, foundBy: LossDeclaration['foundBy'] = 'annotation'): LossDeclaration => ({
  ...lossAt(text, file, text.indexOf('f('))!,
  foundBy,
});

function apply(text: string, edits: ReturnType<typeof editAnnotation>): string {
  const lines = new LineMap(file, text);
  const ranges = edits
    .map((edit) => ({ ...lines.range(edit.location), text: edit.text }))
    .sort((a, b) => b.from - a.from);
  for (const [i, { to }] of ranges.slice(1).entries()) expect(to).toBeLessThanOrEqual(ranges[i]!.from);
  return ranges.reduce(
    (result, edit) => result.slice(0, edit.from) + edit.text + result.slice(edit.to),
    text,
  );
}
const edited = (text: string, patch: RunConfigPatch, foundBy?: LossDeclaration['foundBy']) =>
  apply(text, editAnnotation(text, declared(text, foundBy), patch));

const f = 'def f(p):\n    return 0\n';
const a94 = `a${'b'.repeat(93)}`;
const cases: [before: string, patch: RunConfigPatch, after: string][] = [
  // A new comment.
  [
    f,
    { optimizer: { name: 'adam', weightDecay: 0.01 }, steps: 5 },
    `# adamscope: loss optimizer=adam weight_decay=0.01 steps=5\n${f}`,
  ],
  [`class A:\r\n  @d\r\n  ${f}`, { steps: 5 }, `class A:\r\n  # adamscope: loss steps=5\r\n  @d\r\n  ${f}`],
  [`# A bowl.\n${f}`, { steps: 5 }, `# A bowl.\n# adamscope: loss steps=5\n${f}`],
  ['def f(p):\n    "A bowl."\n', { steps: 5 }, '# adamscope: loss steps=5\ndef f(p):\n    "A bowl."\n'],
  [
    f,
    { names: [a94], steps: 5, clip: { norm: 1 } },
    `# adamscope: loss\n# adamscope: names=${a94}\n# adamscope: clip norm=1 steps=5\n${f}`,
  ],
  [f, { steps: null }, f],
  // Comment lines.
  [
    `# adamscope: loss\n${f}`,
    { maximize: true, gradientMode: 'exact' },
    `# adamscope: loss maximize gradient_mode=exact\n${f}`,
  ],
  [
    `# adamscope: loss\n# adamscope: steps=3\n# end\n${f}`,
    { seed: 1 },
    `# adamscope: loss\n# adamscope: steps=3 seed=1\n# end\n${f}`,
  ],
  [
    `# adamscope: loss optimizer=adam lr=0.05\n#    beta2=0.9\n${f}`,
    { optimizer: { lr: 0.1, eps: 1e-7 }, steps: 3 },
    `# adamscope: loss optimizer=adam lr=0.1\n#    beta2=0.9 eps=1e-7 steps=3\n${f}`,
  ],
  [
    `    # adamscope: names=${a94.slice(10)}\n    ${f}`,
    { steps: 3, clip: { value: 1 } },
    `    # adamscope: names=${a94.slice(10)}\n    # adamscope: clip value=1 steps=3\n    ${f}`,
  ],
  [`# adamscope: loss steps=3\n${f}`, { steps: 4 }, `# adamscope: loss steps=4\n${f}`],
  [`# adamscope: loss steps=3\n${f}`, { steps: null }, `# adamscope: loss\n${f}`],
  [`# adamscope: loss\n# adamscope: steps=3\n${f}`, { steps: null }, `# adamscope: loss\n${f}`],
  [
    `# adamscope: loss\n# adamscope: steps=3\n#   seed=1\n# end\n${f}`,
    { steps: null, seed: null },
    `# adamscope: loss\n# end\n${f}`,
  ],
  [`# adamscope: steps=3 seed=1 loss\n${f}`, { steps: null, seed: null }, `# adamscope: loss\n${f}`],
  [
    `# adamscope: loss\n#   steps=3\n#   seed=1\n${f}`,
    { steps: null },
    `# adamscope: loss\n#   seed=1\n${f}`,
  ],
  [`# adamscope: loss\n#   steps=3 seed=1\n${f}`, { steps: null }, `# adamscope: loss\n#   seed=1\n${f}`],
  [`# adamscope: loss steps=3\n${f}`, { steps: null, seed: 1 }, `# adamscope: loss seed=1\n${f}`],
  [
    `# adamscope: loss\n# adamscope: steps=3\n${f}`,
    { steps: null, seed: 1 },
    `# adamscope: loss\n# adamscope: seed=1\n${f}`,
  ],
  // Names hide a bare tag.
  [
    `# adamscope: loss names=x y\n${f}`,
    { clip: { norm: 1 }, maximize: true },
    `# adamscope: loss names=x y maximize: clip norm=1\n${f}`,
  ],
  [
    `# adamscope: loss group a lr=1 steps=3 clip norm=1\n${f}`,
    { steps: null },
    `# adamscope: loss group a lr=1 clip: norm=1\n${f}`,
  ],
  [
    `# adamscope: loss\n${f}`,
    {
      groups: [
        { names: ['a', 'b c'], lr: 1 },
        { ranges: [[0, 3]], weightDecay: 0 },
      ],
    },
    `# adamscope: loss group=a 'b c' lr=1 group=0..3 weight_decay=0\n${f}`,
  ],
  [
    `# adamscope: loss optimizer=adam group=a lr=1 group=b lr=1\n${f}`,
    { optimizer: { name: 'sgd' } },
    `# adamscope: loss optimizer=sgd\n${f}`,
  ],
  // Options.
  [
    `# adamscope: loss optimizer=adam weight-decay=0.1 amsgrad lr=1\n${f}`,
    { optimizer: { weightDecay: 0.2, amsgrad: false, lr: null } },
    `# adamscope: loss optimizer=adam weight-decay=0.2 amsgrad=false\n${f}`,
  ],
  [
    `# adamscope: loss optimizer=adam amsgrad=True dialect='keras'\n${f}`,
    { optimizer: { amsgrad: true, dialect: null } } as RunConfigPatch,
    `# adamscope: loss optimizer=adam amsgrad=True\n${f}`,
  ],
  [
    `# adamscope: loss optimizer=lr=0.1 eps=1e-3 steps=3\n${f}`,
    { optimizer: { lr: null } },
    `# adamscope: loss optimizer=eps=1e-3 steps=3\n${f}`,
  ],
  [
    `# adamscope: loss optimizer=adam lr=0.1\n#   eps=1e-3\n#   steps=3\n${f}`,
    { optimizer: { eps: null } },
    `# adamscope: loss optimizer=adam lr=0.1\n#   steps=3\n${f}`,
  ],
  [
    `# adamscope: loss schedule=None clip norm=1 optimizer='adam'\n${f}`,
    { schedule: { name: 'multiStep', milestones: [3, 5] }, clip: { value: 2 }, optimizer: { lr: 1 } },
    `# adamscope: loss schedule=multiStep milestones=[3, 5] clip value=2 optimizer='adam' lr=1\n${f}`,
  ],
  [
    `# adamscope: loss schedule=multi_step milestones=(3, 5) steps=8\n${f}`,
    { schedule: { milestones: [3, 5], gamma: 0.5 } },
    `# adamscope: loss schedule=multi_step milestones=(3, 5) gamma=0.5 steps=8\n${f}`,
  ],
  [
    `# adamscope: loss clip early_stopping patience=3\n${f}`,
    { clip: { norm: 1 }, earlyStopping: { minDelta: 1 } },
    `# adamscope: loss clip norm=1 early_stopping patience=3 min_delta=1\n${f}`,
  ],
  [`# adamscope: loss steps= seed=1\n${f}`, { steps: 3 }, `# adamscope: loss steps=3 seed=1\n${f}`],
  [`# adamscope: loss maximize=False\n${f}`, { maximize: true }, `# adamscope: loss maximize=true\n${f}`],
  [`# adamscope: loss maximize=True\n${f}`, { maximize: true }, `# adamscope: loss maximize=True\n${f}`],
  [`# adamscope: loss start=(1, 2)\n${f}`, { start: [1, 2] }, `# adamscope: loss start=(1, 2)\n${f}`],
  [
    `# adamscope: loss start=(1, 2)\n${f}`,
    { start: { a: 1, 'b c': 2 } },
    `# adamscope: loss start={'a': 1, 'b c': 2}\n${f}`,
  ],
  // Docstrings.
  [
    'def f(p):\n    """Bowl.\n\n    adamscope: loss\n        steps=3\n    """\n',
    { steps: 4, seed: 1 },
    'def f(p):\n    """Bowl.\n\n    adamscope: loss\n        steps=4 seed=1\n    """\n',
  ],
  [
    `def f(p):\n    """Bowl.\n\n    adamscope: names=${a94}\n    """\n`,
    { seed: 1 },
    `def f(p):\n    """Bowl.\n\n    adamscope: names=${a94}\n    adamscope: seed=1\n    """\n`,
  ],
  [
    `def f(p):\n    """adamscope: names=${a94}"""\n`,
    { seed: 1 },
    `def f(p):\n    """adamscope: names=${a94}\n    adamscope: seed=1"""\n`,
  ],
  [
    `def f(p):\n    'adamscope: loss names=${a94}'\n`,
    { start: { a: 1 } },
    `def f(p):\n    'adamscope: loss names=${a94} start={"a": 1}'\n`,
  ],
  [
    'def f(p):\n    """adamscope: loss"""\n',
    { names: ['a b', 'c"\''] },
    `def f(p):\n    """adamscope: loss names='a b' 'c\\u0022\\u0027'"""\n`,
  ],
  [
    "def f(p):\n    '''adamscope: loss'''\n",
    { names: ['a b'] },
    "def f(p):\n    '''adamscope: loss names=\"a b\"'''\n",
  ],
  [
    'def f(p):\n    """Bowl.\n    adamscope: loss\n    adamscope: steps=3\n    """\n',
    { steps: null },
    'def f(p):\n    """Bowl.\n    adamscope: loss\n    """\n',
  ],
  [
    'def f(p):\n    """Bowl.\n    adamscope: steps=3"""\n',
    { steps: null },
    'def f(p):\n    """Bowl.\n    """\n',
  ],
  [
    'def f(p):\n    """adamscope: steps=3\n    seed"""\n',
    { steps: null },
    'def f(p):\n    """\n    seed"""\n',
  ],
];

describe('editing', () => {
  test.each(cases)('%j with %j', (before, patch, after) => {
    expect(edited(before, patch)).toBe(after);
  });

  test('a loss at the cursor is marked', () => {
    expect(edited(`# adamscope: names=x steps=3\n${f}`, { steps: null, seed: 1 }, 'cursor')).toBe(
      `# adamscope: names=x loss: seed=1\n${f}`,
    );
  });

  test('one option changes nothing else', () => {
    const text = `# adamscope: loss optimizer=adam lr=0.05 beta2=0.9\n${f}`;
    const edits = editAnnotation(text, declared(text), { optimizer: { lr: 0.001, beta2: 0.9 } });
    const lines = new LineMap(file, text);
    const changed = edits.map(({ location, text: put }) => {
      const { from, to } = lines.range(location);
      return [text.slice(from, to), put];
    });
    expect(changed).toEqual([['0.05', '0.001']]);
  });

  const word = fc.string({ minLength: 1, maxLength: 6 });
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  const patches = fc.record(
    {
      optimizer: fc.record(
        {
          name: fc.constantFrom('adam', 'sgd'),
          lr: fc.double({ min: 0, max: 10, noNaN: true }),
          weightDecay: fc.constantFrom(0, 0.1),
        },
        { requiredKeys: ['name'] },
      ),
      schedule: fc.constantFrom({ name: 'cosine', tMax: 7 }, { name: 'multiStep', milestones: [3, 5] }),
      clip: fc.constantFrom({ norm: 2 }, { value: 0.1 }, null),
      maximize: fc.boolean(),
      steps: fc.option(fc.integer({ min: 1, max: 1e6 })),
      start: fc.array(number, { minLength: 1, maxLength: 4 }),
      names: fc.option(fc.array(word, { minLength: 1, maxLength: 3 })),
      groups: fc.option(
        fc.array(fc.record({ names: fc.array(word, { minLength: 1, maxLength: 3 }), lr: fc.constant(0.5) }), {
          minLength: 1,
          maxLength: 2,
        }),
      ),
      seed: fc.option(fc.nat()),
      earlyStopping: fc.constantFrom({ patience: 3, minDelta: 0.5 }, null),
    },
    { requiredKeys: [] },
  );

  const sound = cases
    .map(([before]) => before)
    .filter((before) => (declared(before).annotation?.problems ?? []).length === 0);

  test('an edited annotation reads back as the patch, whatever was there before', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sound), patches, patches, (text, first, second) => {
        const once = edited(text, first as RunConfigPatch);
        const twice = edited(once, second as RunConfigPatch);
        const { annotation } = declared(twice);
        const read: Record<string, unknown> = { ...annotation?.patch };
        for (const [key, value] of Object.entries({ ...first, ...second })) {
          // Another optimizer discards the groups.
          if (key === 'groups' && second.optimizer && !second.groups) continue;
          const isRemoved = value === null || value === false;
          if (isRemoved) expect(read).not.toHaveProperty(key);
          else expect({ [key]: read[key] }).toMatchObject({ [key]: value });
        }
        expect(annotation?.problems ?? []).toEqual([]);
        const isMarked = (of: string) => declared(of).annotation?.tags.some(({ name }) => name === 'loss');
        if (isMarked(text)) expect(isMarked(twice)).toBe(true);
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  test('a start with names is written as it is read', () => {
    const names = fc
      .string({ minLength: 1, maxLength: 6, unit: 'binary' })
      .filter((name) => name !== '__proto__');
    fc.assert(
      fc.property(
        fc.constantFrom(f, 'def f(p):\n    "adamscope: loss"\n', "def f(p):\n    r'''adamscope: loss'''\n"),
        fc.dictionary(names, number, { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
        (text, start) => {
          const { annotation } = declared(edited(text, { start, seed: 3 } as RunConfigPatch));
          expect(annotation?.problems).toEqual([]);
          expect(annotation?.patch).toEqual({ start, seed: 3 });
        },
      ),
      { seed: 12, numRuns: 200 },
    );
  });

  test('a line has at most 100 characters', () => {
    const line = (length: number) =>
      `# adamscope: names=${'x'.repeat(length - '# adamscope: names='.length)}`;
    const wide = line(93);
    expect(edited(`${wide}\n${f}`, { seed: 1 })).toBe(`${wide} seed=1\n${f}`);
    const wider = line(94);
    expect(edited(`${wider}\n${f}`, { seed: 1 })).toBe(`${wider}\n# adamscope: seed=1\n${f}`);
  });
});
