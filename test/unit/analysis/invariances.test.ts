import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../../src/core/analysis/analysis';
import {
  checkClaimant,
  checkInvariances,
  stepsToCompare,
} from '../../../src/core/analysis/invariances/checkInvariances';
import { followRun } from '../../../src/core/analysis/invariances/follow';
import { invarianceReport } from '../../../src/core/analysis/invariances/invarianceReport';
import {
  flipped,
  permuted,
  rotated,
  scaled,
  type Transform,
  translated,
} from '../../../src/core/analysis/invariances/transforms';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { withFiniteDifferences } from '../../../src/core/gradient/finiteDifference';
import type { Objective } from '../../../src/core/objective';
import { type OptimizerName, optimizerNames } from '../../../src/core/optimizers/registry';
import {
  affine,
  bowl,
  logisticRegression,
  type Problem,
  problem,
  rosenbrock,
} from '../diagnosis/support/problems';

const free = { went: () => true };
const open = () => ({ step: 1, epoch: 0, indices: [], random: () => 0.5 });

function configOf(patch: RunConfigPatch) {
  const { config, problems } = resolveConfig([patch]);
  expect(problems).toEqual([]);
  return config;
}

async function check({ objective, start }: Problem, patch: RunConfigPatch) {
  const request = { objective, start: Float64Array.from(start), config: configOf(patch), control: free };
  const result = await checkInvariances(request);
  const byName = Object.fromEntries(result.checks.map((each) => [each.name, each]));
  return { result, byName, verdicts: Object.fromEntries(result.checks.map((c) => [c.name, c.verdict])) };
}

const pass = 'pass';
const none = 'not applicable';

describe('the transformations of a loss', () => {
  const { objective } = rosenbrock(-1.2, 1, 0.5);
  const theta = Float64Array.of(-1.2, 1, 0.5);

  it.each<[string, (o: Objective) => Transform]>([
    ['flipped', flipped],
    ['permuted', permuted],
    ['rotated', rotated],
    ['scaled', (o) => scaled(o, 10)],
    ['translated', (o) => translated(o, 5)],
  ])('give the loss of the transformed point, and its gradient: %s', (_name, make) => {
    const { objective: changed, point } = make(objective);
    const at = point(theta);
    const [grad, own] = [new Float64Array(3), new Float64Array(3)];
    const loss = changed.valueAndGradient(at, grad, open) as number;
    const plain = objective.valueAndGradient(theta, own, open) as number;
    expect(loss).toBe(changed.value(at, open));
    const affineLoss = make === flipped || make === permuted || make === rotated;
    if (affineLoss) expect(loss / plain).toBeCloseTo(1, 12);
    const differences = new Float64Array(3);
    withFiniteDifferences(3, changed.value).valueAndGradient(at, differences, open);
    for (const [i, g] of grad.entries()) expect(g / differences[i]!).toBeCloseTo(1, 6);
    if (affineLoss) {
      const norms = [grad, own].map((g) => Math.hypot(...g));
      expect(norms[0]! / norms[1]!).toBeCloseTo(1, 12);
      expect([...at]).not.toEqual([...theta]);
    }
  });

  it('rotate by no multiple of a right angle, for any number of coordinates', () => {
    for (const dim of [2, 3, 7]) {
      const { point } = rotated({ ...objective, dim });
      for (let i = 0; i < dim; i++) {
        const axis = new Float64Array(dim);
        axis[i] = 1;
        expect(Math.hypot(...point(axis))).toBeCloseTo(1, 14);
        expect(point(axis).filter((x) => Math.abs(x) > 0.1).length).toBeGreaterThan(1);
      }
    }
  });

  it('await an asynchronous loss', async () => {
    const later: Objective = {
      ...objective,
      value: async (params, context) => objective.value(params, context),
      valueAndGradient: async (params, grad, context) => objective.valueAndGradient(params, grad, context),
    };
    const start = Float64Array.of(-1.2, 1, 0.5);
    const config = configOf({ optimizer: { lr: 0.01 } });
    const now = await checkInvariances({ objective, start, config, control: free });
    const then = await checkInvariances({ objective: later, start, config, control: free });
    expect(invarianceReport(then)).toEqual(invarianceReport(now));
  });
});

