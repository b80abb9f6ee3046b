import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/core/diagnosis/finding';
import { optimizers } from '../../../src/core/optimizers/registry';
import { schedules } from '../../../src/core/schedules/registry';
import type { SourceLocation } from '../../../src/core/sourceLocation';
import { readAnnotation } from '../../../src/loss/annotation/annotation';
import { tagNames } from '../../../src/loss/annotation/annotationTags';
import { optionKeysOf } from '../../../src/loss/annotation/optionKeys';
import { inTagsOf, tagAbove, tagsFor } from '../../../src/loss/annotation/tagWords';
import { lossAt } from '../../../src/loss/discovery/discover';
import { findingIn } from '../../../src/loss/findingWords';
import { LineMap } from '../../../src/loss/places/lineMap';
import { planRun } from '../../../src/loss/plan';

const file = '/w/a.py';
const read = (comment: string) => readAnnotation(new LineMap(file, comment), 0, comment.length, 'python');

function under(text: string, location: SourceLocation): string {
  const { from, to } = new LineMap(file, text).range(location);
  return text.slice(from, to);
}

describe('reading', () => {
  test('a block of comment lines, with the places of the values', () => {
    const comment = `# Rosenbrock's function. optimizer=sgd is prose.
# adamscope: loss start=[-1.2, 1] optimizer=adam lr=0.05 weight_decay=0.1
# adamscope: steps=2000 clip norm=1`;
    const { patch, problems, places, options, tags, location } = read(comment);
    expect(problems).toEqual([]);
    expect(patch).toEqual({
      start: [-1.2, 1],
      optimizer: { name: 'adam', lr: 0.05, weightDecay: 0.1 },
      steps: 2000,
      clip: { norm: 1 },
    });
    expect(under(comment, location)).toBe(comment);
    expect(tags.map(({ name }) => name)).toEqual(['loss', 'start', 'optimizer', 'steps', 'clip']);
    expect(tags.map((tag) => under(comment, tag.nameLocation))).toEqual([
      'loss',
      'start=',
      'optimizer=',
      'steps=',
      'clip',
    ]);
    expect(under(comment, tags[2]!.location)).toBe('optimizer=adam lr=0.05 weight_decay=0.1');
    const at = (path: string) => under(comment, places.get(path)!);
    expect(['start', 'optimizer', 'optimizer.name', 'optimizer.weightDecay', 'clip.norm'].map(at)).toEqual([
      '[-1.2, 1]',
      'adam lr=0.05 weight_decay=0.1',
      'adam',
      '0.1',
      '1',
    ]);
    expect(under(comment, options.get('optimizer.weightDecay')!)).toBe('weight_decay=0.1');
  });

  test('a docstring, with continuation lines', () => {
    const docstring = `"""Rosenbrock's function.

    adamscope: loss start=[-1.2, 1]
        optimizer=adam lr=0.05
        steps=2000
    epochs=7 is prose.
    """`;
    const { patch, problems, places } = read(docstring);
    expect(problems).toEqual([]);
    expect(patch).toEqual({ start: [-1.2, 1], optimizer: { name: 'adam', lr: 0.05 }, steps: 2000 });
    expect(under(docstring, places.get('steps')!)).toBe('2000');
  });

  const values: [text: string, patch: unknown][] = [
    ['start=(-1.2, 1.0)', { start: [-1.2, 1] }],
    ['start=(1,)', { start: [1] }],
    ['start=1, 2', { start: [1, 2] }],
    ["start={'a': 0, 'b': 1_000, }", { start: { a: 0, b: 1000 } }],
    ['start={"steps": 1, clip: 2} steps=3', { start: { steps: 1, clip: 2 }, steps: 3 }],
    ['start=a=0 weight_decay=1e-3 steps=5', { start: { a: 0, weight_decay: 1e-3 }, steps: 5 }],
    ['start: [1] seed: 3', { start: [1], seed: 3 }],
    ['start = [1] seed = 3', { start: [1], seed: 3 }],
    ['loss, start=[1], seed=3', { start: [1], seed: 3 }],
    ["loss of the players' game (with clip) start=[1]", { start: [1] }],
    ['start=[\n#   1,\n#   2,\n# ]\n# adamscope: steps=3', { start: [1, 2], steps: 3 }],
    [
      'names=x clip maximize group=0 lr=1',
      { names: ['x', 'clip', 'maximize'], groups: [{ ranges: [[0, 0]], lr: 1 }] },
    ],
    ["names=['first rate', \"b\", it's] steps=1", { names: ['first rate', 'b', "it's"], steps: 1 }],
    ['names=w_in[0..3] net.b_out', { names: ['w_in[0..3]', 'net.b_out'] }],
    [
      "group b_out 'c d' loss 5..9 lr=0.1 weight_decay=0 group=a lr=1",
      {
        groups: [
          { names: ['b_out', 'c d', 'loss'], ranges: [[5, 9]], lr: 0.1, weightDecay: 0 },
          { names: ['a'], lr: 1 },
        ],
      },
    ],
    [
      'group a lr=1\n# adamscope: group b lr=2',
      {
        groups: [
          { names: ['a'], lr: 1 },
          { names: ['b'], lr: 2 },
        ],
      },
    ],
    ['optimizer adam lr=0.1', { optimizer: { name: 'adam', lr: 0.1 } }],
    [
      'optimizer=adam weightDecay=0.1 amsgrad',
      { optimizer: { name: 'adam', weightDecay: 0.1, amsgrad: true } },
    ],
    [
      'optimizer=adam weight-decay=0.1 amsgrad=True maximize',
      { optimizer: { name: 'adam', weightDecay: 0.1, amsgrad: true }, maximize: true },
    ],
    ["optimizer='adam' dialect='keras'", { optimizer: { name: 'adam', dialect: 'keras' } }],
    ['optimizer=own=my_adam', { optimizer: { own: 'my_adam' } }],
    ['maximize=False', { maximize: false }],
    ['schedule=None clip=None', { schedule: null, clip: null }],
    ['schedule=multi_step milestones=(30, 80)', { schedule: { name: 'multiStep', milestones: [30, 80] } }],
    ['schedule=cosine t_max=20 eta_min=1e-4', { schedule: { name: 'cosine', tMax: 20, etaMin: 1e-4 } }],
    ['early_stopping patience=5 min_delta=0.1', { earlyStopping: { patience: 5, minDelta: 0.1 } }],
    ['early-stopping patience=5 clip value=2', { earlyStopping: { patience: 5 }, clip: { value: 2 } }],
    ['switch=sgd lr=0.1 at=500 steps=900', { switch: { to: { name: 'sgd', lr: 0.1 }, at: 500 }, steps: 900 }],
    [
      'gradient_mode=finite-difference loss-scale=dynamic',
      { gradientMode: 'finite-difference', lossScale: 'dynamic' },
    ],
    ['expect=loss<1e-8 within 50 steps seed=1', { expect: { loss: 1e-8, steps: 50 }, seed: 1 }],
    ['expect=loss > 0.9 maximize', { expect: { loss: 0.9, steps: null, above: true }, maximize: true }],
    ['optimizer-step adam lr=0.01', { optimizer: { name: 'adam', lr: 0.01 } }],
    ['samples=1_000 validation="val_loss"', { samples: 1000, validation: 'val_loss' }],
  ];
  test.each(values)('%s', (text, patch) => {
    const { problems, patch: found } = read(`# adamscope: ${text}`);
    expect(problems).toEqual([]);
    expect(found).toEqual(patch);
  });

  test.each([
    ["'adamscope: steps=3'"],
    ['r"""adamscope: steps=3"""'],
    ["u'''Prose.\r\n\r\n\tadamscope:\r\n\t\tsteps=3\r\n'''"],
    ['  # adamscope: steps=3\n  # seed=4'],
    ['##   adamscope: steps=3\n## seed=4'],
    ['"""Prose about adamscope: seed=1\n```\nadamscope: seed=2\n```\nadamscope: steps=3\n\n    seed=4"""'],
  ])('only what follows the word at the start of a line counts: %s', (comment) => {
    const { problems, patch } = read(comment);
    expect([problems, patch]).toEqual([[], { steps: 3 }]);
  });

  test('the words of tags that set no key', () => {
    const comment =
      '# adamscope: loss gradient=grad params=init module=make_model data="make_data" dtype=float32 library=jax';
    const { words, patch, places, problems } = read(comment);
    expect([problems, patch]).toEqual([[], {}]);
    expect(Object.fromEntries(words)).toEqual({
      gradient: 'grad',
      params: 'init',
      module: 'make_model',
      data: 'make_data',
      dtype: 'float32',
      library: 'jax',
    });
    expect(under(comment, places.get('data')!)).toBe('make_data');
  });

  test('every prefix of a comment can be read', () => {
    const comments = [
      "# adamscope: loss, start=(-1.2, {'a': [1]}) names=[\"x y\", 'z'] optimizer=adam weight_decay=0.1\n#     clip norm=1\n",
      'r"""Prose.\r\n\r\n  adamscope: group a \'b c\' lr=.1 early-stopping patience=3\r\n    expect=loss < 1 within 3\r\n  """',
    ];
    for (const comment of comments)
      for (let end = 0; end <= comment.length; end++) expect(() => read(comment.slice(0, end))).not.toThrow();
  });

  test('any text can be read', () => {
    const piece = fc.constantFrom(
      ...['adamscope:', 'loss', 'start', 'names', 'group', 'optimizer', 'clip', 'None', '_', '-', 'é', '𝒳'],
      ...['=', ':', ' ', '\n', '\n#', '(', ')', '[', '{', '}', '"', "'", '\\', '"""', ',', '1', '#', '\t'],
    );
    fc.assert(
      fc.property(
        fc.constantFrom('# adamscope: ', '"""adamscope: ', "'"),
        fc.array(piece),
        (start, pieces) => {
          const text = start + pieces.join('');
          const { places } = read(text);
          for (const place of places.values()) expect(under(text, place)).not.toBe('');
        },
      ),
      { seed: 7, numRuns: 3000 },
    );
  });
});

