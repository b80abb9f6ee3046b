import { describe, expect, it } from 'vitest';
import { withFiniteDifferences } from '../../../src/core/gradient/finiteDifference';
import type { EvaluationContext, Objective } from '../../../src/core/objective';
import { analyticObjective } from '../../support/losses';
import { runPatch } from '../../support/run';

/** A mini-batch loss that records every context: the mean of (p − i)² over the mini-batch. */
function recording() {
  const seen: EvaluationContext[] = [];
  const objective = withFiniteDifferences(1, (params, open) => {
    const context = open();
    seen.push(context);
    const { indices } = context;
    return indices.reduce((sum, i) => sum + (params[0]! - i) ** 2, 0) / indices.length;
  });
  return { objective, seen };
}

const constant = (loss: () => number): Objective => ({
  dim: 1,
  gradientMode: 'provided',
  value: loss,
  valueAndGradient(_params, grad) {
    grad[0] = 0;
    return loss();
  },
});

describe('the run', () => {
  it('ends with the documented numbers for the toy loss', async () => {
    const outcome = await runPatch(analyticObjective('toy'), [0], { optimizer: { lr: 0.1 }, steps: 20 });
    expect(outcome.final.params[0]).toBeCloseTo(1.88063952089601, 12);
    expect(outcome.final.loss).toBeCloseTo((1.88063952089601 - 3) ** 2, 12);
  });

  it.each<[string, object, number[]]>([
    ['adam', { name: 'adam', lr: 0.01 }, [-0.120211277998, 0.0154582785467]],
    ['adamw', { name: 'adamw', lr: 0.01, weightDecay: 0.1 }, [0.239673116408, 0.0561131315723]],
    ['adam with L2', { name: 'adam', lr: 0.01, weightDecay: 0.1 }, [-0.0791096780032, 0.00686447408512]],
  ])('ends with the known numbers for %s on Rosenbrock', async (_name, optimizer, end) => {
    const outcome = await runPatch(analyticObjective('rosenbrock'), [-1.2, 1], {
      optimizer: { ...optimizer },
    });
    for (const [i, value] of end.entries())
      expect(Math.abs(outcome.final.params[i]! - value)).toBeLessThan(1e-11);
  });

  it('includes the start and the final point in the best loss', async () => {
    const descent = await runPatch(analyticObjective('toy'), [0], { optimizer: { lr: 0.1 }, steps: 3 });
    expect(descent.best).toEqual({ params: descent.final.params, loss: descent.final.loss, t: 3 });
    const rising = await runPatch(analyticObjective('toy'), [0], {
      optimizer: { name: 'sgd', lr: 2 },
      steps: 3,
    });
    expect(rising.best).toEqual({ params: Float64Array.of(0), loss: 9, t: 0 });
  });

  it('stops when a parameter becomes non-finite', async () => {
    let calls = 0;
    const outcome = await runPatch(
      constant(() => (++calls === 4 ? Number.NaN : 1)),
      [0],
      { steps: 9 },
    );
    expect(outcome.stopped).toBe('steps');
    const broken: Objective = {
      ...constant(() => 1),
      valueAndGradient(_params, grad) {
        grad[0] = Number.NaN;
        return 1;
      },
    };
    const ended = await runPatch(broken, [0], { steps: 9 });
    expect([ended.stopped, ended.steps]).toEqual(['nonFinite', 1]);
  });

  it('reports the error that the loss threw, and keeps the steps before it', async () => {
    let calls = 0;
    const thrown = new Error('no');
    const outcome = await runPatch(
      constant(() => {
        if (++calls === 4) throw thrown;
        return calls;
      }),
      [5],
      {},
    );
    expect([outcome.stopped, outcome.steps, outcome.error]).toEqual(['error', 3, thrown]);
    expect(outcome.best).toEqual({ params: Float64Array.of(5), loss: 1, t: 0 });
  });

  it('does not report an error of an observer as one of the loss', async () => {
    const observer = {
      onStep() {
        throw new Error('ours');
      },
    };
    await expect(
      runPatch(
        constant(() => 1),
        [0],
        {},
        observer,
      ),
    ).rejects.toThrow('ours');
  });

  it('ends early after `patience` evaluations without an improvement of more than minDelta', async () => {
    const losses = [9, 8, 7.95, 7.9, 7.85, 1];
    let calls = 0;
    const outcome = await runPatch(
      constant(() => losses[calls++]!),
      [0],
      {
        earlyStopping: { patience: 3, minDelta: 0.5 },
      },
    );
    // 9 and 8 are improvements; the losses at theta_2, theta_3 and theta_4 are not.
    expect([outcome.stopped, outcome.steps, outcome.final.loss]).toEqual(['earlyStopping', 4, 7.85]);
  });

  it('stops when the gradient has been below the tolerance ten times', async () => {
    const outcome = await runPatch(analyticObjective('anisotropicQuadratic'), [1, 1], {
      optimizer: { name: 'sgd', lr: 0.01 },
      tolerance: 0.005,
    });
    expect(outcome.stopped).toBe('tolerance');
    // max abs(g) is 100 at t = 1, and then abs(y) = 0.99^(t−1), which is below 0.5 from t = 70 on.
    expect(outcome.steps).toBe(78);
  });

  it('awaits an asynchronous loss and takes the same path', async () => {
    const sync = analyticObjective('rosenbrock');
    const later: Objective = {
      ...sync,
      value: async (params, open) => sync.value(params, open),
      valueAndGradient: async (params, grad, open) => sync.valueAndGradient(params, grad, open),
    };
    const patch = { optimizer: { lr: 0.1 }, steps: 50 };
    const [a, b] = [await runPatch(sync, [-1.2, 1], patch), await runPatch(later, [-1.2, 1], patch)];
    expect(b.final).toEqual(a.final);
    const differences = withFiniteDifferences(2, sync.value);
    const laterDifferences = withFiniteDifferences(2, later.value);
    expect((await runPatch(laterDifferences, [-1.2, 1], patch)).final).toEqual(
      (await runPatch(differences, [-1.2, 1], patch)).final,
    );
  });
});

