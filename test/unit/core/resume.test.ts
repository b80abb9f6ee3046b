import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import type { Intervention } from '../../../src/core/interventions';
import { decodeKeyframe, encodeKeyframe } from '../../../src/core/keyframe';
import type { Objective } from '../../../src/core/objective';
import { optimizerNames } from '../../../src/core/optimizers/registry';
import { type Checkpoint, type EpochView, type RunOutcome, run } from '../../../src/core/runLoop';
import { scheduleNames } from '../../../src/core/schedules/registry';
import type { StepView } from '../../../src/core/update';

const samples = 10;
const steps = 40;

/**
 * An anharmonic loss with samples and noise from `random`. Its gradients sometimes overflow a 16-bit format.
 */
function objective(dim: number, isAsync: boolean): Objective {
  const evaluate: Objective['valueAndGradient'] = (p, grad, open) => {
    const { indices, random } = open();
    const batch = indices.length > 0 ? indices : [0, 1, 2];
    const noise = 1e-2 * random();
    let loss = 0;
    for (let i = 0; i < dim; i++) {
      const target = batch.reduce((sum, s) => sum + Math.sin(1 + s * (i + 1)), 0) / batch.length;
      const x = p[i]! - target + noise;
      grad[i] = 3 * x + 0.2 * x ** 3;
      loss += 1.5 * x * x + 0.05 * x ** 4;
    }
    return loss;
  };
  const later = <T>(value: T) => (isAsync ? Promise.resolve(value) : value);
  const scratch = new Float64Array(dim);
  return {
    dim,
    gradientMode: 'provided',
    value: (p, open) => later(evaluate(p, scratch, open) as number),
    valueAndGradient: (p, grad, open) => later(evaluate(p, grad, open) as number),
  };
}

interface Seen {
  readonly steps: StepView[];
  readonly epochs: EpochView[];
  readonly outcome: RunOutcome;
  readonly kept: Checkpoint | undefined;
}

interface Case {
  readonly patch: RunConfigPatch;
  readonly dim: number;
  readonly validates: boolean;
  readonly isAsync: boolean;
  /** The user sets the learning rate at this step and does not change it afterwards. */
  readonly lrByHandAt: number;
  readonly at: number;
}

function copyOf(view: StepView): StepView {
  return {
    ...view,
    before: view.before.slice(),
    // Only observers use those of the step before, and a checkpoint does not keep them.
    previous: new Float64Array(0),
    lastGrad: new Float64Array(0),
    params: view.params.slice(),
    grad: view.grad.slice(),
    state: view.state.map((values) => values.slice()),
  };
}

async function seen({ patch, dim, validates, isAsync, lrByHandAt, at }: Case, from?: Checkpoint) {
  const { config, problems } = resolveConfig([patch]);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  const loss = objective(dim, isAsync);
  const found = {
    steps: [] as StepView[],
    epochs: [] as EpochView[],
    kept: undefined as Checkpoint | undefined,
  };
  let now = from?.t ?? 0;
  const outcome = await run({
    objective: loss,
    start: Float64Array.from({ length: dim }, (_, i) => 4 * Math.cos(i)),
    config,
    validation: validates
      ? (p, open) =>
          loss.value(
            p.map((x) => x + 0.1),
            open,
          )
      : null,
    control: {
      mayStep: (t) => {
        now = t;
        return true;
      },
      lr: () => (now === lrByHandAt ? 0.013 : Number.NaN),
    },
    observer: {
      onStep: (view) => void found.steps.push(copyOf(view)),
      onEpoch: (view) => found.epochs.push(view),
    },
    keyframes: {
      isDue: (t) => t === at,
      take: (checkpoint) => {
        found.kept = decodeKeyframe(config, dim, encodeKeyframe(config, checkpoint));
      },
    },
    ...(from ? { from } : {}),
  });
  return { ...found, outcome } satisfies Seen;
}

/**
 * Runs, continues the run from the checkpoint after step `at`, and compares the rest. Returns false if the
 * run ended before.
 */
async function expectSameRest(each: Case): Promise<boolean> {
  const whole = await seen(each);
  if (!whole.kept) return false;
  const rest = await seen(each, whole.kept);
  expect(rest.steps).toEqual(whole.steps.filter(({ t }) => t > each.at));
  expect(rest.epochs).toEqual(whole.epochs.filter(({ t }) => t > each.at));
  expect(rest.outcome).toEqual(whole.outcome);
  return true;
}

const plain: Omit<Case, 'patch'> = {
  dim: 3,
  validates: false,
  isAsync: false,
  lrByHandAt: Number.POSITIVE_INFINITY,
  at: 17,
};