test('no key of an option is the name of a tag, so that a tag can follow the options of another one', () => {
  const keys = new Set(tagNames.flatMap((tag) => optionKeysOf(tag)));
  for (const { options } of [...Object.values(optimizers), ...Object.values(schedules)])
    for (const key of Object.keys(options)) expect(keys).toContain(key);
  expect([...keys].filter((key) => (tagNames as readonly string[]).includes(key))).toEqual([]);
});

describe('problems', () => {
  test.each([
    ['loss strat=[1, 2]', 'unknown-tag', 'strat=', 'unknown tag strat=; did you mean start=?', 'start='],
    ['loss maximise', 'unknown-tag', 'maximise', 'unknown tag maximise; did you mean maximize?', 'maximize'],
    ['los start=[1]', 'unknown-tag', 'los', 'unknown tag los; did you mean loss?', 'loss'],
    [
      'steps=20 gradint_mode=exact',
      'unknown-tag',
      'gradint_mode=',
      'unknown tag gradint_mode=; did you mean gradient_mode=?',
      'gradient_mode=',
    ],
    [
      'optimizer=adam lr=0.1 stpes=20',
      'unknown-tag',
      'stpes=',
      'unknown tag stpes=; did you mean steps=?',
      'steps=',
    ],
    ['start=[1, 2] stpes=20', 'unknown-tag', 'stpes=', 'unknown tag stpes=; did you mean steps=?', 'steps='],
    [
      'loss lr=0.1',
      'unknown-tag',
      'lr=',
      'unknown tag lr=; write an option after its tag, as in optimizer=adam lr=0.05',
      undefined,
    ],
    [
      'optimizer=adam weight_decai=1',
      'unknown-option',
      'weight_decai',
      '"weight_decai" is not an option of adam; did you mean weight_decay?',
      'weight_decay',
    ],
    ['optimizer=adam weight-decay=-1', 'out-of-range', '-1', 'weight_decay must be >= 0, got -1', undefined],
    ['optimizer=adamm', 'unknown-name', 'adamm', 'unknown optimizer "adamm"; did you mean adam?', 'adam'],
    ['steps=2 steps=3', 'duplicate-tag', 'steps=3', 'steps= appears twice; the first one is used', undefined],
    [
      'early_stopping',
      'missing-value',
      'early_stopping',
      'the value of this tag is missing; write a value such as patience=10 min_delta=1e-4',
      undefined,
    ],
    ['group b', 'missing', 'b', 'a group needs an option that differs, as in group=b lr=0.1', undefined],
    ['dtype=float46', 'unknown-name', 'float46', 'unknown dtype float46; did you mean float64?', 'float64'],
    [
      'library=tensorflow',
      'unknown-name',
      'tensorflow',
      'unknown library tensorflow; write torch, jax, numpy, python',
      undefined,
    ],
    ['start=[1, 2 steps=3', 'malformed-value', '[1, 2', 'the closing ] of this list is missing', undefined],
    ['start=[1, None]', 'malformed-value', 'None', 'None is not a number', undefined],
    [
      'expect=los<1',
      'malformed-value',
      'los<1',
      'write an expectation as loss<1e-8 or loss<1e-8 within 5000 (with maximize: loss>0.9)',
      undefined,
    ],
  ])('%s', (text, code, place, message, replacement) => {
    const comment = `# adamscope: ${text}`;
    const { problems } = read(comment);
    expect(
      problems.map((problem) => [
        problem.code,
        under(comment, problem.location),
        problem.message,
        problem.replacement,
      ]),
    ).toEqual([[code, place, message, replacement]]);
  });

  test.each(['this file is a test', 'Note: see the guide', 'loss Rosenbrock: a banana'])(
    'prose after the word is ignored: %s',
    (text) => {
      expect(read(`# adamscope: ${text}`).problems).toEqual([]);
    },
  );

  test('a misspelled tag does not hide the next one', () => {
    const { patch, problems } = read('# adamscope: loss strat=[1, 2] steps=3');
    expect(problems.length).toBe(1);
    expect(patch).toEqual({ steps: 3 });
  });
});

