import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';

/**
 * Steps between two checks; the √vHat/eps above which gradients once were large; the share of the largest
 * gradient that may be rounding.
 */
const every = 50;
const wasLarge = 100;
const rounding = 2 ** -40;
const eps = 1e-8;

/** RMSprop divides by √v + eps, and does not correct the bias of v. */
const bench = (patch = {}, dim = 1) =>
  new RuleBench(
    'eps-dominates',
    { optimizer: { name: 'rmsprop', lr: 0.1, eps }, steps: 1000, ...patch },
    { dim },
  );
/** Steps with √v = `root`, and a gradient of 1e-9 unless given. */
const stepsWithRoot = (of: RuleBench, count: number, root: number, grad: number | readonly number[] = 1e-9) =>
  of.steps(count, { loss: 1, grad, state: { v: root ** 2 } });

describe('eps dominates', () => {
  it('is reported after two checks', () => {
    // √v is large enough in the first steps, so that eps does not dominate there.
    const started = () => stepsWithRoot(bench(), every - 1, 2 * eps);
    const run = stepsWithRoot(started(), every, 1e-9);
    expect(run.found).toEqual([]);
    const { finding } = stepsWithRoot(run, 1, 1e-9);
    expect(finding).toMatchObject({ severity: 'warning', steps: [every, 2 * every], coordinates: [0] });
    expect(finding!.evidence.eps).toBe(eps);
    expect(finding!.evidence.rootV).toBeCloseTo(1e-9, 18);
    expect(finding!.evidence.largestRootV).toBeCloseTo(2 * eps, 18);
    expect(finding!.evidence.share).toBeCloseTo(1 - 1 / 11, 9);
    expect(finding!.fixes[0]!.patch).toEqual({ optimizer: { eps: 1e-12 } });
    // The two checks must be consecutive.
    expect(
      stepsWithRoot(stepsWithRoot(stepsWithRoot(started(), 1, 1e-9), every, 2 * eps), every, 1e-9).found,
    ).toEqual([]);
  });

  it('is extended while eps dominates, and to the end of the run if it still does', () => {
    const run = stepsWithRoot(bench(), 2 * every, 1e-9);
    expect(stepsWithRoot(run, 800, 2 * eps).finish().range).toEqual([1, 2 * every]);
    expect(stepsWithRoot(bench(), 2 * every + 30, 1e-9).finish().range).toEqual([1, 2 * every + 30]);
  });

  it('also counts the first steps', () => {
    expect(stepsWithRoot(bench(), every - 1, 1e-9).found).toEqual([]);
    expect(stepsWithRoot(bench(), every, 1e-9).range).toEqual([1, every]);
  });

  it.each([
    [0.99, 1],
    [1.01, 0],
  ])('with √v = %d eps, is reported %d times', (share, count) => {
    expect(stepsWithRoot(bench(), 2 * every, share * eps).found).toHaveLength(count);
  });

  it.each([
    [0.99, 1],
    [1.01, 0],
  ])('with √v once at %d times the limit for large gradients, is reported %d times', (share, count) => {
    for (const t of [0, 1, 2, every - 1]) {
      const run = stepsWithRoot(
        stepsWithRoot(stepsWithRoot(bench(), t, 1e-9), 1, share * wasLarge * eps),
        3 * every - t,
        1e-9,
      );
      expect(run.found, `at step ${t + 1}`).toHaveLength(count);
    }
  });

  it('checks only every fiftieth step and the first three', () => {
    for (const t of [3, 4, every - 2, every]) {
      const run = stepsWithRoot(
        stepsWithRoot(stepsWithRoot(bench(), t, 1e-9), 1, 2 * wasLarge * eps),
        3 * every - t,
        1e-9,
      );
      expect(run.found, `at step ${t + 1}`).toHaveLength(1);
    }
  });

  it('needs a nonzero gradient', () => {
    expect(stepsWithRoot(bench(), 2 * every, 0, 0).found).toEqual([]);
    expect(stepsWithRoot(bench({}, 2), 2 * every, 1e-9, [1e-9, 0]).finding!.coordinates).toEqual([0]);
  });

  it('ignores gradients that may be rounding errors of the largest one', () => {
    const two = (share: number) =>
      stepsWithRoot(bench({}, 2), 2 * every, 1e-9, [1e-9, -1e-9 * share * rounding]);
    expect(two(1.01).finding!.coordinates).toEqual([0, 1]);
    expect(two(0.99).finding!.coordinates).toEqual([0]);
  });

  it('is checked for each coordinate separately', () => {
    const run = bench({}, 2).steps(2 * every, { loss: 1, grad: 1e-9, state: { v: [eps ** 2 * 4, 1e-18] } });
    expect(run.finding!.coordinates).toEqual([1]);
    // eps dominates each of the two coordinates at every second check only.
    const turns = bench({}, 2).steps(6 * every, (k) => {
      const look = Math.floor(k / every);
      return {
        loss: 1,
        grad: 1e-9,
        state: { v: [1, 2].map((i) => (look % 2 === i % 2 && look > 0 ? 1e-18 : 1e-14)) },
      };
    });
    expect(turns.found).toEqual([]);
  });

  it('corrects the bias of v if the optimizer does', () => {
    // With beta2 = 0.5 at age 1, vHat = 2v.
    const adam = (root: number) =>
      bench({ optimizer: { name: 'adam', beta2: 0.5, eps } }).steps(2 * every, {
        loss: 1,
        grad: 1e-9,
        age: 1,
        state: { v: root ** 2 / 2 },
      });
    expect(adam(1.01 * eps).found).toEqual([]);
    expect(adam(0.99 * eps).found).toHaveLength(1);
  });

  it.each<[string, object]>([
    ['sgd, which has none', { optimizer: { name: 'sgd' } }],
    ['an eps of 0', { optimizer: { name: 'rmsprop', eps: 0 } }],
  ])('does not apply: %s', (_, patch) => {
    expect(bench(patch).rule).toBeNull();
  });

  it('ignores the steps of an optimizer without eps, after a switch', () => {
    const switched = { switch: { to: { name: 'sgd' }, at: 10 } };
    expect(bench(switched).steps(2 * every, { loss: 1, grad: 1e-9, phase: 1 }).found).toEqual([]);
  });

  it('is extended to the end of the run', () => {
    const run = stepsWithRoot(bench(), 3 * every, 1e-9);
    expect(run.range).toEqual([1, 3 * every]);
    expect(stepsWithRoot(run, 20, 1e-9).range).toEqual([1, 3 * every]);
    expect(run.finish().range).toEqual([1, 3 * every + 20]);
    expect(run.found).toHaveLength(1);
  });

  it('is not reported beside a plateau of class eps-stall', () => {
    expect(
      stepsWithRoot(stepsWithRoot(bench(), 1, 1e-9).post('plateau', 'eps-stall'), 2 * every, 1e-9).found,
    ).toEqual([]);
    expect(
      stepsWithRoot(bench(), 2 * every, 1e-9)
        .post('plateau', 'eps-stall')
        .finish().found,
    ).toEqual([]);
    expect(
      stepsWithRoot(bench(), 2 * every, 1e-9)
        .post('plateau', 'converged')
        .finish().found,
    ).toHaveLength(1);
  });
});
