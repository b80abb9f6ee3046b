import { describe, expect, it } from 'vitest';
import type { Range } from '../../../src/core/config/optionSpecs';
import { essentials, mergePatches, resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { validatePatch } from '../../../src/core/config/validate';
import { optimizers } from '../../../src/core/optimizers/registry';
import { schedules } from '../../../src/core/schedules/registry';

const problem = (patch: unknown) => {
  const [first] = validatePatch(patch);
  return first && [first.path.join('.'), first.code, first.message, first.suggestion];
};

describe('validation of a patch', () => {
  it.each<[unknown, string, string, RegExp, string?]>([
    [{ optimizer: { name: 'adamx' } }, 'optimizer.name', 'unknown-name', /did you mean adam/, 'adam'],
    [
      { optimizer: { name: 'adam', beta: 0.9 } },
      'optimizer.beta',
      'unknown-option',
      /not an option of adam/,
      'beta1',
    ],
    [{ optimizer: { name: 'sgd', beta1: 0.9 } }, 'optimizer.beta1', 'unknown-option', /not an option of sgd/],
    [{ optimizer: { beta1: 1 } }, 'optimizer.beta1', 'out-of-range', /beta1 must be >= 0 and < 1, got 1/],
    [{ optimizer: { beta2: -0.1 } }, 'optimizer.beta2', 'out-of-range', /beta2 must be >= 0 and < 1/],
    [{ optimizer: { lr: -1 } }, 'optimizer.lr', 'out-of-range', /lr must be >= 0, got -1/],
    [{ optimizer: { eps: -1e-8 } }, 'optimizer.eps', 'out-of-range', /eps must be >= 0/],
    [{ optimizer: { lr: Number.NaN } }, 'optimizer.lr', 'out-of-range', /got NaN/],
    [{ optimizer: { lr: Number.POSITIVE_INFINITY } }, 'optimizer.lr', 'out-of-range', /got Infinity/],
    [{ optimizer: { lr: '0.1' } }, 'optimizer.lr', 'wrong-type', /lr must be a number, got "0.1"/],
    [{ optimizer: { amsgrad: 1 } }, 'optimizer.amsgrad', 'wrong-type', /true or false/],
    [{ optimizer: 'adam' }, 'optimizer', 'wrong-type', /object/],
    [{ schedule: { name: 'cosin' } }, 'schedule.name', 'unknown-name', /cosine/, 'cosine'],
    [{ schedule: { name: 'cosine', tmax: 5 } }, 'schedule.tmax', 'unknown-option', /tMax/, 'tMax'],
    [{ schedule: { name: 'cosine', tMax: 0 } }, 'schedule.tMax', 'out-of-range', /tMax must be >= 1/],
    [{ steps: 1.5 }, 'steps', 'wrong-type', /integer/],
    [{ steps: 0 }, 'steps', 'out-of-range', /steps must be >= 1/],
    [{ step: 5 }, 'step', 'unknown-key', /did you mean steps/, 'steps'],
    [{ clip: { norm: 0 } }, 'clip.norm', 'out-of-range', /norm must be > 0/],
    [{ clip: { norm: 1, value: 1 } }, 'clip.value', 'wrong-type', /only one of them/],
    [{ start: [1, 'x'] }, 'start', 'wrong-type', /list of finite numbers/],
    [{ gradientMode: 'exakt' }, 'gradientMode', 'unknown-name', /exact/, 'exact'],
    [{ earlyStopping: { patience: 0 } }, 'earlyStopping.patience', 'out-of-range', /patience must be >= 1/],
    [[], '', 'wrong-type', /object/],
    [{ constructor: 1 }, 'constructor', 'unknown-key', /unknown key/],
    [
      { optimizer: { name: 'sgd', toString: 1 } },
      'optimizer.toString',
      'unknown-option',
      /not an option of sgd/,
    ],
    [
      { schedule: { constructor: 1 } },
      'schedule.constructor',
      'unknown-option',
      /not an option of any schedule/,
    ],
    [JSON.parse('{ "__proto__": { "steps": 3 } }'), '__proto__', 'unknown-key', /unknown key/],
  ])('%j', (patch, path, code, message, suggestion) => {
    expect(problem(patch)).toEqual([path, code, expect.stringMatching(message), suggestion]);
  });

  it('reports every problem', () => {
    expect(validatePatch({ optimizer: { lr: -1, beta1: 2 }, steps: 0 })).toHaveLength(3);
  });
});

describe('layers of the configuration', () => {
  const merged = (...layers: RunConfigPatch[]) => layers.reduce(mergePatches);

  it('are merged by key', () => {
    expect(merged({ optimizer: { name: 'adam', lr: 1 }, steps: 5 }, { optimizer: { beta1: 0.5 } })).toEqual({
      optimizer: { name: 'adam', lr: 1, beta1: 0.5 },
      steps: 5,
    });
  });

  it('discard the options of another optimizer, including lr', () => {
    const { config } = resolveConfig([
      { optimizer: { name: 'sgd', lr: 7, momentum: 0.5 } },
      { optimizer: { name: 'adam' } },
    ]);
    expect(config.optimizer).toMatchObject({ name: 'adam', lr: 1e-3 });
    expect(config.optimizer).not.toHaveProperty('momentum');
  });

  it('keep the options when the same optimizer is named again; adam is the default', () => {
    const { config } = resolveConfig([{ optimizer: { lr: 0.5 } }, { optimizer: { name: 'adam', beta1: 0 } }]);
    expect(config.optimizer).toMatchObject({ name: 'adam', lr: 0.5, beta1: 0 });
  });

  it('replace one kind of clipping by the other', () => {
    expect(resolveConfig([{ clip: { norm: 1 } }, { clip: { value: 2 } }]).config.clip).toEqual({ value: 2 });
  });

  it('reset a key to its default by null', () => {
    const { config } = resolveConfig([
      { clip: { norm: 1 }, steps: 7, optimizer: { lr: 3 } },
      { clip: null, steps: null as never, optimizer: { lr: null } },
    ]);
    expect(config).toMatchObject({ clip: null, steps: 1000, optimizer: { lr: 1e-3 } });
  });

  it('derive tMax from the steps, and the steps from the epochs', () => {
    const { config } = resolveConfig([{ samples: 100, batch: 30, epochs: 3, schedule: { name: 'cosine' } }]);
    expect(config.steps).toBe(12);
    expect(config.schedule).toMatchObject({ tMax: 12 });
  });

  it('derive the lengths of a schedule per epoch from the epochs', () => {
    const of = (schedule: NonNullable<RunConfigPatch['schedule']>, run: RunConfigPatch = { epochs: 30 }) =>
      resolveConfig([{ samples: 100, batch: 30, ...run, schedule }]).config.schedule;
    const unit = 'epoch';
    expect(of({ name: 'cosine', unit })).toEqual({ name: 'cosine', tMax: 30, etaMin: 0, unit });
    expect(of({ name: 'step', unit })).toEqual({ name: 'step', stepSize: 10, gamma: 0.1, unit });
    expect(of({ name: 'multiStep', unit })).toMatchObject({ milestones: [15, 22] });
    expect(of({ name: 'warmupCosine', unit })).toMatchObject({ warmup: 3, totalSteps: 30 });
    // An epoch that is begun counts.
    expect(of({ name: 'oneCycle', unit }, { steps: 9 })).toMatchObject({ totalSteps: 3 });
    expect(of({ name: 'cosine', unit: 'step' })).toEqual({ name: 'cosine', tMax: 120, etaMin: 0 });
  });

  it('refuse epochs of a schedule without samples, and a cycle of fewer epochs than the run', () => {
    const problemsOf = (patch: RunConfigPatch) => resolveConfig([patch]).problems;
    const schedule = { name: 'oneCycle', totalSteps: 29, unit: 'epoch' } as const;
    expect(problemsOf({ schedule, steps: 3 })).toEqual([
      expect.objectContaining({
        path: ['schedule', 'unit'],
        code: 'missing',
        message: expect.stringMatching(/@samples N/),
      }),
    ]);
    expect(problemsOf({ schedule, samples: 100, batch: 30, epochs: 30 })).toEqual([
      expect.objectContaining({
        path: ['schedule', 'totalSteps'],
        message: 'totalSteps must be at least the epochs of the run (30), got 29',
      }),
    ]);
    expect(problemsOf({ schedule: { name: 'constant', unit: 'epoch' }, samples: 4 })).toHaveLength(1);
    expect(problemsOf({ schedule: { name: 'step', unit: 'epochs' }, samples: 4 })[0]).toMatchObject({
      path: ['schedule', 'unit'],
      suggestion: 'epoch',
    });
  });

  it('keep the unit of a schedule in the essentials', () => {
    const patch: RunConfigPatch = {
      samples: 9,
      batch: 3,
      epochs: 6,
      schedule: { name: 'step', unit: 'epoch' },
    };
    const { config } = resolveConfig([patch]);
    expect(essentials(config).schedule).toEqual({ name: 'step', unit: 'epoch' });
    expect(resolveConfig([essentials(config)]).config.schedule).toEqual(config.schedule);
  });

  it('replace steps by epochs and vice versa', () => {
    const samples = { samples: 100, batch: 30 };
    expect(resolveConfig([{ ...samples, steps: 500 }, { epochs: 3 }]).config).toMatchObject({
      steps: 12,
      epochs: 3,
    });
    expect(resolveConfig([{ ...samples, epochs: 3 }, { steps: 500 }]).config).toMatchObject({
      steps: 500,
      epochs: null,
    });
    expect(resolveConfig([{ ...samples, epochs: 3 }, { steps: null }]).config).toMatchObject({ steps: 12 });
    expect(resolveConfig([{ ...samples, epochs: 3, steps: 5 }]).config).toMatchObject({
      steps: 5,
      epochs: 3,
    });
  });

  it('keep a key called __proto__, so that it is refused', () => {
    const { problems } = resolveConfig([{}, JSON.parse('{ "__proto__": { "steps": 3 } }')]);
    expect(problems).toEqual([expect.objectContaining({ code: 'unknown-key', path: ['__proto__'] })]);
  });

  it('merge the options of the same optimizer in a switch, and replace another optimizer', () => {
    const below = { switch: { to: { name: 'sgd', lr: 0.1, momentum: 0.9 }, at: 10 } };
    expect(mergePatches(below, { switch: { to: { lr: 0.2 } } })).toEqual({
      switch: { to: { name: 'sgd', lr: 0.2, momentum: 0.9 }, at: 10 },
    });
    expect(mergePatches(below, { switch: { to: { name: 'rmsprop' } } })).toEqual({
      switch: { to: { name: 'rmsprop' }, at: 10 },
    });
  });

  it.each<[RunConfigPatch, string, RegExp]>([
    [
      { optimizer: { name: 'adagrad' }, schedule: { name: 'oneCycle' } },
      'schedule.cycleMomentum',
      /but adagrad has neither/,
    ],
    [{ steps: 10, schedule: { name: 'oneCycle', totalSteps: 9 } }, 'schedule.totalSteps', /10/],
    [{ batch: 4 }, 'batch', /samples/],
    [{ epochs: 4 }, 'epochs', /samples/],
    [{ samples: 4, batch: 5 }, 'batch', /at most samples \(4\)/],
    [{ start: [1, 2], names: ['x'] }, 'names', /names has 1 name, but start has 2 coordinates/],
    [{ optimizer: { name: 'sgd', nesterov: true } }, 'optimizer.nesterov', /momentum > 0/],
    [
      { schedule: { name: 'warmupCosine', warmup: 10, totalSteps: 10 } },
      'schedule.warmup',
      /below totalSteps/,
    ],
  ])('refuse an invalid combination: %j', (patch, path, message) => {
    const [first] = resolveConfig([patch]).problems;
    expect(first?.path.join('.')).toBe(path);
    expect(first?.message).toMatch(message);
  });
});

describe('every option of every optimizer and schedule', () => {
  const owners = [
    ...Object.entries(optimizers).map(([name, definition]) => ['optimizer', name, definition] as const),
    ...Object.entries(schedules).map(([name, definition]) => ['schedule', name, definition] as const),
  ];
  const cases = owners.flatMap(([key, name, { options }]) =>
    Object.entries(options).map(([option, spec]) => [key, name, option, spec] as const),
  );

  /** Values outside the range, and NaN and the infinities, which are never allowed. */
  function outside(range: Range): number[] {
    const beyond = [
      ...(range.min === undefined ? [] : [range.min - 1, ...(range.excludesMin ? [range.min] : [])]),
      ...(range.max === undefined ? [] : [range.max + 1, ...(range.excludesMax ? [range.max] : [])]),
    ];
    return [...beyond, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  }

  it.each(cases)(
    '%s %s: %s reports a wrong value with its name, the value and the range',
    (key, name, option, spec) => {
      const refused = (value: unknown) => validatePatch({ [key]: { name, [option]: value } });
      const wrong: unknown[] =
        spec.kind === 'boolean' || spec.kind === 'choice'
          ? [Number.NaN, 'sideways']
          : spec.kind === 'ascending'
            ? [[], [3, 2], [0.5], 7]
            : [...outside(spec.range), 'many', true];
      for (const value of wrong) {
        const [problem, ...more] = refused(value);
        expect(more).toEqual([]);
        expect(problem?.path).toEqual([key, option]);
        expect(problem?.message).toContain(option);
        if (typeof value === 'number') expect(problem?.message).toContain(String(value));
        if (typeof value === 'number' && Number.isFinite(value) && spec.kind !== 'ascending')
          expect(problem?.message).toMatch(/[<>]=? ?-?\d/);
      }
      if (typeof spec.default !== 'string' || spec.kind === 'choice')
        expect(refused(spec.default)).toEqual([]);
    },
  );
});