describe('messages', () => {
  test.each([
    ['write @samples N with the number of samples', 'write samples=N with the number of samples'],
    ['@names has 3 names, but wStart has 2', 'names= has 3 names, but wStart has 2'],
    ['add @maximize, or write loss<1', 'add maximize, or write loss<1'],
    ['mark it with @optimizerStep and the optimizer', 'mark it with optimizer_step= and the optimizer'],
    ['as in @group a b 4..9 lr=0.1', 'as in group=a b 4..9 lr=0.1'],
    ['as in @optimizer adam lr=0.05', 'as in optimizer=adam lr=0.05'],
    ['write @start [0, 0] or a=0', 'write start=[0, 0] or a=0'],
    ['has no @expect: write @expect loss<1e-8', 'has no expect=: write expect=loss<1e-8'],
    ['minDelta of earlyStopping needs weightDecay', 'min_delta of early_stopping needs weight_decay'],
    ['a decorator @jit, and user@names.org', 'a decorator @jit, and user@names.org'],
  ])('%s', (message, inPython) => {
    expect(inTagsOf('python', message)).toBe(inPython);
    expect(inTagsOf('javascript', message)).toBe(message);
  });

  test('what to write above a function', () => {
    expect(tagAbove('python', 'start', '[0, 0]')).toBe('# adamscope: start=[0, 0]');
    expect(tagAbove('javascript', 'start', '[0, 0]')).toBe('@start [0, 0]');
  });

  test('a patch', () => {
    const patch = {
      maximize: true,
      optimizer: { name: 'adam', weightDecay: 0.1 },
      clip: { norm: 1 },
    } as const;
    expect(tagsFor('python', patch)).toEqual(['maximize', 'optimizer=adam weight_decay=0.1', 'clip norm=1']);
    expect(tagsFor('javascript', patch)).toEqual([
      '@maximize',
      '@optimizer adam weightDecay=0.1',
      '@clip norm=1',
    ]);
  });

  test('a finding', () => {
    const finding: Finding = {
      id: 'coupled-weight-decay-1',
      code: 'coupled-weight-decay',
      severity: 'warning',
      headline: 'weightDecay is divided by √v.',
      detail: 'weightDecay = 0.1.',
      advice: 'Set gradientMode to exact, or name it with @gradient.',
      steps: [1, 1],
      coordinates: [],
      evidence: {},
      subject: null,
      origin: null,
      location: null,
      fixes: [
        {
          id: 'a',
          title: 'weightDecay = 0',
          patch: {},
          verified: null,
        } as unknown as Finding['fixes'][number],
      ],
    };
    expect(findingIn('javascript', finding)).toEqual(finding);
    const { headline, detail, advice, fixes } = findingIn('python', finding);
    expect([headline, detail, advice, fixes[0]!.title]).toEqual([
      'weight_decay is divided by √v.',
      'weight_decay = 0.1.',
      'Set gradient_mode to exact, or name it with gradient=.',
      'weight_decay = 0',
    ]);
  });

  test('the problems of a plan', () => {
    const text = '# adamscope: loss start=[1] epochs=3\ndef f(p):\n    return p[0]\n';
    const plan = planRun(lossAt(text, file, text.indexOf('f('))!, { below: [], above: [] });
    expect(plan.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('write samples=N with the number of samples'),
    ]);
  });
});

describe('an option of the optimizer after another tag', () => {
  test.each([
    [
      '# adamscope: loss start=[1] lr=0.1',
      'python',
      'unexpected text: lr=0.1; write it after optimizer=adam',
    ],
    [
      '# adamscope: loss steps=5 weight_decay=1',
      'python',
      'unexpected text: weight_decay=1; write it after optimizer=adam',
    ],
    [
      '/** @loss @start [1] lr=0.1 */',
      'javascript',
      'unexpected text: lr=0.1; write it after @optimizer adam',
    ],
  ] as const)('%s', (text, language, message) => {
    const { problems } = readAnnotation(new LineMap('/w/a', text), 0, text.length, language);
    expect(problems.map((problem) => problem.message)).toEqual([message]);
  });
});
