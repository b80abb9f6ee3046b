import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';

/** The RMS_t from which v is too small, and the number of steps within which the loss must jump. */
const lagging = 2.3;
const horizon = 20;

const bench = (patch = {}, dim = 1) =>
  new RuleBench(
    'stale-second-moment',
    { optimizer: { name: 'adam', lr: 0.3, beta2: 0.5 }, steps: 1000, ...patch },
    { dim },
  );
/** v at which vHat = 1: at age 1 and beta2 = 0.5, bias correction doubles v. */
const half = { age: 1, state: { v: 0.5 } };
/** A run whose loss falls from 100 to 0, up to step t, with RMS_t at most 1. */
const calm = (t: number, run = bench()) =>
  run.step({ loss: 100, ...half }).steps(t - 1, { loss: 0, ...half });
/** A step with RMS_t = rms. */
const grown = (run: RuleBench, rms: number) => run.step({ loss: 0, grad: rms, ...half });
/** The loss jumps after this number of steps. */
const jump = (run: RuleBench, after: number) =>
  run.steps(after - 1, { loss: 0, ...half }).step({ loss: 50, ...half });

describe('stale second moment', () => {
  it('is reported when the gradients grow and then the loss jumps', () => {
    const { finding } = jump(grown(calm(99), 3), 5);
    expect(finding).toMatchObject({
      severity: 'warning',
      steps: [100, 105],
      evidence: { rms: 3, rmsStep: 100, loss: 50, lossBefore: 0, lr: 0.3 },
    });
    expect(jump(calm(100), 5).found).toEqual([]);
    expect(grown(calm(99), 3).steps(100, { loss: 0, ...half }).found).toEqual([]);
  });

  it('states the maximum of the whole rise, not the loss of the step at which it begins', () => {
    const run = jump(grown(calm(99), 3), 5);
    run.step({ loss: 70, ...half }).step({ loss: 60, ...half });
    expect(run.finding).toMatchObject({ steps: [100, 106], evidence: { loss: 70 } });
    expect(run.finding!.detail).toContain('to 70 at step 106');
    // A later spike is another one.
    run.steps(200, { loss: 0, ...half }).step({ loss: 90, ...half });
    expect(run.finding!.evidence.loss).toBe(70);
  });

  it.each([
    [lagging, 1],
    [lagging - 0.001, 0],
  ])('at an RMS_t of %d, is reported %d times', (rms, count) => {
    expect(jump(grown(calm(99), rms), 5).found).toHaveLength(count);
    expect(jump(grown(calm(99), -rms), 5).found).toHaveLength(count);
  });

  it.each([
    [1, 1],
    [horizon, 1],
    [horizon + 1, 0],
  ])('with a jump %d steps later, is reported %d times', (after, count) => {
    expect(jump(grown(calm(99), 3), after).found).toHaveLength(count);
  });

  it('computes RMS_t at every second step', () => {
    expect(jump(grown(calm(98), 3), 5).found).toEqual([]);
  });

  it('computes RMS_t also at the step of the jump', () => {
    const at = (t: number) => calm(t - 1).step({ loss: 50, grad: 3, ...half }).range;
    expect(at(100)).toEqual([100, 100]);
    expect(at(101)).toEqual([101, 101]);
  });

  it('reports the largest RMS_t within the horizon', () => {
    const two = (first: number, second: number, apart: number) =>
      jump(grown(grown(calm(99), first).steps(apart - 1, { loss: 0, ...half }), second), 5).finding?.evidence;
    expect(two(5, 3, 4)).toMatchObject({ rms: 5, rmsStep: 100 });
    expect(two(3, 5, 4)).toMatchObject({ rms: 5, rmsStep: 104 });
    expect(two(5, 3, horizon + 2)).toMatchObject({ rms: 3, rmsStep: 100 + horizon + 2 });
  });

  it('takes the root mean square over all coordinates', () => {
    // √((5² + 0 + 0 + 0)/4) = 2.5, √((5² + 4 · 0)/5) = 2.24.
    const one = (dim: number) => {
      const run = bench({}, dim);
      const grad = Array.from({ length: dim }, (_, i) => (i === 0 ? 5 : 0));
      return jump(calm(99, run).step({ loss: 0, grad, ...half }), 5).finding?.evidence.rms;
    };
    expect(one(4)).toBe(2.5);
    expect(one(5)).toBeUndefined();
  });

  it('is not reported if v averages over a gradient that was as large', () => {
    // v at which vHat = 1, with a beta2 of 0.99: a memory of 100 steps.
    const one = { age: 1, state: { v: 0.01 } };
    const again = (earlier: number, steps: number) => {
      const run = bench({ optimizer: { name: 'adam', lr: 0.3, beta2: 0.99 } });
      run.step({ loss: 100, ...one }).steps(98, { loss: 0, ...one });
      run.step({ loss: 0, grad: earlier, ...one }).steps(steps - 1, { loss: 0, ...one });
      return run.step({ loss: 0, grad: 3, ...one }).step({ loss: 50, ...one }).found.length;
    };
    expect(again(3.01, 50)).toBe(0);
    expect(again(2.99, 50)).toBe(1);
    expect(again(3.01, 100)).toBe(1);
  });

  it('divides by eps if it is larger than √vHat, and counts a gradient of 0 as no growth', () => {
    const small = (grad: number, eps: number) => {
      const run = bench({ optimizer: { name: 'adam', beta2: 0.5, eps } });
      run.step({ loss: 100, grad: 0, ...half }).steps(98, { loss: 0, grad: 0, ...half });
      return jump(run.step({ loss: 0, grad, age: 1, state: { v: 1e-20 } }), 5).found.length;
    };
    expect(small(2.31e-4, 1e-4)).toBe(1);
    expect(small(2.29e-4, 1e-4)).toBe(0);
    expect(small(0, 0)).toBe(0);
  });

  it('ignores a coordinate without gradient and v', () => {
    const run = bench({ optimizer: { name: 'adam', beta2: 0.5, eps: 0 } }, 2);
    calm(99, run).step({ loss: 0, grad: [0, 4], age: 1, state: { v: [0, 0.5] } });
    expect(jump(run, 5).finding!.evidence.rms).toBeCloseTo(Math.sqrt(8), 12);
  });

  it('corrects the bias of v with the age of the optimizer', () => {
    // vHat = v/(1 − 0.5²), so v = 0.75 gives 1.
    const aged = (grad: number) =>
      jump(calm(99).step({ loss: 0, grad, age: 2, state: { v: 0.75 } }), 5).found.length;
    expect(aged(lagging + 0.001)).toBe(1);
    expect(aged(lagging - 0.001)).toBe(0);
  });

  it('adds an L2 penalty to the gradient', () => {
    const decayed = (weightDecay: number) => {
      const run = bench({ optimizer: { name: 'adam', beta2: 0.5, weightDecay } });
      run.step({ loss: 100, delta: 4, ...half });
      // g + weightDecay · 4 = 0.5 + 2.
      run.steps(98, { loss: 0, ...half, grad: 0 }).step({ loss: 0, grad: 0.5, ...half });
      return run.step({ loss: 50, grad: 0, ...half }).found.length;
    };
    expect(decayed(0.5)).toBe(1);
    expect(decayed(0.4)).toBe(0);
  });

  it('is reported once', () => {
    const run = jump(grown(calm(99), 3), 5);
    // RMS_t is computed at even steps only.
    run.steps(194, { loss: 0, ...half });
    expect(jump(grown(run, 3), 5).found).toHaveLength(1);
  });

  it('does not apply without v, and ignores the steps of an optimizer without v', () => {
    expect(bench({ optimizer: { name: 'sgd' } }).rule).toBeNull();
    const switched = bench({
      optimizer: { name: 'sgd' },
      switch: { to: { name: 'adam', beta2: 0.5 }, at: 50 },
    });
    expect(jump(calm(99, switched).step({ loss: 0, grad: 3, phase: 0, ...half }), 5).found).toEqual([]);
    const after = bench({ optimizer: { name: 'sgd' }, switch: { to: { name: 'adam', beta2: 0.5 }, at: 50 } });
    expect(jump(calm(99, after).step({ loss: 0, grad: 3, phase: 1, ...half }), 5).found).toHaveLength(1);
  });

  it('proposes a shorter memory, and a learning rate divided by the growth of the gradients', () => {
    const long = bench({ optimizer: { name: 'adam', lr: 0.3, beta2: 0.999 } });
    const aged = { age: 1, state: { v: 1e-3 } };
    long.step({ loss: 100, ...aged }).steps(98, { loss: 0, ...aged });
    const { fixes } = long.step({ loss: 0, grad: 30, ...aged }).step({ loss: 50, ...aged }).finding!;
    expect(fixes.map(({ patch }) => patch!.optimizer)).toEqual([
      { beta2: 0.99 },
      { beta2: 0.95 },
      { lr: 0.01 },
    ]);
  });
});
