import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { scheduleOf } from '../../../src/core/phases';
import { type ScheduleName, scheduleNames, schedules } from '../../../src/core/schedules/registry';
import type { Schedule } from '../../../src/core/schedules/schedule';
import { analyticObjective } from '../../support/losses';
import { runPatch } from '../../support/run';
import { readTorchSchedules, type TorchSchedule } from '../../support/torchSchedules';

const cases = readTorchSchedules();

/** The schedule that a run would use. */
function scheduleFor(schedule: Record<string, unknown>, { lr = 0.1, steps = 1000 } = {}): Schedule {
  const { config, problems } = resolveConfig([{ optimizer: { lr }, schedule, steps } as RunConfigPatch]);
  expect(problems).toEqual([]);
  return scheduleOf(config)!;
}

/** Half an ulp of 1: the relative error of one rounding. */
const rounding = 2 ** -53;

type Tolerance = (index: number, given: TorchSchedule) => number;

/** The size of the largest number that is rounded. */
const largest = ({ lrs }: TorchSchedule) => Math.max(...lrs);
const numberOf = (given: TorchSchedule, option: string, otherwise: number) =>
  (given.options[option] as number | undefined) ?? otherwise;

/**
 * The largest difference between two correct ways of computing a learning rate. torch multiplies from step to
 * step, with a rounding each; we evaluate a formula.
 */
const tolerances: { readonly [N in ScheduleName]: Tolerance } = {
  constant: () => 0,
  // torch: one rounding per reduction. Here: a power, within two roundings, and a product.
  step: (index, { lrs }) => (index + 3) * rounding * lrs[index]!,
  // The same products in the same order.
  multiStep: () => 0,
  exponential: (index, { lrs }) => (index + 3) * rounding * lrs[index]!,
  // torch: five roundings per step. The error at a small start grows with lr, by a factor of at most
  // 1/startFactor.
  linear: (index, given) =>
    (5 * (index + 1) * rounding * largest(given)) / numberOf(given, 'startFactor', 1 / 3),
  cosine: (index, given) => cosineTolerance(index, numberOf(given, 'tMax', index), given),
  warmupCosine: (index, given) => {
    const warmup = numberOf(given, 'warmup', 1);
    return index < warmup
      ? 5 * (index + 1) * rounding * given.lr * warmup
      : cosineTolerance(index - warmup, numberOf(given, 'totalSteps', 1) - warmup, given);
  },
  // The same operations in the same order; only the last bit of the cosine depends on the library.
  oneCycle: (_, given) => 2 * rounding * Math.max(largest(given), numberOf(given, 'maxLr', given.lr)),
  // Products of the same factors in a different order: two roundings per reduction.
  reduceOnPlateau: (index, { lrs }) => 2 * index * rounding * lrs[index]!,
};

/**
 * torch multiplies lr − etaMin by (1 + cos a)/(1 + cos a'), so that the denominators cancel, and adds and
 * subtracts etaMin: five roundings per step. After tMax it starts again from 1 − cos(π/tMax), about 5/tMax².
 * This is a difference of two numbers near 1, and the following products amplify its error.
 */
function cosineTolerance(index: number, tMax: number, given: TorchSchedule): number {
  const restartError = index > tMax ? tMax ** 2 : 0;
  return (5 * (index + 1) + restartError) * rounding * Math.max(largest(given), given.lr);
}