describe('every optimizer on Rosenbrock’s function', () => {
  /** The checks that do not pass, or are expected to change. */
  const departures: { readonly [N in OptimizerName]: Record<string, string> } = {
    sgd: { 'scale up': 'changes', 'scale down': 'changes', rotate: 'same', 'first step': 'none' },
    radam: { 'scale up': 'changes', 'scale down': 'changes', 'first step': 'none' },
    adam: {},
    adamw: {},
    adagrad: {},
    rmsprop: {},
    adamax: {},
    nadam: {},
    adabelief: {},
    signsgd: {},
  };
  const usual: Record<string, string> = {
    repeat: 'same',
    'scale up': 'same',
    'scale down': 'same',
    flip: 'same',
    permute: 'same',
    rotate: 'changes',
    translate: 'same',
    'first step': 'same',
  };

  it.each(optimizerNames)('has the expected invariances: %s', async (name) => {
    const lr = name === 'sgd' || name === 'radam' ? 1e-4 : 0.01;
    const { result, byName, verdicts } = await check(rosenbrock(-1.2, 1, 0.7, -0.3), {
      optimizer: { name, lr },
    });
    const expected = { ...usual, ...departures[name] };
    for (const [check, kind] of Object.entries(expected)) {
      expect([check, byName[check]!.expected.kind]).toEqual([check, kind]);
      expect([check, verdicts[check]]).toEqual([check, kind === 'none' ? none : pass]);
    }
    expect(result.horizon).toBe(50);
    for (const exact of ['repeat', 'flip', 'permute', 'translate']) {
      expect(byName[exact]!.deviation).toBe(0);
      expect(byName[exact]!.tolerance).toBe(0);
    }
    // A tolerance that accepts everything would make the test meaningless.
    for (const { tolerance } of result.checks)
      if (!Number.isNaN(tolerance)) expect(tolerance).toBeLessThan(1e-2);
    if (name !== 'sgd') expect(byName.rotate!.deviation).toBeGreaterThan(1e-3);
    else expect(byName.rotate!.deviation).toBeGreaterThan(0);
  });

  it.each<[string, RunConfigPatch, string]>([
    ['momentum', { optimizer: { name: 'sgd', lr: 1e-4, momentum: 0.9 } }, 'same'],
    ['nesterov', { optimizer: { name: 'sgd', lr: 1e-4, momentum: 0.9, nesterov: true } }, 'same'],
    ['sgd with decay', { optimizer: { name: 'sgd', lr: 1e-4, weightDecay: 0.3 } }, 'same'],
    ['sgd clipped by norm', { optimizer: { name: 'sgd', lr: 1e-2 }, clip: { norm: 1 } }, 'same'],
    ['sgd on a schedule', { optimizer: { name: 'sgd', lr: 1e-4 }, schedule: { name: 'cosine' } }, 'same'],
    ['adam without memory', { optimizer: { name: 'adam', lr: 1e-2, beta1: 0, beta2: 0 } }, 'changes'],
    ['amsgrad', { optimizer: { name: 'adam', lr: 1e-2, amsgrad: true } }, 'changes'],
    [
      'rmsprop, centered, with momentum',
      { optimizer: { name: 'rmsprop', lr: 1e-3, centered: true, momentum: 0.8 } },
      'changes',
    ],
  ])('%s passes all checks, including rotated coordinates', async (_name, patch, rotation) => {
    const { byName, verdicts } = await check(rosenbrock(), patch);
    expect(byName.rotate!.expected.kind).toBe(rotation);
    expect(Object.entries(verdicts).filter(([, verdict]) => verdict === 'fail')).toEqual([]);
    expect(verdicts.rotate).toBe(pass);
  });

  it.each([
    ['adam', 'keras'],
    ['adam', 'paper'],
    ['adamw', 'keras'],
    ['nadam', 'optax'],
    ['nadam', 'keras'],
    ['nadam', 'paper'],
  ])('%s passes in the dialect of %s', async (name, dialect) => {
    for (const amsgrad of name.startsWith('adam') ? [false, true] : [undefined]) {
      const { verdicts } = await check(rosenbrock(), {
        optimizer: { name, dialect, lr: 0.01, weightDecay: 0, ...(amsgrad === undefined ? {} : { amsgrad }) },
      });
      expect(Object.values(verdicts).every((verdict) => verdict === pass)).toBe(true);
    }
  });

  it.each(['oneCycle', 'warmupCosine'])(
    'adam passes with schedule %s, which is cyclic or starts low',
    async (schedule) => {
      const { verdicts } = await check(rosenbrock(), {
        optimizer: { name: 'adam', lr: 0.01 },
        schedule: { name: schedule },
      });
      expect(Object.values(verdicts).every((verdict) => verdict === pass)).toBe(true);
    },
  );

  it('holds with mini-batches and random numbers, which depend on the seed of the run only', async () => {
    const regression = logisticRegression(3, 100, 5);
    const noisy: Problem = {
      start: regression.start,
      objective: {
        ...regression.objective,
        valueAndGradient(params, grad, context) {
          const loss = regression.objective.valueAndGradient(params, grad, context) as number;
          const { random } = context();
          const noise = 0.1 * (random() - 0.5);
          grad[0]! += noise;
          return loss + noise * params[0]!;
        },
      },
    };
    const { verdicts } = await check(noisy, { optimizer: { lr: 0.01 }, samples: 100, batch: 7, steps: 40 });
    expect(Object.values(verdicts).every((verdict) => verdict === pass)).toBe(true);
  });
});