describe('mini-batches', () => {
  const patch = { samples: 10, batch: 4, epochs: 3, optimizer: { lr: 0.1 }, seed: 5 };

  it('cover all samples in each epoch, in a new order, including the smaller last batch', async () => {
    const { objective, seen } = recording();
    const outcome = await runPatch(objective, [0], patch);
    expect(outcome.steps).toBe(9);
    const batches = new Map(seen.filter(({ indices }) => indices.length < 10).map((c) => [c.step, c]));
    const epochs = [0, 1, 2].map((epoch) =>
      [...batches.values()].filter((c) => c.epoch === epoch).map((c) => [...c.indices]),
    );
    for (const epoch of epochs) {
      expect(epoch.map((batch) => batch.length)).toEqual([4, 4, 2]);
      expect(epoch.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
    expect(epochs[0]).not.toEqual(epochs[1]);
  });

  it('are the same for every evaluation of a step, as are the random numbers', async () => {
    const draws = new Map<number, Set<string>>();
    const objective = withFiniteDifferences(1, (params, open) => {
      const { step, indices, random } = open();
      const key = JSON.stringify([indices, random(), random()]);
      draws.set(step, (draws.get(step) ?? new Set()).add(key));
      return params[0]! ** 2;
    });
    await runPatch(objective, [1], { steps: 20, seed: 3 });
    expect(draws.size).toBe(21);
    for (const keys of draws.values()) expect(keys.size).toBe(1);
    expect(new Set([...draws.values()].flatMap((keys) => [...keys])).size).toBe(21);
  });

  it('come with a context that can be copied, including `random`', async () => {
    const draws: number[][] = [];
    const objective = withFiniteDifferences(1, (params, open) => {
      const context = open();
      const copy = { ...context };
      draws.push([copy.step, copy.random(), context.random(), copy.random()]);
      return params[0]! ** 2;
    });
    await runPatch(objective, [1], { steps: 1, seed: 3 });
    expect(draws[1]).toEqual(draws[0]);
    expect(new Set(draws[0]).size).toBe(4);
  });

  it('are the same for the same seed, and differ for another seed', async () => {
    const path = async (seed: number) => {
      const { objective } = recording();
      return (await runPatch(objective, [0], { ...patch, seed })).final.params[0];
    };
    expect(await path(5)).toBe(await path(5));
    expect(await path(5)).not.toBe(await path(6));
  });

  it('determine the best and the final loss by the full-batch loss', async () => {
    const { objective, seen } = recording();
    const outcome = await runPatch(objective, [0], patch);
    const full = (p: number) =>
      Array.from({ length: 10 }, (_, i) => (p - i) ** 2).reduce((a, b) => a + b) / 10;
    expect(outcome.final.loss).toBeCloseTo(full(outcome.final.params[0]!), 12);
    expect(outcome.best.loss).toBeCloseTo(full(outcome.best.params[0]!), 12);
    expect([0, 3, 6, 9]).toContain(outcome.best.t);
    expect(seen.filter(({ indices }) => indices.length === 10).length).toBeGreaterThan(3);
  });

  it('determine the best loss and early stopping by the validation loss, if there is one', async () => {
    const { objective } = recording();
    const losses = [5, 4, 3, 6, 7, 8];
    let calls = 0;
    const epochs: number[] = [];
    const outcome = await runPatch(
      objective,
      [0],
      { ...patch, epochs: 9, earlyStopping: { patience: 2, minDelta: 0 } },
      { onStep() {}, onEpoch: ({ watched }) => epochs.push(watched) },
      () => losses[calls++]!,
    );
    expect(epochs).toEqual([4, 3, 6, 7]);
    expect([outcome.stopped, outcome.steps]).toEqual(['earlyStopping', 12]);
    expect([outcome.best.loss, outcome.best.t]).toEqual([3, 6]);
  });

  it('count a first epoch above the start as no improvement', async () => {
    const { objective } = recording();
    const losses = [5, 6, 7];
    let calls = 0;
    const outcome = await runPatch(
      objective,
      [0],
      { ...patch, epochs: 9, earlyStopping: { patience: 2, minDelta: 0 } },
      undefined,
      () => losses[calls++]!,
    );
    expect([outcome.stopped, outcome.steps]).toEqual(['earlyStopping', 6]);
    expect([outcome.best.loss, outcome.best.t]).toEqual([5, 0]);
  });

  it('include the final point in the best loss even within an epoch', async () => {
    const { objective } = recording();
    const full = await runPatch(objective, [0], { ...patch, epochs: null, steps: 4 });
    expect([full.best.t, full.best.loss]).toEqual([4, full.final.loss]);
    const losses = [5, 4, 1];
    let calls = 0;
    const validated = await runPatch(
      objective,
      [0],
      { ...patch, epochs: null, steps: 4 },
      undefined,
      () => losses[calls++]!,
    );
    expect([validated.best.t, validated.best.loss, calls]).toEqual([4, 1, 3]);
  });
});

describe('central differences', () => {
  it.each(['rosenbrock', 'beale', 'anisotropicQuadratic'] as const)(
    'agree with the gradient of %s up to the error of the method',
    async (name) => {
      const exact = analyticObjective(name);
      const differences = withFiniteDifferences(exact.dim, exact.value);
      const open = () => ({ step: 1, epoch: 0, indices: [], random: () => 0 });
      for (const point of [
        [-1.2, 1],
        [0.3, -0.7],
        [2, 3],
      ]) {
        const [wanted, got] = [new Float64Array(2), new Float64Array(2)];
        const params = Float64Array.from(point);
        const loss = exact.valueAndGradient(params, wanted, open) as number;
        differences.valueAndGradient(params, got, open);
        // The truncation error is h²·f‴/6 and the rounding error ε·f/h, with h = ε^⅓·max(1, abs(x)); here f‴
        // ≤ 2400·abs(x).
        const h = Math.cbrt(Number.EPSILON) * 3;
        const error = (h * h * 2400 * 3) / 6 + (4 * Number.EPSILON * Math.abs(loss)) / (h / 3);
        for (const [i, value] of wanted.entries()) expect(Math.abs(got[i]! - value)).toBeLessThan(error);
      }
    },
  );
});