describe('the schedules of torch', () => {
  it.each(cases.map((given) => [given.case, given] as const))('%s', (_, given) => {
    const schedule = scheduleFor(
      { name: given.name, ...given.options },
      { lr: given.lr, steps: given.lrs.length },
    );
    given.lrs.forEach((wanted, index) => {
      const actual = schedule.lr(index, given.lr);
      const tolerance = tolerances[given.name](index, given);
      if (!(Math.abs(actual - wanted) <= tolerance))
        expect.fail(`lr at index ${index}: ${actual} is not within ${tolerance} of ${wanted}`);
      if (index < given.losses.length) schedule.observe?.(given.losses[index]!);
    });
    expect(schedule.beta === undefined).toBe(given.betas === null);
    given.betas?.forEach((wanted, index) => {
      // See oneCycle above; a momentum is below 1.
      expect(Math.abs(schedule.beta!(index) - wanted)).toBeLessThanOrEqual(2 * rounding);
    });
  });

  it('all schedules are compared', () => {
    expect(new Set(cases.map(({ name }) => name))).toEqual(new Set(scheduleNames));
    expect(cases.length).toBeGreaterThan(60);
  });
});

describe('the options of a schedule', () => {
  it.each<[ScheduleName, Record<string, unknown>]>([
    ['constant', {}],
    ['step', { stepSize: 333, gamma: 0.1 }],
    ['multiStep', { milestones: [500, 750], gamma: 0.1 }],
    ['exponential', { gamma: 0.999 }],
    ['linear', { startFactor: 1 / 3, endFactor: 1, totalIters: 5 }],
    ['cosine', { tMax: 1000, etaMin: 0 }],
    ['warmupCosine', { warmup: 100, totalSteps: 1000, etaMin: 0 }],
    [
      'oneCycle',
      {
        maxLr: 0.25,
        totalSteps: 1000,
        pctStart: 0.3,
        annealStrategy: 'cos',
        divFactor: 25,
        finalDivFactor: 1e4,
        cycleMomentum: true,
        baseMomentum: 0.85,
        maxMomentum: 0.95,
      },
    ],
    ['reduceOnPlateau', { factor: 0.1, patience: 10, threshold: 1e-4, cooldown: 0, minLr: 0 }],
  ])('%s has the defaults of torch, or those of the run', (name, options) => {
    const { config, problems } = resolveConfig([{ optimizer: { lr: 0.25 }, schedule: { name } }]);
    expect(problems).toEqual([]);
    expect(config.schedule).toEqual({ name, ...options });
  });

  it.each(scheduleNames)('%s runs with default options, from two steps on', (name) => {
    for (const steps of [2, 3, 4, 5, 10, 1000]) {
      const schedule = scheduleFor({ name }, { steps });
      for (let index = 0; index < steps; index++) {
        const lr = schedule.lr(index, 0.1);
        expect(lr).toBeGreaterThanOrEqual(0);
        expect(lr).toBeLessThanOrEqual(0.1);
      }
    }
  });

  it.each<[Record<string, unknown>, string, RegExp]>([
    [{ name: 'step', stepSize: 0 }, 'stepSize', /stepSize must be >= 1/],
    [{ name: 'step', gamma: -0.1 }, 'gamma', /gamma must be >= 0/],
    [{ name: 'multiStep', milestones: [0, 5] }, 'milestones', /milestones must be >= 1/],
    [{ name: 'multiStep', milestones: [5, 5] }, 'milestones', /must be in ascending order/],
    [{ name: 'multiStep', milestones: [] }, 'milestones', /list of integers/],
    [{ name: 'exponential', gamma: -1 }, 'gamma', /gamma must be >= 0/],
    [{ name: 'oneCycle', maxLr: -1 }, 'maxLr', /maxLr must be >= 0/],
    [{ name: 'oneCycle', totalSteps: 0 }, 'totalSteps', /totalSteps must be >= 1/],
    [{ name: 'oneCycle', pctStart: 1.01 }, 'pctStart', /pctStart must be >= 0 and <= 1/],
    [{ name: 'oneCycle', annealStrategy: 'cosine' }, 'annealStrategy', /one of cos, linear/],
    [{ name: 'oneCycle', divFactor: 0 }, 'divFactor', /divFactor must be > 0/],
    [{ name: 'oneCycle', finalDivFactor: 0 }, 'finalDivFactor', /finalDivFactor must be > 0/],
    [{ name: 'oneCycle', cycleMomentum: 1 }, 'cycleMomentum', /true or false/],
    [{ name: 'oneCycle', baseMomentum: 1 }, 'baseMomentum', /baseMomentum must be >= 0 and < 1/],
    [{ name: 'oneCycle', maxMomentum: 1 }, 'maxMomentum', /maxMomentum must be >= 0 and < 1/],
    [{ name: 'reduceOnPlateau', factor: 1 }, 'factor', /factor must be >= 0 and < 1/],
    [{ name: 'reduceOnPlateau', patience: -1 }, 'patience', /patience must be >= 0/],
    [{ name: 'reduceOnPlateau', threshold: 1 }, 'threshold', /threshold must be >= 0 and < 1/],
    [{ name: 'reduceOnPlateau', cooldown: 0.5 }, 'cooldown', /integer/],
    [{ name: 'reduceOnPlateau', minLr: -1 }, 'minLr', /minLr must be >= 0/],
  ])('%j is refused', (schedule, option, message) => {
    const { problems } = resolveConfig([{ schedule } as RunConfigPatch]);
    expect(problems.map(({ path }) => path)).toEqual([['schedule', option]]);
    expect(problems[0]?.message).toMatch(message);
  });

  it.each<[Record<string, unknown>, number, string | null]>([
    [{ name: 'oneCycle', totalSteps: 100 }, 99, null],
    [{ name: 'oneCycle', totalSteps: 100 }, 100, null],
    [{ name: 'oneCycle', totalSteps: 100 }, 101, 'totalSteps must be at least steps (101), got 100'],
    [{ name: 'warmupCosine', warmup: 9, totalSteps: 10 }, 50, null],
    [
      { name: 'warmupCosine', warmup: 10, totalSteps: 10 },
      50,
      'warmup must be below totalSteps (10), got 10',
    ],
    [
      { name: 'warmupCosine', warmup: 11, totalSteps: 10 },
      50,
      'warmup must be below totalSteps (10), got 11',
    ],
  ])('%j in a run of %i steps: %s', (schedule, steps, message) => {
    const { problems } = resolveConfig([{ schedule, steps } as RunConfigPatch]);
    expect(problems.map((problem) => problem.message)).toEqual(message === null ? [] : [message]);
    const [at] = problems;
    if (at) expect(at.path).toEqual(['schedule', message!.split(' ')[0]]);
  });
});