describe('options that change the expectations', () => {
  it('clipping depends on the scale of the loss, but not when no gradient is clipped', async () => {
    for (const clip of [{ norm: 1 }, { value: 1 }]) {
      const { byName } = await check(rosenbrock(), { optimizer: { lr: 0.01 }, clip });
      for (const name of ['scale up', 'scale down']) {
        expect(byName[name]!.verdict).toBe(none);
        expect(byName[name]!.expected).toMatchObject({ why: expect.stringContaining('clipped') });
      }
      expect(byName.flip!.deviation).toBe(0);
      expect(byName.permute!.verdict).toBe(pass);
    }
    const { verdicts } = await check(rosenbrock(), { optimizer: { lr: 0.01 }, clip: { norm: 1e5 } });
    expect([verdicts['scale up'], verdicts['scale down']]).toEqual([pass, pass]);
    const byValue = await check(rosenbrock(), { optimizer: { name: 'sgd', lr: 1e-4 }, clip: { value: 1 } });
    expect(byValue.verdicts.rotate).toBe(none);
    expect(byValue.byName.rotate!.deviation).toBeGreaterThan(byValue.byName.rotate!.tolerance || 1e-9);
  });

  it('clipping by norm sums in a different order when coordinates are permuted', async () => {
    const start = [-1.2, 1, 0.7, -0.3, 0.9, 1.1, -0.4];
    const { byName } = await check(rosenbrock(...start), { optimizer: { lr: 0.01 }, clip: { norm: 1 } });
    expect(byName.permute!.verdict).toBe(pass);
    expect(byName.permute!.deviation).toBeGreaterThan(0);
    expect(byName.permute!.tolerance).toBeLessThan(1e-9);
  });

  it('the first step follows the sign of the gradient with its L2 penalty', async () => {
    // The penalty contributes 0.5·2, which outweighs the −0.1 of the loss.
    const { byName } = await check(bowl([0.05], [2], [4]), { optimizer: { lr: 0.01, weightDecay: 0.5 } });
    expect(byName['first step']!.verdict).toBe(pass);
  });

  it('coupled weight decay does not scale with the loss, decoupled weight decay need not', async () => {
    const l2 = await check(rosenbrock(), { optimizer: { name: 'adam', lr: 0.01, weightDecay: 0.1 } });
    expect(l2.verdicts['scale up']).toBe(none);
    expect(l2.byName['scale up']!.deviation).toBeGreaterThan(1e-6);
    expect(l2.verdicts['first step']).toBe(pass);
    const decoupled = await check(rosenbrock(), { optimizer: { name: 'adamw', lr: 0.01, weightDecay: 0.5 } });
    expect(decoupled.verdicts['scale up']).toBe(pass);
    expect(decoupled.verdicts['first step']).toBe(pass);
  });

  it('an eps that is not negligible is reported with its share', async () => {
    const { byName } = await check(affine(rosenbrock(), 1e-9), { optimizer: { lr: 0.01 } });
    expect(byName['scale down']!.verdict).toBe(none);
    expect(byName['scale down']!.expected).toMatchObject({
      why: expect.stringMatching(/eps is not negligible.*%/),
    });
    expect(byName['scale down']!.deviation).toBeGreaterThan(1e-3);
  });

  it('rounded gradients depend on the scale of the loss and on the coordinates', async () => {
    const { verdicts } = await check(rosenbrock(), { optimizer: { lr: 0.01 }, precision: 'float16' });
    expect(verdicts).toMatchObject({
      'scale up': none,
      'scale down': none,
      rotate: none,
      flip: pass,
      permute: pass,
    });
    expect(verdicts.translate).toBe(pass);
  });

  it('finite differences depend on a constant added to the loss', async () => {
    const { objective, start } = rosenbrock();
    const differences = withFiniteDifferences(2, objective.value);
    const { byName } = await check({ objective: differences, start }, { optimizer: { lr: 0.01 } });
    expect(byName.translate!.verdict).toBe(none);
    expect(byName.translate!.deviation).toBeGreaterThan(0);
    expect(byName.flip!.verdict).toBe(pass);
  });

  it('an eps that is nearly the whole denominator gives gradient descent, which is invariant under rotation', async () => {
    const { byName } = await check(rosenbrock(), { optimizer: { lr: 1e3, eps: 1e9, beta1: 0 } });
    expect(byName.rotate!.verdict).toBe(none);
    expect(byName.rotate!.deviation).toBeLessThan(1e-5);
  });

  it('a single coordinate can be neither permuted nor rotated', async () => {
    const { verdicts } = await check(bowl([3], [1]), { optimizer: { lr: 0.01 } });
    expect(verdicts).toMatchObject({ permute: none, rotate: none, flip: pass });
  });

  it('a path that does not move gives no result', async () => {
    const { result, verdicts } = await check(bowl([1, 1], [0, 0]), { optimizer: { lr: 0.01 } });
    expect(verdicts['scale up']).toBe(none);
    expect(verdicts.rotate).toBe(none);
    expect(verdicts['first step']).toBe(none);
    expect(Object.values(verdicts)).not.toContain('fail');
    expect(result.horizon).toBe(0);
  });

  it('a path that amplifies rounding errors is compared only up to a horizon', async () => {
    // Gradient descent far above its stability limit, on a bounded loss: distances grow from step to step.
    const chaotic = problem([0.9, 0.4], (p, grad) => {
      grad[0] = Math.sin(7 * p[0]! + p[1]!) * 7;
      grad[1] = Math.sin(7 * p[0]! + p[1]!) + Math.sin(5 * p[1]!) * 5;
      return -Math.cos(7 * p[0]! + p[1]!) - Math.cos(5 * p[1]!);
    });
    const { result, verdicts, byName } = await check(chaotic, { optimizer: { name: 'sgd', lr: 0.5 } });
    expect(result.horizon).toBeGreaterThan(5);
    expect(result.horizon).toBeLessThan(45);
    expect(verdicts.rotate).toBe(pass);
    expect(byName.rotate!.distance.at(-1)!).toBeGreaterThan(0.1);
    expect(byName.rotate!.distance.at(-1)!).toBeLessThan(10);
    expect(invarianceReport(result).notes[0]).toContain(`The first ${result.horizon} of `);
  });

  it('a run that becomes non-finite does so after a flip as well', async () => {
    const { verdicts } = await check(rosenbrock(), { optimizer: { name: 'sgd', lr: 0.1 } });
    expect(verdicts).toMatchObject({ flip: pass, translate: pass });
    expect(Object.values(verdicts)).not.toContain('fail');
  });

  it('the switch and a schedule that depends on the loss are not used, and the report says so', async () => {
    const { result } = await check(rosenbrock(), {
      optimizer: { lr: 0.01 },
      schedule: { name: 'reduceOnPlateau' },
      switch: { to: 'sgd', at: 5 },
    });
    expect(invarianceReport(result).notes.at(-1)).toBe(
      'Not used in the checks: the switch to sgd; the schedule reduceOnPlateau, which depends on the loss.',
    );
    expect(result.checks.every(({ verdict }) => verdict === 'pass')).toBe(true);
  });
});

