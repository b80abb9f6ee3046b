import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';

/** Steps between looks; √vHat over eps from which gradients were large once; the share of the largest that may be rounding. */
const every = 50;
const wasLarge = 100;
const rounding = 2 ** -40;
const eps = 1e-8;

/** RMSprop: √v + eps divides, and v is corrected by nothing. */
const bench = (patch = {}, dim = 1) =>
  new RuleBench(
    'eps-dominates',
    { optimizer: { name: 'rmsprop', lr: 0.1, eps }, steps: 1000, ...patch },
    { dim },
  );
/** Steps with √v at `root`; gradients of 1e-9 unless given. */
const held = (of: RuleBench, count: number, root: number, grad: number | readonly number[] = 1e-9) =>
  of.steps(count, { loss: 1, grad, state: { v: root ** 2 } });

describe('eps dominates', () => {
  it('takes two looks', () => {
    // Large enough before, so that nothing is held in the first steps.
    const started = () => held(bench(), every - 1, 2 * eps);
    const run = held(started(), every, 1e-9);
    expect(run.found).toEqual([]);
    const { finding } = held(run, 1, 1e-9);
    expect(finding).toMatchObject({ severity: 'warning', steps: [every, 2 * every], coordinates: [0] });
    expect(finding!.evidence.eps).toBe(eps);
    expect(finding!.evidence.rootV).toBeCloseTo(1e-9, 18);
    expect(finding!.evidence.largestRootV).toBeCloseTo(2 * eps, 18);
    expect(finding!.evidence.share).toBeCloseTo(1 - 1 / 11, 9);
    expect(finding!.fixes[0]!.patch).toEqual({ optimizer: { eps: 1e-12 } });
    // Two looks, not two in all.
    expect(held(held(held(started(), 1, 1e-9), every, 2 * eps), every, 1e-9).found).toEqual([]);
  });

  it('lasts while it holds, to the end if it still does', () => {
    const run = held(bench(), 2 * every, 1e-9);
    expect(held(run, 800, 2 * eps).finish().range).toEqual([1, 2 * every]);
    expect(held(bench(), 2 * every + 30, 1e-9).finish().range).toEqual([1, 2 * every + 30]);
  });

  it('tells of the first steps too', () => {
    expect(held(bench(), every - 1, 1e-9).found).toEqual([]);
    expect(held(bench(), every, 1e-9).range).toEqual([1, every]);
  });

  it.each([
    [0.99, 1],
    [1.01, 0],
  ])('√v of %d eps: %d found', (share, count) => {
    expect(held(bench(), 2 * every, share * eps).found).toHaveLength(count);
  });

  it.each([
    [0.99, 1],
    [1.01, 0],
  ])('√v once of %d times what is large: %d found', (share, count) => {
    for (const t of [0, 1, 2, every - 1]) {
      const run = held(held(held(bench(), t, 1e-9), 1, share * wasLarge * eps), 3 * every - t, 1e-9);
      expect(run.found, `at step ${t + 1}`).toHaveLength(count);
    }
  });

  it('looks at every fiftieth step and the first three only', () => {
    for (const t of [3, 4, every - 2, every]) {
      const run = held(held(held(bench(), t, 1e-9), 1, 2 * wasLarge * eps), 3 * every - t, 1e-9);
      expect(run.found, `at step ${t + 1}`).toHaveLength(1);
    }
  });

  it('takes a gradient', () => {
    expect(held(bench(), 2 * every, 0, 0).found).toEqual([]);
    expect(held(bench({}, 2), 2 * every, 1e-9, [1e-9, 0]).finding!.coordinates).toEqual([0]);
  });

  it('leaves out what may be rounding of the largest gradient', () => {
    const two = (share: number) => held(bench({}, 2), 2 * every, 1e-9, [1e-9, -1e-9 * share * rounding]);
    expect(two(1.01).finding!.coordinates).toEqual([0, 1]);
    expect(two(0.99).finding!.coordinates).toEqual([0]);
  });

  it('asks by coordinate', () => {
    const run = bench({}, 2).steps(2 * every, { loss: 1, grad: 1e-9, state: { v: [eps ** 2 * 4, 1e-18] } });
    expect(run.finding!.coordinates).toEqual([1]);
    // Each of two coordinates is held in every second look.
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

  it('corrects v where the optimizer does', () => {
    // beta2 0.5 at an age of 1: vHat is 2v.
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
  ])('has nothing to watch: %s', (_, patch) => {
    expect(bench(patch).rule).toBeNull();
  });

  it('leaves out the optimizer that has none, of two', () => {
    const switched = { switch: { to: { name: 'sgd' }, at: 10 } };
    expect(bench(switched).steps(2 * every, { loss: 1, grad: 1e-9, phase: 1 }).found).toEqual([]);
  });

  it('lasts to the end of the run', () => {
    const run = held(bench(), 3 * every, 1e-9);
    expect(run.range).toEqual([1, 3 * every]);
    expect(held(run, 20, 1e-9).range).toEqual([1, 3 * every]);
    expect(run.finish().range).toEqual([1, 3 * every + 20]);
    expect(run.found).toHaveLength(1);
  });

  it('leaves it to a plateau of the same cause', () => {
    expect(held(held(bench(), 1, 1e-9).post('plateau', 'eps-stall'), 2 * every, 1e-9).found).toEqual([]);
    expect(
      held(bench(), 2 * every, 1e-9)
        .post('plateau', 'eps-stall')
        .finish().found,
    ).toEqual([]);
    expect(
      held(bench(), 2 * every, 1e-9)
        .post('plateau', 'converged')
        .finish().found,
    ).toHaveLength(1);
  });
});