describe('the boundaries of a schedule', () => {
  const lrs = (schedule: Record<string, unknown>, indices: readonly number[], steps = 1000) => {
    const made = scheduleFor(schedule, { lr: 1, steps });
    return indices.map((index) => made.lr(index, 1));
  };

  it('step: the last step before a reduction and the first after it', () => {
    expect(lrs({ name: 'step', stepSize: 10, gamma: 0.5 }, [0, 9, 10, 19, 20])).toEqual([
      1, 1, 0.5, 0.5, 0.25,
    ]);
  });

  it('multiStep: the step at a milestone and the one after it', () => {
    expect(lrs({ name: 'multiStep', milestones: [3, 4, 9], gamma: 0.5 }, [2, 3, 4, 8, 9, 1e6])).toEqual([
      1, 0.5, 0.25, 0.25, 0.125, 0.125,
    ]);
  });

  it('exponential: the first step uses the full lr', () => {
    expect(lrs({ name: 'exponential', gamma: 0.5 }, [0, 1, 2, 10])).toEqual([1, 0.5, 0.25, 2 ** -10]);
  });

  it('linear: totalIters is the first step with endFactor, which then remains', () => {
    expect(
      lrs({ name: 'linear', startFactor: 0.5, endFactor: 1, totalIters: 4 }, [0, 1, 3, 4, 5, 99]),
    ).toEqual([0.5, 0.625, 0.875, 1, 1, 1]);
  });

  it('cosine: lr at the start, etaMin at tMax, lr again at twice tMax', () => {
    expect(lrs({ name: 'cosine', tMax: 8, etaMin: 0.25 }, [0, 8, 16, 24])).toEqual([1, 0.25, 1, 0.25]);
  });

  it('warmupCosine: lr at the end of the warm-up and at the start of the cosine', () => {
    expect(lrs({ name: 'warmupCosine', warmup: 4, totalSteps: 12, etaMin: 0.25 }, [0, 2, 3, 4, 12])).toEqual([
      0.25, 0.75, 1, 1, 0.25,
    ]);
  });

  it('oneCycle: the start, the peak and the end do not depend on the lr of the optimizer', () => {
    const options = { name: 'oneCycle', maxLr: 8, totalSteps: 16, pctStart: 0.25, divFactor: 4 };
    const made = scheduleFor(
      { ...options, finalDivFactor: 4, baseMomentum: 0.5, maxMomentum: 0.75 },
      { steps: 16 },
    );
    for (const lr of [0, 1, Number.NaN])
      expect([0, 3, 15].map((index) => made.lr(index, lr))).toEqual([2, 8, 0.5]);
    expect([0, 3, 15].map((index) => made.beta!(index))).toEqual([0.75, 0.5, 0.75]);
  });

  it('oneCycle: with a rising phase of length 0, where torch divides by zero, starts at the peak', () => {
    for (const [totalSteps, pctStart] of [
      [1, 1],
      [4, 0.25],
    ]) {
      const made = scheduleFor({ name: 'oneCycle', maxLr: 1, totalSteps, pctStart }, { steps: totalSteps! });
      expect(made.lr(0, 1)).toBe(1);
      expect(made.beta!(0)).toBe(0.85);
    }
    expect(lrs({ name: 'oneCycle', maxLr: 1, totalSteps: 4, pctStart: 0.25 }, [3], 4)).toEqual([4e-6]);
  });
});

