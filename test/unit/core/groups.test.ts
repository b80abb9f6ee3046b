import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../src/core/batches';
import { coordinatesOfGroups } from '../../../src/core/config/groups';
import { mergePatches, resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { validatePatch } from '../../../src/core/config/validate';
import { contextAt } from '../../../src/core/context';
import { StabilityGauge } from '../../../src/core/diagnosis/probes/stabilityGauge';
import { Measurements } from '../../../src/core/measurements';
import type { Objective } from '../../../src/core/objective';
import { optimizerNames } from '../../../src/core/optimizers/registry';
import { layoutOf, recordLength, writeRecord } from '../../../src/core/trace/layout';
import { Quantities } from '../../../src/core/trace/quantities';
import { Trace } from '../../../src/core/trace/trace';
import type { StepView } from '../../../src/core/update';
import { runPatch } from '../../support/run';

/** ½ Σ λ_i θ_i², with λ_i = 1 + i. */
function bowl(dim: number): Objective {
  const evaluate: Objective['valueAndGradient'] = (p, grad) => {
    let loss = 0;
    for (let i = 0; i < dim; i++) {
      grad[i] = (1 + i) * p[i]!;
      loss += 0.5 * (1 + i) * p[i]! ** 2;
    }
    return loss;
  };
  return {
    dim,
    gradientMode: 'provided',
    value: (p, open) => evaluate(p, new Float64Array(dim), open),
    valueAndGradient: evaluate,
  };
}

/** A run of 20 steps, with its trace. */
async function traced(dim: number, patch: RunConfigPatch, onStep: (step: StepView) => unknown = () => {}) {
  const whole = { steps: 20, ...patch };
  const { config, problems } = resolveConfig([whole]);
  expect(problems).toEqual([]);
  const layout = layoutOf(config, dim, Number.POSITIVE_INFINITY);
  const start = Array.from({ length: dim }, (_, i) => 1 + Math.cos(i));
  const trace = new Trace(layout, start);
  await runPatch(bowl(dim), start, whole, {
    async onStep(step) {
      const data = new Float64Array(recordLength(layout));
      writeRecord(layout, step, data, 0);
      trace.append(data, 0);
      await onStep(step);
    },
  });
  return { config, trace, quantities: new Quantities(layout, config) };
}

describe('parameter groups', () => {
  it.each(optimizerNames)('of %s with the options of the optimizer change nothing', async (name) => {
    // 20 coordinates in a group: those of Adam are computed in WebAssembly.
    const patch: RunConfigPatch = { optimizer: { name, lr: 0.01, weightDecay: 0.1 } };
    const whole = await traced(40, patch);
    const grouped = await traced(40, { ...patch, groups: [{ ranges: [[3, 22]], lr: 0.01 }] });
    for (const quantity of whole.quantities.infos.map((info) => info.quantity)) {
      if (!grouped.quantities.has(quantity)) continue;
      for (const k of [0, 3, 22, 39]) {
        const values = ({ trace, quantities }: typeof whole) =>
          Array.from({ length: 19 }, (_, row) => trace.read(row, quantities.reader(quantity, k)));
        expect(values(grouped), `${quantity} of ${k}`).toEqual(values(whole));
      }
    }
  });

  it('give every coordinate the quantities of its own options', async () => {
    const options = { lr: 0.02, beta1: 0.5, beta2: 0.9, eps: 0.1, weightDecay: 0.3 };
    const grouped = await traced(4, {
      optimizer: { name: 'nadam', lr: 0.01 },
      groups: [{ ranges: [[1, 2]], ...options }],
    });
    const [all, none] = await Promise.all([
      traced(4, { optimizer: { name: 'nadam', ...options } }),
      traced(4, { optimizer: { name: 'nadam', lr: 0.01 } }),
    ]);
    const read = ({ trace, quantities }: typeof grouped, quantity: 'mHat', k: number) =>
      trace.read(11, quantities.reader(quantity, k));
    const names = ['params', 'm', 'v', 'mHat', 'vHat', 'effectiveLr', 'preconditioner', 'snr', 'epsShare'];
    for (const name of names)
      for (const k of [0, 1, 2, 3])
        expect(read(grouped, name as 'mHat', k), `${name} of ${k}`).toBe(
          read(k === 1 || k === 2 ? all : none, name as 'mHat', k),
        );
  });

  it('belong to the optimizer before a switch', async () => {
    const first: RunConfigPatch = {
      optimizer: { name: 'nadam', lr: 0.01 },
      groups: [{ ranges: [[1, 2]], lr: 0.2, beta1: 0.5, weightDecay: 0.1 }],
    };
    const to = { name: 'nadam', lr: 0.05 };
    const seen: { params: number[]; phase: number }[] = [];
    const { trace, quantities } = await traced(4, { ...first, switch: { to, at: 8 } }, ({ params, phase }) =>
      seen.push({ params: [...params], phase }),
    );
    const before: number[][] = [];
    await traced(4, first, ({ params }) => before.push([...params]));
    expect(seen.slice(0, 8).map(({ params }) => params)).toEqual(before.slice(0, 8));
    const after: number[][] = [];
    await runPatch(
      bowl(4),
      before[7]!,
      { optimizer: to, steps: 12 },
      {
        onStep: ({ params }) => void after.push([...params]),
      },
    );
    expect(seen.slice(8).map(({ params }) => params)).toEqual(after);
    // The quantities of each coordinate are those of its group before, and of the second optimizer afterwards.
    const [start] = [before[7]!];
    const layout = layoutOf(
      resolveConfig([{ optimizer: to, steps: 12 }]).config,
      4,
      Number.POSITIVE_INFINITY,
    );
    const second = new Trace(layout, start);
    await runPatch(
      bowl(4),
      start,
      { optimizer: to, steps: 12 },
      {
        onStep(step) {
          const data = new Float64Array(recordLength(layout));
          writeRecord(layout, step, data, 0);
          second.append(data, 0);
        },
      },
    );
    const alone = new Quantities(layout, resolveConfig([{ optimizer: to, steps: 12 }]).config);
    for (const name of ['mHat', 'vHat', 'effectiveLr', 'update'] as const)
      for (const k of [0, 1, 3])
        expect(trace.read(15, quantities.reader(name, k)), `${name} of ${k}`).toBe(
          second.read(7, alone.reader(name, k)),
        );
  });

  it('have bounds of their own', async () => {
    const patch: RunConfigPatch = {
      optimizer: { name: 'adam', lr: 0.01 },
      groups: [{ ranges: [[1, 1]], lr: 0.3, beta1: 0 }],
    };
    const { trace, quantities } = await traced(2, patch);
    const share = (k: number) => trace.read(0, quantities.reader('updateOverBound', k));
    // The first step of Adam is as long as the bound.
    for (const k of [0, 1]) expect(share(k)).toBeCloseTo(1, 6);
  });

  it('clip the gradient of all coordinates together', async () => {
    const views: number[] = [];
    await traced(3, { clip: { norm: 1 }, groups: [{ ranges: [[0, 0]], lr: 1 }] }, (step) => {
      views.push(Math.hypot(...step.grad));
    });
    expect(views[0]).toBeCloseTo(1, 5);
  });

  it('enter the stability value with the learning rate and the penalty of each coordinate', async () => {
    // Gradient descent: the value is the largest lr_i (λ_i + weightDecay_i).
    const patch: RunConfigPatch = {
      optimizer: { name: 'sgd', lr: 0.1 },
      groups: [
        { ranges: [[0, 0]], lr: 0.3, weightDecay: 2 },
        { ranges: [[2, 2]], lr: 0.05 },
      ],
      steps: 1,
    };
    const { config } = resolveConfig([patch]);
    const batches = batchesOf(null, null, 0);
    const gauge = new StabilityGauge(
      config,
      { objective: bowl(3), open: (t) => contextAt(0, batches, t, []), indicesOf: batches.indicesOf },
      new Measurements(),
    );
    await traced(3, patch, (step) => gauge.look(step));
    expect(gauge.latest!.value).toBeCloseTo(0.3 * (1 + 2), 6);
  });
});

describe('the configuration of groups', () => {
  const messages = (patch: unknown) =>
    validatePatch(patch).map(({ path, message }) => [path.join('.'), message]);

  it.each<[unknown, string, RegExp]>([
    [{ lr: 1 }, 'groups', /must be a list such as/],
    [[{ lr: 1 }], 'groups.0', /needs names or indices/],
    [[{ names: ['a'] }], 'groups.0', /needs an option that differs/],
    [[{ names: ['a'], lr: -1 }], 'groups.0.lr', /lr must be >= 0/],
    [[{ names: ['a'], rl: 1 }], 'groups.0.rl', /"rl" is not an option of any optimizer/],
    [[{ ranges: [[2, 1]], lr: 1 }], 'groups.0.ranges', /a first and a last index/],
    [[{ names: ['a'], name: 'sgd' }], 'groups.0', /has the optimizer of the run/],
  ])('%j is refused at %s', (groups, place, message) => {
    expect(messages({ groups })).toEqual([[place, expect.stringMatching(message)]]);
  });

  it('has options of the optimizer, which agree with the others', () => {
    const problemsOf = (optimizer: RunConfigPatch['optimizer'], option: Record<string, number | boolean>) =>
      resolveConfig([{ optimizer: optimizer!, groups: [{ names: ['a'], ...option }] }]).problems;
    expect(problemsOf({ name: 'sgd', momentum: 0.9 }, { nesterov: true })).toEqual([]);
    expect(problemsOf({ name: 'sgd' }, { nesterov: true })[0]).toMatchObject({
      path: ['groups', '0', 'nesterov'],
    });
    expect(problemsOf({ name: 'sgd' }, { beta2: 0.9 })[0]).toMatchObject({
      path: ['groups', '0', 'beta2'],
      message: expect.stringMatching(/not an option of sgd .* momentum/),
    });
  });

  it('is discarded with the options of another optimizer', () => {
    const groups: RunConfigPatch['groups'] = [{ names: ['a'], lr: 1 }];
    expect(
      mergePatches({ optimizer: { name: 'adam' }, groups }, { optimizer: { name: 'sgd' } }),
    ).not.toHaveProperty('groups');
    expect(mergePatches({ groups }, { optimizer: { lr: 1 } })).toHaveProperty('groups');
  });

  it('names each coordinate once, and only those of the loss', () => {
    const of = (groups: NonNullable<RunConfigPatch['groups']>, names: string[] | null = ['a', 'b', 'c']) => {
      const { coordinates, problems } = coordinatesOfGroups(groups, names, 3);
      return problems.length > 0
        ? problems.map(({ path, message }) => `${path.join('.')}: ${message}`)
        : coordinates;
    };
    expect(of([{ names: ['c'], ranges: [[0, 0]] }, { names: ['b'] }])).toEqual([[0, 2], [1]]);
    expect(of([{ names: ['d'] }])).toEqual([
      'groups.0: the group names d, which is no parameter of this loss; its parameters: a, b, c',
    ]);
    expect(of([{ names: ['d'] }], null)).toEqual([expect.stringMatching(/have no names: write an index/)]);
    expect(of([{ ranges: [[1, 3]] }])).toEqual([
      'groups.0: the group contains 3, but the loss has 3 parameters: their indices are 0..2',
    ]);
    expect(of([{ names: ['b'] }, { ranges: [[0, 1]] }])).toEqual([
      'groups.1: b is in two groups: remove it from one of them',
    ]);
  });
});
