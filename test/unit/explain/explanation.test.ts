import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { type CoordinateStep, coordinateStepOf } from '../../../src/core/explain/coordinateStep';
import { type Explanation, explainUpdate } from '../../../src/core/explain/explanation';
import { optimizerNames, optimizers } from '../../../src/core/optimizers/registry';
import { layoutOf, recordLength, writeRecord } from '../../../src/core/trace/layout';
import { analyticObjective } from '../../support/losses';
import { runPatch } from '../../support/run';

const start = [-1.2, 1, 0.7];

/** The steps of a run on Rosenbrock's function, as recorded, by coordinate. */
async function recordedSteps(patch: RunConfigPatch) {
  const { config, problems } = resolveConfig([patch]);
  expect(problems).toEqual([]);
  const layout = layoutOf(config, start.length, Number.POSITIVE_INFINITY);
  const steps: CoordinateStep[][] = start.map(() => []);
  await runPatch(analyticObjective('rosenbrock', start.length), start, patch, {
    onStep(step) {
      const record = new Float64Array(recordLength(layout));
      writeRecord(layout, step, record, 0);
      for (const k of start.keys()) steps[k]!.push(coordinateStepOf(config, layout, record, k));
    },
  });
  return { config, steps };
}

const past = 12;

function explanationsOf({ config, steps }: Awaited<ReturnType<typeof recordedSteps>>) {
  return steps.flatMap((ofCoordinate, coordinate) =>
    ofCoordinate.map((step, i) => ({
      step,
      explained: explainUpdate(
        { config, dim: start.length, coordinate, start: start[coordinate]! },
        ofCoordinate.slice(Math.max(0, i - past), i + 1),
      ),
    })),
  );
}