const extras: Readonly<Record<string, readonly Readonly<Record<string, number | boolean | string>>[]>> = {
  adam: [{ amsgrad: true }, { dialect: 'keras', weightDecay: 0.01 }, { dialect: 'paper', amsgrad: true }],
  adamw: [{ amsgrad: true }],
  sgd: [{ momentum: 0.9 }, { momentum: 0.9, dampening: 0.2 }, { momentum: 0.8, nesterov: true }],
  rmsprop: [{ centered: true, momentum: 0.5 }],
  adagrad: [{ lrDecay: 0.01, initialAccumulatorValue: 0.1 }],
  nadam: [{ dialect: 'paper' }, { dialect: 'keras' }, { dialect: 'optax' }],
};
const optimizerGiven = optimizerNames.flatMap((name) =>
  [{}, ...(extras[name] ?? [])].map((given) => ({ name, lr: 0.02, ...given })),
);
const cycling = new Set(['sgd', 'adam', 'adamw', 'adamax', 'nadam', 'radam', 'adabelief', 'rmsprop']);
const schedulesFor = (optimizer: string) =>
  scheduleNames.map((name) => ({
    name,
    ...(name === 'oneCycle' && !cycling.has(optimizer) ? { cycleMomentum: false } : {}),
    ...(name === 'reduceOnPlateau' ? { patience: 2, cooldown: 3, factor: 0.5 } : {}),
  }));

describe('a run that is continued from a checkpoint', () => {
  for (const optimizer of optimizerGiven)
    it.each(schedulesFor(optimizer.name))(
      `${JSON.stringify(optimizer)} under $name continues in the same way`,
      async (schedule) => {
        for (const dim of [3, 17])
          expect(await expectSameRest({ ...plain, dim, patch: { optimizer, schedule, steps } })).toBe(true);
      },
    );

  it('keeps counters and states: patience, tolerance, the plateau of a switch, a dynamic scale', async () => {
    const noisy = { samples, batch: 3 } as const;
    const cases: RunConfigPatch[] = [
      { earlyStopping: { patience: 4, minDelta: 1e-3 }, optimizer: { lr: 0.5 } },
      { earlyStopping: { patience: 6, minDelta: 1 }, ...noisy },
      { tolerance: 0.5, optimizer: { lr: 0.05 }, steps: 300 },
      {
        switch: { to: { name: 'sgd', lr: 0.01, momentum: 0.5 }, at: 'plateau', patience: 3 },
        optimizer: { lr: 0.9 },
      },
      { switch: { to: 'nadam', at: 12 } },
      { switch: { to: 'nadam', at: 12 }, groups: [{ ranges: [[1, 1]], lr: 0.3 }] },
      { precision: 'float16', lossScale: 'dynamic' },
      { schedule: { name: 'reduceOnPlateau', patience: 3, factor: 0.5 }, optimizer: { lr: 0.9 } },
      ...optimizerGiven.map(
        (optimizer): RunConfigPatch => ({
          optimizer,
          groups: [{ ranges: [[1, 1]], lr: 0.3, weightDecay: 0.1 }],
          schedule: { name: 'reduceOnPlateau', patience: 3, factor: 0.5 },
        }),
      ),
    ];
    for (const patch of cases)
      for (let at = 1; at < 30; at++) await expectSameRest({ ...plain, at, patch: { steps, ...patch } });
  });

  it('keeps counting the steps without overflow, up to the 2000th, at which the scale grows', async () => {
    const patch = { precision: 'float32', lossScale: 'dynamic', steps: 2010 } as const;
    expect(await expectSameRest({ ...plain, at: 1500, patch })).toBe(true);
  });

  it('is bitwise equal, for any configuration and any step of the checkpoint', async () => {
    const optimizer = fc.constantFrom(...optimizerGiven);
    const arbitrary = optimizer.chain((given) =>
      fc.record({
        dim: fc.constantFrom(1, 3, 17),
        validates: fc.boolean(),
        isAsync: fc.boolean(),
        lrByHandAt: fc.constantFrom(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 5, 25),
        at: fc.integer({ min: 1, max: steps }),
        patch: fc.record({
          optimizer: fc.constantFrom(0.001, 0.02, 0.5).map((lr) => ({ ...given, lr })),
          schedule: fc.constantFrom(null, ...schedulesFor(given.name)),
          clip: fc.constantFrom(null, { norm: 1 }, { value: 0.5 }),
          steps: fc.constant(steps),
          seed: fc.integer({ min: 0, max: 99 }),
          samples: fc.constant(samples),
          batch: fc.constantFrom(1, 3, 5, samples),
          earlyStopping: fc.constantFrom(null, null, { patience: 3, minDelta: 0.01 }),
          tolerance: fc.constantFrom(null, null, 0.3),
          precision: fc.constantFrom(
            'float64' as const,
            'float32' as const,
            'float16' as const,
            'bfloat16' as const,
          ),
          lossScale: fc.constantFrom(1, 1024, 'dynamic' as const),
          switch: fc.constantFrom<RunConfigPatch['switch'][]>(
            null,
            null,
            { to: { name: 'sgd', lr: 0.01, momentum: 0.9 }, at: 11 },
            { to: 'adam', at: 'plateau', patience: 2 },
            { to: 'nadam', at: 30 },
          ),
        }),
      }),
    );
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(arbitrary, async (each) => {
        const { problems } = resolveConfig([each.patch as RunConfigPatch]);
        fc.pre(problems.length === 0);
        if (await expectSameRest(each as Case)) taken++;
      }),
      { seed: 20, numRuns: 300 },
    );
    expect(taken).toBeGreaterThan(180);
  }, 60_000);

  it('is refused from the state of another run', async () => {
    const { config } = resolveConfig([{ steps }]);
    const { config: sgd } = resolveConfig([{ steps, optimizer: { name: 'sgd' } }]);
    const { kept } = await seen({ ...plain, patch: { steps } });
    const keyframe = encodeKeyframe(config, kept!);
    const refused = /belongs to another run/;
    expect(() => decodeKeyframe(sgd, 3, keyframe)).toThrow(refused);
    expect(() => decodeKeyframe(config, 4, keyframe)).toThrow(refused);
    expect(() => decodeKeyframe(config, 3, { ...keyframe, t: 18 })).toThrow(refused);
    for (const length of [0, 1, keyframe.values.length - 1])
      expect(() => decodeKeyframe(config, 3, { t: 17, values: keyframe.values.slice(0, length) })).toThrow(
        refused,
      );
  });

  it('under another schedule with the same learning rates so far, equals the run with that schedule', async () => {
    const milestone = 20;
    const patch = { optimizer: { name: 'adam', lr: 0.05 }, steps } as const;
    const decayed = { ...patch, schedule: { name: 'multiStep', milestones: [milestone] } } as const;
    const { kept } = await seen({ ...plain, at: milestone, patch });
    const rest = await seen({ ...plain, patch: decayed }, kept);
    const whole = await seen({ ...plain, patch: decayed });
    expect(rest.steps).toEqual(whole.steps.slice(milestone));
    expect(rest.outcome).toEqual(whole.outcome);
    expect(whole.outcome.final.loss).not.toBe((await seen({ ...plain, patch })).outcome.final.loss);
  });
});