describe('deviations are found', () => {
  it('for a loss that is not deterministic', async () => {
    let call = 0;
    const drifting = problem([1, 2], (p, grad) => {
      call++;
      grad[0] = p[0]! + 1e-3 * Math.sin(call);
      grad[1] = p[1]!;
      return 0.5 * (p[0]! ** 2 + p[1]! ** 2);
    });
    const { result, verdicts } = await check(drifting, { optimizer: { lr: 0.01 } });
    expect(verdicts.repeat).toBe('fail');
    expect(invarianceReport(result).summary).toContain('not deterministic');
  });

  /** Checks an optimizer that declares itself as another one. */
  async function claim(claimed: RunConfigPatch, own: RunConfigPatch) {
    const { objective, start } = rosenbrock(-1.2, 1, 0.5);
    const request = { objective, start: Float64Array.from(start), config: configOf(claimed), control: free };
    const follow = (steps: number, mayGo: () => void) => followRun({ config: configOf(own), steps, mayGo });
    const { checks } = await checkClaimant(request, { subject: 'it', epsSlack: 100, follow });
    return checks.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);
  }

  it('for an optimizer that declares itself as another one', async () => {
    const adam = { optimizer: { name: 'adam', lr: 0.01 } };
    const sgd = { optimizer: { name: 'sgd', lr: 1e-4 } };
    expect(await claim(adam, adam)).toEqual([]);
    expect(await claim(sgd, sgd)).toEqual([]);
    expect(await claim(adam, sgd)).toEqual(['scale up', 'scale down', 'rotate', 'first step']);
    expect(await claim(sgd, adam)).toEqual(['scale up', 'scale down', 'rotate']);
    // Adam with an eps as large as the gradients is not Adam.
    expect(await claim(adam, { optimizer: { name: 'adam', lr: 0.01, eps: 1 } })).toEqual([
      'scale up',
      'scale down',
      'first step',
    ]);
    expect(await claim(adam, { optimizer: { name: 'adam', lr: 0.011 } })).toEqual(['first step']);
    expect(await claim(adam, { ...adam, clip: { norm: 1 } })).not.toContain('flip');
  });
});