describe('one cycle', () => {
  it('cycles beta only if the option is set', () => {
    const { cycles } = schedules.oneCycle;
    const { config } = resolveConfig([{ schedule: { name: 'oneCycle' } }]);
    expect(cycles!(config.schedule!)).toBe(true);
    expect(cycles!({ ...config.schedule!, cycleMomentum: false })).toBe(false);
    const others = scheduleNames.filter((name) => name !== 'oneCycle');
    expect(others.flatMap((name) => schedules[name].cycles ?? [])).toEqual([]);
  });

  it.each<[string, RunConfigPatch['optimizer']]>([
    ['beta1', { name: 'adam' }],
    ['momentum', { name: 'sgd', momentum: 0.5 }],
  ])('%s of a run decreases while lr increases, and the reverse', async (_, optimizer) => {
    const given = cases.find((one) => one.case === 'oneCycle')!;
    const schedule = { name: 'oneCycle', ...given.options } as RunConfigPatch['schedule'];
    const lrs: number[] = [];
    const betas: number[] = [];
    await runPatch(
      analyticObjective('toy'),
      [0],
      { optimizer, schedule, steps: given.lrs.length } as RunConfigPatch,
      {
        onStep(step) {
          lrs.push(step.lr);
          betas.push(step.beta);
        },
      },
    );
    const closeTo = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 15));
    expect(lrs).toEqual(closeTo(given.lrs));
    expect(betas).toEqual(closeTo(given.betas!));
  });
});