describe('a number that is set between two steps', () => {
  const setup = async (patch: RunConfigPatch, interventions: readonly Intervention[], from?: Checkpoint) => {
    const { config } = resolveConfig([{ ...patch, steps }]);
    const losses: number[] = [];
    let kept: Checkpoint | undefined;
    await run({
      objective: objective(2, false),
      start: Float64Array.of(2, -1),
      config,
      validation: null,
      control: { mayStep: () => true, lr: () => Number.NaN },
      observer: { afterStep: ({ loss }) => void losses.push(loss) },
      interventions,
      keyframes: {
        isDue: (t) => t === 20,
        take: (checkpoint) => {
          kept = checkpoint;
        },
      },
      ...(from && { from }),
    });
    return { losses, kept: kept! };
  };
  const patch: RunConfigPatch = { optimizer: { name: 'adam', lr: 0.1 } };
  const at20 = { t: 20, target: 'params', coordinate: 1, value: 5 } as const;

  it('changes the steps after it, as a checkpoint with that number does', async () => {
    const plain = await setup(patch, []);
    const changed = await setup(patch, [at20, { t: 20, target: 'v', coordinate: 0, value: 3 }]);
    expect(changed.losses.slice(0, 20)).toEqual(plain.losses.slice(0, 20));
    expect(changed.losses[20]).not.toBe(plain.losses[20]);
    const { kept } = plain;
    kept.update.params[1] = 5;
    kept.update.optimizer.state[1]![0] = 3;
    expect((await setup(patch, [], kept)).losses).toEqual(changed.losses.slice(20));
  });

  it('is set once by a repetition from a keyframe at that step', async () => {
    const changed = await setup(patch, [at20]);
    expect((await setup(patch, [at20], changed.kept)).losses).toEqual(changed.losses.slice(20));
  });

  it('may come before the first step, and reaches the states of groups', async () => {
    const grouped: RunConfigPatch = { ...patch, groups: [{ ranges: [[1, 1]], lr: 0.2 }] };
    const plain = await setup(grouped, []);
    const changed = await setup(grouped, [
      { t: 0, target: 'params', coordinate: 0, value: 2.5 },
      { t: 3, target: 'm', coordinate: 1, value: 9 },
    ]);
    expect(changed.losses[0]).not.toBe(plain.losses[0]);
    const moved = await setup(grouped, [{ t: 0, target: 'params', coordinate: 0, value: 2.5 }]);
    expect(changed.losses.slice(0, 4)).toEqual(moved.losses.slice(0, 4));
    expect(changed.losses[4]).not.toBe(moved.losses[4]);
  });

  it('is refused for a state that the optimizer does not have', async () => {
    await expect(setup(patch, [{ t: 1, target: 'u', coordinate: 0, value: 1 }])).rejects.toThrow(RangeError);
    await expect(setup(patch, [{ t: 1, target: 'params', coordinate: 2, value: 1 }])).rejects.toThrow(
      RangeError,
    );
  });
});
