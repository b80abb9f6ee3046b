import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { layoutOf, recordLength, writeRecord } from '../../../src/core/trace/layout';
import { Quantities } from '../../../src/core/trace/quantities';
import type { StepView } from '../../../src/core/update';
import { analyticObjective } from '../../support/losses';
import { runPatch } from '../../support/run';

const start = [-1.2, 1];
const adam = { name: 'adam', lr: 0.05 };
const momentum = { name: 'sgd', lr: 1e-4, momentum: 0.9 };

interface Seen {
  t: number;
  age: number;
  phase: number;
  lr: number;
  loss: number;
  params: number[];
}

async function stepsOf(patch: RunConfigPatch): Promise<Seen[]> {
  const seen: Seen[] = [];
  await runPatch(analyticObjective('rosenbrock'), start, patch, {
    onStep: ({ t, age, phase, lr, loss, params }) =>
      void seen.push({ t, age, phase, lr, loss, params: [...params] }),
  });
  return seen;
}

describe('a run that switches optimizers', () => {
  it('equals the run of the first optimizer up to the switch, and of the other one afterwards', async () => {
    const switched = await stepsOf({ optimizer: adam, switch: { to: momentum, at: 20 }, steps: 40 });
    const first = await stepsOf({ optimizer: adam, steps: 20 });
    expect(switched.slice(0, 20).map(({ params }) => params)).toEqual(first.map(({ params }) => params));
    const second: number[][] = [];
    await runPatch(
      analyticObjective('rosenbrock'),
      first.at(-1)!.params,
      { optimizer: momentum, steps: 20 },
      { onStep: ({ params }) => void second.push([...params]) },
    );
    expect(switched.slice(20).map(({ params }) => params)).toEqual(second);
    expect(switched.slice(18, 22).map(({ phase, age, lr }) => [phase, age, lr])).toEqual([
      [0, 19, 0.05],
      [0, 20, 0.05],
      [1, 1, 1e-4],
      [1, 2, 1e-4],
    ]);
  });

  it('continues the schedule with the new learning rate', async () => {
    const seen = await stepsOf({
      optimizer: adam,
      schedule: { name: 'linear', startFactor: 1, endFactor: 0.5, totalIters: 10 },
      switch: { to: momentum, at: 5 },
      steps: 8,
    });
    expect(seen[4]!.lr).toBe(0.05 * 0.8);
    expect(seen[5]!.lr).toBe(1e-4 * 0.75);
  });

  it('can wait for a plateau of the loss', async () => {
    const patience = 15;
    const patch: RunConfigPatch = {
      optimizer: { name: 'adam', lr: 1 },
      switch: { to: momentum, at: 'plateau', patience },
      steps: 400,
    };
    const seen = await stepsOf(patch);
    const switchedAt = seen.find(({ phase }) => phase === 1)!.t;
    const losses = seen.map(({ loss }) => loss);
    // The definition: the first `patience` consecutive losses of which none is a factor of 1e-4 below the
    // best one before.
    let expected = 0;
    for (let t = 1, best = Number.POSITIVE_INFINITY, waited = 0; expected === 0; t++) {
      const loss = losses[t - 1]!;
      if (best === Number.POSITIVE_INFINITY || loss < best * (1 - 1e-4)) {
        best = loss;
        waited = 0;
      } else if (++waited === patience) expected = t + 1;
    }
    expect(switchedAt).toBe(expected);
  });

  it('shows the quantities of the active optimizer only', async () => {
    const patch: RunConfigPatch = { optimizer: adam, switch: { to: momentum, at: 2 }, steps: 4 };
    const { config } = resolveConfig([patch]);
    const layout = layoutOf(config, 2, Number.POSITIVE_INFINITY);
    expect(layout.stateNames).toEqual(['m', 'v', 'momentum']);
    expect(layout.extras).toEqual(['phase', 'age']);
    const quantities = new Quantities(layout, config);
    const rows: Float64Array[] = [];
    await runPatch(analyticObjective('rosenbrock'), start, patch, {
      onStep(step: StepView) {
        const row = new Float64Array(recordLength(layout));
        writeRecord(layout, step, row, 0);
        rows.push(row);
      },
    });
    const read = (quantity: Parameters<Quantities['reader']>[0]) =>
      rows.map((row) => quantities.reader(quantity, 0)(row, 0));
    expect(read('vHat').map(Number.isNaN)).toEqual([false, false, true, true]);
    expect(read('momentum').map(Number.isNaN)).toEqual([true, true, false, false]);
    expect(read('effectiveLr').slice(2)).toEqual([1e-4, 1e-4]);
    // At t = 1, mHat/√vHat of Adam is ±1.
    expect(read('snr')[0]).toBeCloseTo(1, 12);
  });

  it('reports an invalid option of the second optimizer at its path', () => {
    const problems = resolveConfig([{ switch: { to: { name: 'sgd', momentum: 2 }, at: 10 } }]).problems;
    expect(problems).toEqual([
      {
        path: ['switch', 'to', 'momentum'],
        code: 'out-of-range',
        message: 'momentum must be >= 0 and < 1, got 2',
      },
    ]);
    expect(resolveConfig([{ switch: { to: 'sgd' } }]).config.switch).toMatchObject({
      to: { name: 'sgd', lr: 1e-3 },
      at: 'plateau',
      patience: 100,
    });
  });
});
