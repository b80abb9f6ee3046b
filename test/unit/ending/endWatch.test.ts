import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../src/core/batches';
import { resolveConfig } from '../../../src/core/config/resolve';
import { EndWatch, type EndWatchRequest } from '../../../src/core/ending/endWatch';
import type { RunObserver, RunOutcome } from '../../../src/core/runLoop';
import type { StepView } from '../../../src/core/update';
import { runPatch } from '../../support/run';
import { bowl, problem } from '../diagnosis/support/problems';

const patch = { optimizer: { name: 'adam', lr: 0.01 }, steps: 50 };

/** The evidence at the end of a run, and the number of evaluations that it took. */
async function ended(
  change: Partial<RunOutcome> = {},
  {
    isContextual = false,
    isReliable = true,
    secondsEach = 0,
    saturationAt,
  }: {
    isContextual?: boolean;
    isReliable?: boolean;
    secondsEach?: number;
    saturationAt?: EndWatchRequest['saturationAt'];
  } = {},
) {
  const { objective, start } = bowl([1, 3], [2, -1]);
  let evaluations = 0;
  const beside = problem(start, (p, grad) => {
    evaluations++;
    grad.set([p[0]!, 3 * p[1]!]);
    return 0.5 * p[0]! ** 2 + 1.5 * p[1]! ** 2;
  });
  const { config } = resolveConfig([patch]);
  const batches = batchesOf(null, null, 0);
  const watch = new EndWatch({
    config,
    batches,
    isContextual,
    objective: beside.objective,
    secondsNow: () => evaluations * secondsEach,
    ...(saturationAt ? { saturationAt } : {}),
  });
  let lastLoss = Number.NaN;
  const observer: RunObserver = {
    onStep(step) {
      lastLoss = step.loss;
      return watch.onStep(step);
    },
    onEpoch: (epoch) => watch.onEpoch(epoch),
  };
  const outcome = await runPatch(objective, start, patch, observer);
  const end = await watch.end({ ...outcome, ...change }, isReliable);
  return { end, evaluations, lastFall: lastLoss - outcome.final.loss };
}

describe('the evidence at the end of a run', () => {
  it('contains what a local search from the last point reaches', async () => {
    const { end, evaluations } = await ended();
    expect(end.polished!.loss).toBeLessThan(1e-20);
    expect(end.polished!.evaluations).toBeLessThanOrEqual(45);
    expect(evaluations).toBeGreaterThanOrEqual(end.polished!.evaluations);
    expect(end.beyond).toBeNull();
    expect(end.gradientShare).toBeGreaterThan(0.5);
    expect(end.gradientShare).toBeLessThan(1);
  });

  it('contains the decrease of the last step, where an exact loss falls all the time', async () => {
    const { end, lastFall } = await ended();
    expect(lastFall).toBeGreaterThan(0);
    expect(end.tail!.fallAtEnd).toBe(lastFall);
    const changing = await ended({}, { isContextual: true });
    expect(changing.end.tail?.fallAtEnd).not.toBe(changing.lastFall);
  });

  it.each(['user', 'error', 'nonFinite'] as const)(
    'takes no evaluation after the end by %s',
    async (stopped) => {
      const { end, evaluations } = await ended({ stopped });
      expect(evaluations).toBe(0);
      expect(end.polished).toBeNull();
    },
  );

  it('contains the first loss that is not finite, and its step', () => {
    const { config } = resolveConfig([patch]);
    const watch = new EndWatch({
      config,
      batches: batchesOf(null, null, 0),
      isContextual: false,
      objective: null,
    });
    const infinite = Number.POSITIVE_INFINITY;
    const grad = Float64Array.of(Number.NaN);
    [infinite, Number.NaN].forEach((loss, i) => {
      watch.onStep({
        t: i + 1,
        loss,
        watched: loss,
        grad,
        lastGrad: grad,
        gradNorm: Number.NaN,
        before: grad,
        previous: grad,
        params: grad,
      } as StepView);
    });
    const point = { params: grad, loss: Number.NaN, gradNorm: Number.NaN };
    const outcome = {
      steps: 2,
      stopped: 'nonFinite',
      final: point,
      best: { ...point, t: 0 },
    } as unknown as RunOutcome;
    return expect(watch.end(outcome, true)).resolves.toMatchObject({
      firstNonFinite: { t: 1, loss: infinite },
      gradientShare: Number.NaN,
    });
  });

  it('is complete, also if the loss cannot be traced at the last point', async () => {
    const { end } = await ended({}, { saturationAt: () => Promise.reject(new Error('not loaded twice')) });
    expect(end.saturation).toBeNull();
    expect(end.polished).not.toBeNull();
  });

  it('ends a local search after five seconds, and says nothing of what it had reached', async () => {
    expect((await ended({}, { secondsEach: 1.5 })).end.polished).toBeNull();
    expect((await ended({}, { secondsEach: 0.01 })).end.polished).not.toBeNull();
  });

  it('evaluates a loss that differs from step to step only at two points, if its mean gradient is not 0', async () => {
    const { evaluations } = await ended({}, { isContextual: true });
    expect(evaluations).toBeGreaterThan(0);
    expect(evaluations).toBeLessThanOrEqual(2 * 60);
  });

  it('contains no local search along a gradient that is not that of the loss', async () => {
    expect((await ended({}, { isReliable: false })).end.polished).toBeNull();
  });
});