/** Computes the lines again from the given numbers and the plain text, with the arithmetic of JavaScript. */
function recomputed({ formula }: Explanation): Map<string, number> {
  const values = new Map<string, number>();
  for (const { symbol, value } of formula!.inputs) values.set(symbol, value);
  for (const { text } of formula!.lines) {
    const [name, expression] = text.split(' = ') as [string, string];
    const script = expression
      .replaceAll('^', '**')
      .replace(/\b(sqrt|abs|max)\(/g, 'Math.$1(')
      .replace(/-(\w+) \*\*/g, '-1 * $1 **');
    const compute = new Function(...values.keys(), `return ${script}`) as (...of: number[]) => number;
    values.set(name, compute(...values.values()));
  }
  return values;
}

const states = { m: 'm', v: 'v', vMax: 'vMax', u: 'u', sum: 'sum', gAvg: 'gAvg', b: 'momentum' } as const;

function expectExact(explained: Explanation, step: CoordinateStep) {
  const place = `step ${step.step} of coordinate ${explained.coordinate}`;
  if (explained.formula === null) {
    expect(step.update, place).toBe(0);
    return;
  }
  const values = recomputed(explained);
  for (const line of explained.formula.lines)
    expect(values.get(line.symbol), `${place}: ${line.text}`).toBe(line.value);
  for (const [symbol, state] of Object.entries(states))
    if (values.has(symbol)) expect(values.get(symbol), `${place}: ${symbol}`).toBe(step.stateOf(state));
  expect(Math.abs(values.get('update')! - step.update), place).toBeLessThanOrEqual(explained.rounding);
  // The bound is no excuse: it is a few units in the last place of the parameter and of the update.
  expect(explained.rounding).toBeLessThanOrEqual(
    2 ** -52 *
      (3 * Math.max(Math.abs(step.params), Math.abs(step.params - step.update)) +
        64 * Math.abs(step.update)) +
      1e-300,
  );
  const sum = explained.contributions.reduce((total, { part }) => total + part, 0);
  const sizes = explained.contributions.reduce((total, { part }) => total + Math.abs(part), 0);
  expect(Math.abs(sum - step.update), `${place}: the sum of the parts`).toBeLessThanOrEqual(
    explained.rounding + 64 * 2 ** -52 * sizes,
  );
}

const lr = { sgd: 5e-4, radam: 1e-3 } as Readonly<Record<string, number>>;
const rate = (name: string) => lr[name] ?? 0.02;

const variants: readonly (readonly [string, RunConfigPatch])[] = [
  ...optimizerNames.flatMap((name): [string, RunConfigPatch][] => [
    [name, { optimizer: { name, lr: rate(name) } }],
    [`${name} with weight decay`, { optimizer: { name, lr: rate(name), weightDecay: 0.1 } }],
    [`${name} with clipping by norm`, { optimizer: { name, lr: rate(name) }, clip: { norm: 3 } }],
    [`${name} with clipping by value`, { optimizer: { name, lr: rate(name) }, clip: { value: 2 } }],
    [
      `${name} with a schedule that cycles momentum`,
      {
        optimizer: { name },
        schedule: {
          name: 'oneCycle',
          maxLr: rate(name),
          totalSteps: 60,
          cycleMomentum: optimizers[name].cycled !== null,
        },
      },
    ],
    [
      `${name} with groups`,
      {
        optimizer: { name, lr: rate(name) },
        groups: [{ ranges: [[1, 2]], lr: rate(name) / 2, weightDecay: 0.05 }],
      },
    ],
    [
      `${name} after a switch`,
      {
        optimizer: { name: 'adamw', lr: 0.02 },
        switch: { to: { name, lr: rate(name) }, at: 7, patience: 1 },
      },
    ],
  ]),
  [
    'sgd with momentum',
    { optimizer: { name: 'sgd', lr: 2e-4, momentum: 0.9, dampening: 0.2, weightDecay: 0.1 } },
  ],
  ['sgd with Nesterov momentum', { optimizer: { name: 'sgd', lr: 2e-4, momentum: 0.9, nesterov: true } }],
  ['rmsprop with momentum', { optimizer: { name: 'rmsprop', lr: 1e-3, momentum: 0.8, weightDecay: 0.1 } }],
  ['centered rmsprop', { optimizer: { name: 'rmsprop', lr: 1e-2, centered: true } }],
  [
    'adagrad from a preset sum',
    { optimizer: { name: 'adagrad', lr: 0.1, initialAccumulatorValue: 0.3, lrDecay: 0.1 } },
  ],
  ['amsgrad', { optimizer: { name: 'adam', lr: 0.05, amsgrad: true } }],
  ['amsgrad of optax', { optimizer: { name: 'adam', lr: 0.05, amsgrad: true, dialect: 'optax' } }],
  ['amsgrad of the paper', { optimizer: { name: 'adam', lr: 0.05, amsgrad: true, dialect: 'paper' } }],
  ['adam of Keras', { optimizer: { name: 'adam', lr: 0.05, weightDecay: 0.1, dialect: 'keras' } }],
  [
    'adamw of the paper',
    {
      optimizer: { name: 'adamw', lr: 0.05, weightDecay: 0.01, dialect: 'paper' },
      schedule: { name: 'cosine', tMax: 60 },
    },
  ],
  ...(['optax', 'keras', 'paper'] as const).map((dialect): [string, RunConfigPatch] => [
    `nadam of ${dialect}`,
    { optimizer: { name: 'nadam', lr: 0.02, dialect, weightDecay: 0.1 } },
  ]),
  ['a run that maximizes', { optimizer: { name: 'adam', lr: 1e-3 }, maximize: true }],
  ['skipped steps', { optimizer: { name: 'adam', lr: 0.02 }, precision: 'float16', lossScale: 'dynamic' }],
];

describe('the explanation of an update', () => {
  it.each(variants)(
    'gives the recorded state to the bit, and the update up to rounding: %s',
    async (_, patch) => {
      const recorded = await recordedSteps({ ...patch, steps: 60 });
      const explanations = explanationsOf(recorded);
      expect(explanations.length).toBe(180);
      for (const { step, explained } of explanations) {
        expectExact(explained, step);
        expect(explained.agrees).toBe(true);
      }
    },
  );

  it('lists the weights of the expanded form of m', async () => {
    const recorded = await recordedSteps({ optimizer: { name: 'adam', lr: 0.02 }, steps: 40 });
    const { explained, step } = explanationsOf(recorded)[30]!;
    const gradients = explained.contributions.filter(({ kind }) => kind === 'gradient');
    expect(gradients.map((each) => each.step)).toEqual(Array.from({ length: past }, (_, i) => step.step - i));
    for (const [i, { weight }] of gradients.entries())
      expect(weight).toBeCloseTo((0.1 * 0.9 ** i) / (1 - 0.9 ** step.step), 12);
    expect(explained.contributions.at(-1)!.kind).toBe('older');
  });

  it('separates what the schedule adds from what the gradients give', async () => {
    const recorded = await recordedSteps({
      optimizer: { name: 'sgd', lr: 1e-3 },
      schedule: { name: 'warmupCosine', warmup: 10, totalSteps: 40 },
      steps: 40,
    });
    const { explained, step } = explanationsOf(recorded)[4]!;
    const [gradient, ofLr] = explained.contributions;
    expect(gradient!.part).toBeCloseTo(-1e-3 * step.grad, 12);
    expect(ofLr!.kind).toBe('lr');
    expect(ofLr!.part).toBeCloseTo(-gradient!.part / 2, 12);
  });

  it('states clipping with the gradient before it', async () => {
    const recorded = await recordedSteps({ optimizer: { name: 'adam' }, clip: { norm: 3 }, steps: 5 });
    const { explained } = explanationsOf(recorded)[0]!;
    // The gradient of the first coordinate at the start is -215.6.
    expect(explained.clipping).toMatchObject({ by: 'norm', limit: 3 });
    expect(explained.clipping!.raw).toBeCloseTo(-215.6, 9);
  });

  it('says that the formula of a reference does not give the steps of another optimizer', async () => {
    const recorded = await recordedSteps({ optimizer: { name: 'adam', lr: 0.02 }, steps: 5 });
    const steps = recorded.steps[0]!.map((step) => ({ ...step, update: step.update * 1.001 }));
    const run = { config: recorded.config, dim: 3, coordinate: 0, start: start[0]! };
    expect(explainUpdate(run, steps).agrees).toBe(false);
  });

  it('typesets the formula, and the same with numbers', async () => {
    const recorded = await recordedSteps({ optimizer: { name: 'adam', lr: 0.02 }, steps: 3 });
    const { explained } = explanationsOf(recorded)[1]!;
    const lines = explained.formula!.lines;
    expect(lines.map(({ formulaTex }) => formulaTex)).toEqual([
      'm_t = \\beta_1\\,m_{t-1} + \\left(1 - \\beta_1\\right)\\,g_t',
      'v_t = \\beta_2\\,v_{t-1} + \\left(1 - \\beta_2\\right)\\,g_t^2',
      'c_1 = 1 - \\beta_1^{t}',
      'c_2 = 1 - \\beta_2^{t}',
      '\\hat m_t = \\frac{m_t}{c_1}',
      '\\hat v_t = \\frac{v_t}{c_2}',
      'P_t = \\sqrt{\\hat v_t} + \\varepsilon',
      '\\alpha^{\\mathrm{eff}}_t = \\frac{\\alpha_t}{P_t}',
      '\\Delta\\theta_t = -\\alpha^{\\mathrm{eff}}_t\\,\\hat m_t',
    ]);
    expect(lines[2]!.numbersTex).toBe('1 - 0.9^{2}');
  });
});
