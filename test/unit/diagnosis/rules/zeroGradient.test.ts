import { describe, expect, it } from 'vitest';
import type { Probing } from '../../../../src/core/diagnosis/probes/probe';
import { diagnosed } from '../support/diagnosed';
import { bowl, problem } from '../support/problems';
import { RuleBench } from '../support/ruleBench';

/** Steps without a gradient, in epochs too, between looks, and looks at most. */
const stepsAtLeast = 20;
const epochs = 2;
const every = 10;
const looksAtMost = 50;
/** Of so many parameters less than half that stand still are no warning. */
const manyParameters = 10;

interface Around {
  readonly probing: Probing;
  /** Where the loss was looked at. */
  readonly points: number[][];
  readonly openedAt: number[];
}

/** A loss whose gradient beside the path is `beside`. */
function around(dim: number, beside: (point: Float64Array, i: number) => number): Around {
  const points: number[][] = [];
  const openedAt: number[] = [];
  return {
    points,
    openedAt,
    probing: {
      objective: {
        dim,
        gradientMode: 'provided',
        value: () => 1,
        valueAndGradient(point, grad) {
          points.push([...point]);
          for (let i = 0; i < dim; i++) grad[i] = beside(point, i);
          return 1;
        },
      },
      open(t) {
        openedAt.push(t);
        return () => ({ step: t, epoch: 0, indices: [], random: () => 0.5 });
      },
      indicesOf: () => [],
    },
  };
}

const flat = (dim: number) => around(dim, () => 0);
const plain = { optimizer: { name: 'sgd' }, steps: 5000 };
const bench = (dim: number, { probing }: Around, stepsPerEpoch = 1) =>
  new RuleBench('zero-gradient', stepsPerEpoch > 1 ? { ...plain, samples: 50, batch: 10 } : plain, {
    dim,
    probing,
    stepsPerEpoch,
  });

/** Steps with the gradient, and looks where the rule wants one. */
async function looked(run: RuleBench, count: number, grad: readonly number[]): Promise<number> {
  let looks = 0;
  for (let k = 0; k < count; k++) {
    run.step({ loss: 1, grad });
    if (await run.look()) looks++;
  }
  return looks;
}

describe('zero gradient, on real losses', () => {
  const adam = (steps: number, more = {}) => [{ optimizer: { name: 'adam', lr: 0.01 }, steps, ...more }];
  const zero = ({ labels }: { labels: readonly string[] }) =>
    labels.filter((label) => label === 'zero-gradient');

  it('names a parameter that the loss does not use', async () => {
    const unused = problem([1, 2], ([x], grad) => {
      grad[0] = 2 * x!;
      grad[1] = 0;
      return x! * x!;
    });
    const { of } = await diagnosed(unused, adam(60), { around: true });
    expect(of('zero-gradient')).toMatchObject({ severity: 'warning', coordinates: [1], steps: [1, 60] });
    expect(of('zero-gradient')!.subject).toEqual({ kind: 'parameter', index: 1 });
    // With the steps alone it cannot be told.
    expect(zero(await diagnosed(unused, adam(60)))).toEqual([]);
  });

  it('says nothing of an axis of symmetry, nor of two factors that are both 0', async () => {
    const saddle = problem([1, 0], ([x, y], grad) => {
      grad[0] = 2 * x!;
      grad[1] = -2 * y!;
      return x! ** 2 - y! ** 2;
    });
    const product = problem([1, 0, 0], ([x, a, b], grad) => {
      grad[0] = 2 * x!;
      grad[1] = b!;
      grad[2] = a!;
      return x! ** 2 + a! * b!;
    });
    for (const loss of [saddle, product])
      expect(zero(await diagnosed(loss, adam(60), { around: true }))).toEqual([]);
  });

  it('says nothing of a run that arrived on a flat floor', async () => {
    // max(0, x − 1), which ends flat.
    const hinge = problem([1.05], ([x], grad) => {
      grad[0] = x! > 1 ? 1 : 0;
      return Math.max(0, x! - 1);
    });
    expect(zero(await diagnosed(hinge, adam(100), { around: true }))).toEqual([]);
  });

  it('is withdrawn where a unit wakes up', async () => {
    // y counts from x = 0.5 on.
    const waking = problem([1, 1], ([x, y], grad) => {
      const isOn = x! < 0.5;
      grad[0] = 2 * x!;
      grad[1] = isOn ? 2 * y! : 0;
      return x! ** 2 + (isOn ? y! ** 2 : 0);
    });
    const asleep = await diagnosed(waking, adam(40), { around: true });
    expect(zero(asleep)).toEqual(['zero-gradient']);
    expect(zero(await diagnosed(waking, adam(200), { around: true }))).toEqual([]);
  });

  it('says nothing of a loss that uses all of them', async () => {
    expect(zero(await diagnosed(bowl([1, 2], [1, 1]), adam(60), { around: true }))).toEqual([]);
  });
});