describe('the report of the invariances', () => {
  it('has a row for every check and a summary sentence', async () => {
    const { result } = await check(rosenbrock(), { optimizer: { lr: 0.01 } });
    const { tables, charts, summary } = invarianceReport(result);
    expect(tables[0]!.rows.map(({ verdict }) => verdict)).toEqual(new Array(8).fill('pass'));
    for (const { cells } of tables[0]!.rows) expect(cells.every((cell) => cell.length > 0)).toBe(true);
    expect(summary).toContain('adam has all expected properties');
    expect(summary).toContain('depends on: coordinates rotated');
    expect(charts[0]!.lines.map(({ name }) => name)).toContain('coordinates rotated by 30°');
    // NaN is shown as an empty cell.
    expect(JSON.stringify(tables)).not.toContain('NaN');
  });

  it('compares fewer steps for a long vector, and at most the steps of the run', () => {
    const stepsOf = (dim: number, steps: number) => stepsToCompare(dim, configOf({ steps }));
    expect([stepsOf(2, 1000), stepsOf(500_000, 1000), stepsOf(1e8, 1000), stepsOf(2, 7)]).toEqual([
      50, 10, 5, 7,
    ]);
  });

  it('can be cancelled between the runs, and passes on an error of the loss', async () => {
    const { objective, start } = rosenbrock();
    const told: [number, number][] = [];
    const request = { objective, start: Float64Array.from(start), config: configOf({}) };
    await checkInvariances({ ...request, control: { went: (done, total) => told.push([done, total]) > 0 } });
    expect(told.map(([done]) => done)).toEqual(Array.from({ length: told.length }, (_, i) => i));
    expect(new Set(told.map(([, total]) => total))).toEqual(new Set([told.length]));
    let asked = 0;
    await expect(
      checkInvariances({ ...request, control: { went: () => ++asked < 4 } }),
    ).rejects.toBeInstanceOf(Cancelled);
    const thrown = new Error('no data');
    const throwing: Objective = {
      ...objective,
      valueAndGradient() {
        throw thrown;
      },
    };
    await expect(checkInvariances({ ...request, objective: throwing, control: free })).rejects.toBe(thrown);
  });
});