describe('reduce on plateau', () => {
  const reduceOnPlateau = (options: Record<string, unknown>) =>
    scheduleFor({ name: 'reduceOnPlateau', factor: 0.5, patience: 1, ...options });
  /** The learning rate of each step, where the schedule observes a loss after every step. */
  const follow = (schedule: Schedule, losses: readonly number[], lr = 1) =>
    losses.map((loss, index) => {
      const used = schedule.lr(index, lr);
      schedule.observe!(loss);
      return used;
    });

  it('counts the first loss as an improvement, but not an equal one', () => {
    expect(follow(reduceOnPlateau({}), [1, 1, 1, 1, 1, 1])).toEqual([1, 1, 1, 0.5, 0.5, 0.25]);
  });

  it('requires a loss strictly below best·(1 − threshold)', () => {
    const schedule = () => reduceOnPlateau({ threshold: 0.25, patience: 0 });
    expect(follow(schedule(), [4, 3, 1])).toEqual([1, 1, 0.5]);
    expect(follow(schedule(), [4, 3 - 1e-15, 1])).toEqual([1, 1, 1]);
  });

  it('counts any other loss as bad, and keeps the best', () => {
    const schedule = () => reduceOnPlateau({ threshold: 0.25 });
    expect(follow(schedule(), [4, 3.5, 3.25, 3.1])).toEqual([1, 1, 1, 0.5]);
    expect(follow(schedule(), [4, 3.2, 2.9, 2.8, 2.1])).toEqual([1, 1, 1, 1, 1]);
  });

  it('never counts NaN as an improvement', () => {
    const nan = Number.NaN;
    expect(follow(reduceOnPlateau({}), [nan, nan, 3, 2, nan, 1, 1])).toEqual([1, 1, 0.5, 0.5, 0.5, 0.5, 0.5]);
  });

  it('keeps its reductions when lr is changed by hand', () => {
    const schedule = reduceOnPlateau({});
    expect(follow(schedule, [1, 1, 1, 1, 1])).toEqual([1, 1, 1, 0.5, 0.5]);
    expect(schedule.lr(5, 8)).toBe(2);
    schedule.observe!(1);
    expect(schedule.lr(6, 16)).toBe(4);
    schedule.observe!(1);
    expect(schedule.lr(7, 16)).toBe(2);
    expect(schedule.lr(8, 0)).toBe(0);
  });

  it('limits lr to minLr, also when set by hand, but never increases lr', () => {
    const schedule = reduceOnPlateau({ patience: 0, minLr: 0.75 });
    expect(follow(schedule, [1, 1, 1, 1])).toEqual([1, 1, 0.75, 0.75]);
    expect(schedule.lr(4, 8)).toBe(4);
    expect(schedule.lr(5, 1)).toBe(0.75);
    expect(schedule.lr(6, 0.5)).toBe(0.5);
  });

  it('skips a change of at most 1e-8, and judges the following losses again', () => {
    const schedule = reduceOnPlateau({ patience: 0 });
    expect(follow(schedule, [1, 1, 1], 2e-8)).toEqual([2e-8, 2e-8, 2e-8]);
    expect(schedule.lr(3, 1)).toBe(1);
    schedule.observe!(1);
    expect(schedule.lr(4, 1)).toBe(0.5);
  });

  it('restarts its count after a reduction and after the cooldown', () => {
    const schedule = reduceOnPlateau({ patience: 1, cooldown: 3 });
    const ones = new Array<number>(14).fill(1);
    // Bad at 2 and 3, cooldown at 4, 5 and 6, bad at 7 and 8.
    expect(follow(schedule, ones)).toEqual([
      1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.125,
    ]);
  });

  it('keeps an improvement during the cooldown as the new best', () => {
    const schedule = reduceOnPlateau({ patience: 0, cooldown: 2 });
    expect(follow(schedule, [4, 4, 1, 2, 2, 1])).toEqual([1, 1, 0.5, 0.5, 0.5, 0.25]);
  });

  it('counts epochs in a run with mini-batches', async () => {
    const lrs: number[] = [];
    await runPatch(
      { ...analyticObjective('toy'), value: () => 1 },
      [0],
      {
        samples: 4,
        batch: 2,
        steps: 8,
        optimizer: { lr: 1 },
        schedule: { name: 'reduceOnPlateau', factor: 0.5, patience: 0 },
      },
      { onStep: (step) => void lrs.push(step.lr) },
    );
    expect(lrs).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25]);
  });
});