describe('zero gradient', () => {
  it('takes 20 steps in a row, looked at every tenth', async () => {
    const run = bench(2, flat(2));
    await looked(run, stepsAtLeast - 1, [1, 0]);
    expect(run.found).toEqual([]);
    await looked(run, 1, [1, 0]);
    expect(run.finding).toMatchObject({ steps: [1, 20], coordinates: [1], evidence: { count: 1, since: 1 } });
    // 19 at step 20, 29 at step 30.
    const later = bench(2, flat(2));
    await looked(later, 1, [1, 1]);
    await looked(later, 28, [1, 0]);
    expect(later.found).toEqual([]);
    await looked(later, 1, [1, 0]);
    expect(later.range).toEqual([2, 30]);
  });

  it('takes two epochs', async () => {
    const stepsPerEpoch = 25;
    const run = bench(2, flat(2), stepsPerEpoch);
    await looked(run, epochs * stepsPerEpoch - 1, [1, 0]);
    expect(run.found).toEqual([]);
    await looked(run, 1, [1, 0]);
    expect(run.range).toEqual([1, epochs * stepsPerEpoch]);
  });

  it('looks to both sides, by a hundredth of what the parameters are', async () => {
    const there = flat(4);
    const run = bench(4, there);
    run.step({ loss: 1, grad: [1, 0, 0, 0], delta: [7, 3, -0.5, -4] });
    await looked(run, stepsAtLeast - 1, [1, 0, 0, 0]);
    expect(there.points).toEqual([
      [7, 3.03, -0.49, -3.96],
      [7, 2.97, -0.51, -4.04],
    ]);
    expect(there.openedAt).toEqual([stepsAtLeast, stepsAtLeast]);
  });

  it.each([
    [1, 'above'],
    [-1, 'below'],
  ])('takes no gradient on either side: %d, one %s', async (side) => {
    const run = bench(
      2,
      around(2, (point, i) => (i === 1 && point[1]! * side > 0 ? 1e-300 : 0)),
    );
    await looked(run, 100, [1, 0]);
    expect(run.found).toEqual([]);
  });

  it('asks of each coordinate by itself', async () => {
    const run = bench(
      4,
      around(4, (_, i) => (i === 2 ? 1 : 0)),
    );
    await looked(run, stepsAtLeast, [1, 0, 0, 0]);
    expect(run.finding).toMatchObject({ coordinates: [1, 3], evidence: { count: 2 } });
  });

  it('looks once at a coordinate, until its gradient was back', async () => {
    const there = around(2, (_, i) => i);
    const run = bench(2, there);
    expect(await looked(run, 200, [1, 0])).toBe(1);
    await looked(run, 1, [1, 1]);
    expect(await looked(run, 200, [1, 0])).toBe(1);
  });

  it('looks so many times at most', async () => {
    const run = bench(
      2,
      around(2, (_, i) => i),
    );
    let looks = 0;
    for (let k = 0; k < looksAtMost + 20; k++) {
      looks += await looked(run, 1, [1, 1]);
      looks += await looked(run, 29, [1, 0]);
    }
    expect(looks).toBe(looksAtMost);
  });

  it('tells of a gradient that was lost while others still have one', async () => {
    const run = bench(2, flat(2));
    await looked(run, 5, [1, 1]);
    await looked(run, 25, [1, 0]);
    expect(run.finding).toMatchObject({ steps: [6, 30], coordinates: [1] });
    const floor = bench(2, flat(2));
    await looked(floor, 5, [1, 1]);
    await looked(floor, 100, [0, 0]);
    expect(floor.found).toEqual([]);
    // One that never had any is told of all the same.
    const never = bench(2, flat(2));
    await looked(never, 5, [1, 0]);
    await looked(never, 25, [0, 0]);
    expect(never.finding!.coordinates).toEqual([1]);
    expect(never.finding!.headline).toContain('does not depend on theta[1]');
    expect(never.finding!.detail).toContain('The loss does not use it');
    expect(run.finding!.detail).toContain('Earlier the gradient was not 0: it has become inactive');
  });

  it('is of the loss as a whole where it is all of several', async () => {
    const all = bench(2, flat(2));
    await looked(all, stepsAtLeast, [0, 0]);
    expect(all.finding).toMatchObject({ coordinates: [0, 1], subject: null });
    expect(all.finding!.headline).toContain('theta[0] and theta[1]');
    expect(all.finding!.detail).toContain('The loss does not use them');
    const one = bench(1, flat(1));
    await looked(one, stepsAtLeast, [0]);
    expect(one.finding!.subject).toEqual({ kind: 'parameter', index: 0 });
  });

  it.each([
    [manyParameters, manyParameters / 2 - 1, 'info'],
    [manyParameters, manyParameters / 2, 'warning'],
    [manyParameters - 1, 1, 'warning'],
  ])('is for information where many others move: of %d parameters %d, %s', async (dim, count, severity) => {
    const run = bench(dim, flat(dim));
    await looked(
      run,
      stepsAtLeast,
      Array.from({ length: dim }, (_, i) => (i < count ? 0 : 1)),
    );
    expect(run.finding).toMatchObject({ severity, evidence: { count } });
  });

  it('says of how many there was a gradient once', async () => {
    const run = bench(3, flat(3));
    await looked(run, 1, [1, 1, 0]);
    await looked(run, 60, [1, 0, 0]);
    expect(run.finding!.detail).toContain('1 of 2 had a gradient earlier');
  });

  it('is one finding that others join', async () => {
    const run = bench(3, flat(3));
    await looked(run, 40, [1, 1, 0]);
    await looked(run, 40, [1, 0, 0]);
    expect(run.found).toHaveLength(1);
    // The second is seen at 60, and since is that of the first.
    expect(run.finding).toMatchObject({
      coordinates: [2, 1],
      steps: [1, 60],
      evidence: { count: 2, since: 1 },
    });
    expect(run.finish().range).toEqual([1, 80]);
  });

  it('takes off what moves again', async () => {
    const run = bench(3, flat(3));
    await looked(run, 40, [1, 0, 0]);
    expect(run.finding!.coordinates).toEqual([1, 2]);
    await looked(run, 1, [1, 0, 1]);
    await looked(run, 8, [1, 0, 0]);
    expect(run.finding!.coordinates).toEqual([1, 2]);
    await looked(run, 1, [1, 0, 0]);
    expect(run.finding).toMatchObject({ coordinates: [1], steps: [1, 50] });
    await looked(run, 10, [1, 1, 0]);
    expect(run.found).toEqual([]);
    // And may lose it again: the other one is 20 steps without at 70, this one at 80.
    await looked(run, 30, [1, 0, 0]);
    expect(run.finding!.coordinates).toEqual([2, 1]);
  });

  it('notices a gradient at any step between looks', async () => {
    for (let at = 1; at <= every; at++) {
      const run = bench(2, flat(2));
      await looked(run, 40, [1, 0]);
      await looked(run, at - 1, [1, 0]);
      await looked(run, 1, [1, 1]);
      await looked(run, every - at, [1, 0]);
      expect(run.found, `step ${40 + at}`).toEqual([]);
    }
  });

  it('does not look while there is nothing to look with', async () => {
    const run = new RuleBench('zero-gradient', plain, { dim: 2 });
    expect(await looked(run, 50, [1, 0])).toBe(0);
    expect(run.found).toEqual([]);
  });
});
