import { describe, expect, it } from 'vitest';
import type { Probing } from '../../../../src/core/diagnosis/probes/probe';
import { diagnosed } from '../support/diagnosed';
import { bowl, problem } from '../support/problems';
import { RuleBench } from '../support/ruleBench';

/**
 * The least number of steps and of epochs without a gradient; steps between two checks; the largest number of
 * probes.
 */
const stepsAtLeast = 20;
const epochs = 2;
const every = 10;
const looksAtMost = 50;
/** From this number of parameters on, the finding is no warning if fewer than half have no gradient. */
const manyParameters = 10;

interface Around {
  readonly probing: Probing;
  /** The points at which the loss was evaluated. */
  readonly points: number[][];
  readonly openedAt: number[];
}

/** A loss whose gradient at points beside the path is `beside`, and whose value there is `value`. */
function around(dim: number, beside: (point: Float64Array, i: number) => number, value = 1): Around {
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
          return value;
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

/** Makes steps with this gradient, and probes when the rule requests it; returns the number of probes. */
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
    // The steps alone do not show it.
    expect(zero(await diagnosed(unused, adam(60)))).toEqual([]);
  });

  it('is not reported on an axis of symmetry, or for two factors that are both 0', async () => {
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

  it('is not reported for a run that has reached a flat region', async () => {
    // max(0, x − 1) is flat where the run ends.
    const hinge = problem([1.05], ([x], grad) => {
      grad[0] = x! > 1 ? 1 : 0;
      return Math.max(0, x! - 1);
    });
    expect(zero(await diagnosed(hinge, adam(100), { around: true }))).toEqual([]);
  });

  it('is withdrawn when an inactive unit becomes active', async () => {
    // The loss depends on y once x < 0.5.
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

  it('is not reported for a loss that uses all parameters', async () => {
    expect(zero(await diagnosed(bowl([1, 2], [1, 1]), adam(60), { around: true }))).toEqual([]);
  });
});

describe('zero gradient', () => {
  it('needs 20 steps in a row, checked at every tenth step', async () => {
    const run = bench(2, flat(2));
    await looked(run, stepsAtLeast - 1, [1, 0]);
    expect(run.found).toEqual([]);
    await looked(run, 1, [1, 0]);
    expect(run.finding).toMatchObject({ steps: [1, 20], coordinates: [1], evidence: { count: 1, since: 1 } });
    // 19 steps without a gradient at step 20, and 29 at step 30.
    const later = bench(2, flat(2));
    await looked(later, 1, [1, 1]);
    await looked(later, 28, [1, 0]);
    expect(later.found).toEqual([]);
    await looked(later, 1, [1, 0]);
    expect(later.range).toEqual([2, 30]);
  });

  it('needs two epochs', async () => {
    const stepsPerEpoch = 25;
    const run = bench(2, flat(2), stepsPerEpoch);
    await looked(run, epochs * stepsPerEpoch - 1, [1, 0]);
    expect(run.found).toEqual([]);
    await looked(run, 1, [1, 0]);
    expect(run.range).toEqual([1, epochs * stepsPerEpoch]);
  });

  it('probes on both sides, at a distance of a hundredth of the parameters', async () => {
    const there = flat(4);
    const run = bench(4, there);
    run.step({ loss: 1, grad: [1, 0, 0, 0], delta: [7, 3, -0.5, -4] });
    await looked(run, stepsAtLeast - 1, [1, 0, 0, 0]);
    expect(there.points.slice(0, 2)).toEqual([
      [7, 3.03, -0.49, -3.96],
      [7, 2.97, -0.51, -4.04],
    ]);
    expect(new Set(there.openedAt)).toEqual(new Set([stepsAtLeast]));
    const at = [7, 3, -0.5, -4];
    const shares = there.points
      .slice(2)
      .map((point) => point.map((theta, i) => (theta - at[i]!) / Math.max(1, Math.abs(at[i]!))));
    // All coordinates at once, to opposite sides: near, and then farther away.
    expect(shares).toHaveLength(8);
    for (const [k, most] of [0.01, 0.01, 0.1, 0.1, 1, 1, 3, 3].entries())
      for (const share of shares[k]!) {
        expect(Math.abs(share)).toBeLessThanOrEqual(most * (1 + 1e-12));
        expect(Math.abs(share)).toBeGreaterThanOrEqual(most / 2 - 1e-12);
      }
    for (const k of [0, 2, 4, 6])
      shares[k]!.forEach((share, i) => {
        expect(share).toBeCloseTo(-shares[k + 1]![i]!, 12);
      });
  });

  it.each([
    [1, 'above'],
    [-1, 'below'],
  ])('needs a gradient of 0 on both sides: %d, nonzero %s', async (side) => {
    const run = bench(
      2,
      around(2, (point, i) => (i === 1 && point[1]! * side > 0 ? 1e-300 : 0)),
    );
    await looked(run, 100, [1, 0]);
    expect(run.found).toEqual([]);
  });

  it('needs a gradient of 0 also where the other coordinates are displaced', async () => {
    // The factor of the second coordinate is 0 at the start of the others.
    const run = bench(
      3,
      around(3, (point, i) => (i === 1 ? point[2]! : 0)),
    );
    await looked(run, 100, [1, 0, 1]);
    expect(run.found).toEqual([]);
  });

  it.each([
    ['a gradient', (far: boolean, i: number) => (far && i === 1 ? 1 : 0), () => 1, 'Elsewhere'],
    ['a change of the loss', () => 0, (far: boolean) => (far ? 2 : 1), 'depends on it without a derivative'],
    ['nothing', () => 0, () => 1, 'The loss likely does not use it'],
  ] as const)('says what was seen farther away: %s', async (_, gradientAt, lossAt, words) => {
    const isFar = ([, y]: Float64Array) => Math.abs(y!) > 1.2;
    const probing: Probing = {
      objective: {
        dim: 2,
        gradientMode: 'provided',
        value: (point) => lossAt(isFar(point)),
        valueAndGradient(point, grad) {
          for (let i = 0; i < 2; i++) grad[i] = gradientAt(isFar(point), i);
          return lossAt(isFar(point));
        },
      },
      open: (t) => () => ({ step: t, epoch: 0, indices: [], random: () => 0.5 }),
      indicesOf: () => [],
    };
    const run = bench(2, { probing, points: [], openedAt: [] });
    await looked(run, stepsAtLeast, [1, 0]);
    expect(run.finding!.detail).toContain(words);
  });

  it('probes each coordinate separately', async () => {
    const run = bench(
      4,
      around(4, (_, i) => (i === 2 ? 1 : 0)),
    );
    await looked(run, stepsAtLeast, [1, 0, 0, 0]);
    expect(run.finding).toMatchObject({ coordinates: [1, 3], evidence: { count: 2 } });
  });

  it('probes a coordinate only once, until it has had a gradient again', async () => {
    const there = around(2, (_, i) => i);
    const run = bench(2, there);
    expect(await looked(run, 200, [1, 0])).toBe(1);
    await looked(run, 1, [1, 1]);
    expect(await looked(run, 200, [1, 0])).toBe(1);
  });

  it('limits the number of probes', async () => {
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

  it('is reported for a lost gradient while other coordinates still have one', async () => {
    const run = bench(2, flat(2));
    await looked(run, 5, [1, 1]);
    await looked(run, 25, [1, 0]);
    expect(run.finding).toMatchObject({ steps: [6, 30], coordinates: [1] });
    const floor = bench(2, flat(2));
    await looked(floor, 5, [1, 1]);
    await looked(floor, 100, [0, 0]);
    expect(floor.found).toEqual([]);
    // Where the others had a gradient in a few steps only, the terms of a coordinate may have cancelled in them.
    const seldom = bench(2, flat(2));
    await looked(seldom, 5, [1, 0]);
    await looked(seldom, 60, [0, 0]);
    expect(seldom.found).toEqual([]);
    // A coordinate that never had a gradient is reported even if no other coordinate has one any more.
    const never = bench(2, flat(2));
    await looked(never, 19, [1, 0]);
    await looked(never, 1, [1, 0]);
    await looked(never, 25, [0, 0]);
    expect(never.finding!.coordinates).toEqual([1]);
    expect(never.finding!.headline).toContain('does not change with theta[1]');
    expect(never.finding!.detail).toContain('The loss likely does not use it');
    expect(run.finding!.advice).toContain('a limit that is met');
    expect(run.finding!.detail).toContain(
      'Earlier the gradient was not 0: the parameter has become inactive',
    );
  });

  it('refers to the loss as a whole if it concerns all of several coordinates', async () => {
    const all = bench(2, flat(2));
    await looked(all, stepsAtLeast, [0, 0]);
    expect(all.finding).toMatchObject({ coordinates: [0, 1], subject: null });
    expect(all.finding!.headline).toContain('theta[0] and theta[1]');
    expect(all.finding!.detail).toContain('The loss likely does not use them');
    const one = bench(1, flat(1));
    await looked(one, stepsAtLeast, [0]);
    expect(one.finding!.subject).toEqual({ kind: 'parameter', index: 0 });
  });

  it.each([
    [manyParameters, manyParameters / 2 - 1, 'info'],
    [manyParameters, manyParameters / 2, 'warning'],
    [manyParameters - 1, 1, 'warning'],
  ])(
    'has severity info while most coordinates move: of %d parameters %d, %s',
    async (dim, count, severity) => {
      const run = bench(dim, flat(dim));
      await looked(
        run,
        stepsAtLeast,
        Array.from({ length: dim }, (_, i) => (i < count ? 0 : 1)),
      );
      expect(run.finding).toMatchObject({ severity, evidence: { count } });
    },
  );

  it.each([
    // fl = 64 ε ≈ 1.4e-14 at a loss of 1: a sum of terms is rounded differently beside the path.
    [0, false, 'changed neither the loss nor this gradient'],
    [1.8e-15, false, 'changed the loss by no more than its rounding error'],
    [-1.4e-14, false, 'changed the loss by no more than its rounding error'],
    [1.5e-14, true, 'A rounding, a comparison or an index removes the derivative'],
  ])('with a change of the loss by %d, says that the loss changes: %s', async (change, isChanged, words) => {
    const run = bench(
      2,
      around(2, () => 0, 1 + change),
    );
    await looked(run, 40, [1, 0]);
    const { headline, detail } = run.finding!;
    expect(headline.includes('although the loss changes')).toBe(isChanged);
    expect(detail).toContain(words);
  });

  it('reports how many coordinates had a gradient earlier', async () => {
    const run = bench(3, flat(3));
    await looked(run, 1, [1, 1, 0]);
    await looked(run, 60, [1, 0, 0]);
    expect(run.finding!.detail).toContain('1 of 2 had a gradient earlier');
  });

  it('is one finding to which later coordinates are added', async () => {
    const run = bench(3, flat(3));
    await looked(run, 40, [1, 1, 0]);
    await looked(run, 40, [1, 0, 0]);
    expect(run.found).toHaveLength(1);
    // The second coordinate is found at step 60; `since` is that of the first one.
    expect(run.finding).toMatchObject({
      coordinates: [2, 1],
      steps: [1, 60],
      evidence: { count: 2, since: 1 },
    });
    expect(run.finish().range).toEqual([1, 80]);
  });

  it('removes a coordinate that has a gradient again', async () => {
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
    // A coordinate may lose its gradient again: the last one then has 20 such steps at step 70, the other at
    // step 80.
    await looked(run, 30, [1, 0, 0]);
    expect(run.finding!.coordinates).toEqual([2, 1]);
  });

  it('notices a gradient at any step between two checks', async () => {
    for (let at = 1; at <= every; at++) {
      const run = bench(2, flat(2));
      await looked(run, 40, [1, 0]);
      await looked(run, at - 1, [1, 0]);
      await looked(run, 1, [1, 1]);
      await looked(run, every - at, [1, 0]);
      expect(run.found, `step ${40 + at}`).toEqual([]);
    }
  });

  it('does not probe without permission to evaluate the loss', async () => {
    const run = new RuleBench('zero-gradient', plain, { dim: 2 });
    expect(await looked(run, 50, [1, 0])).toBe(0);
    expect(run.found).toEqual([]);
  });
});

describe('zero-gradient of very many coordinates', () => {
  const dim = 300_000;
  const evaluated = { count: 0 };
  const probing: Probing = {
    ...around(1, () => 0).probing,
    objective: {
      dim,
      gradientMode: 'provided',
      value: () => 1,
      valueAndGradient(_, grad) {
        evaluated.count++;
        grad.fill(0);
        return 1;
      },
    },
  };
  const some = Array.from({ length: dim }, (_, i) => (i === 5 ? 0 : 1));

  it.each([
    ['not checked in a run that is too short for it', 50, some, []],
    ['checked in a longer one', 1000, some, [5]],
    ['checked in a short one if there is no gradient at all', 50, some.map(() => 0), [0]],
  ])('is %s', async (_, steps, grad, coordinates) => {
    const run = new RuleBench('zero-gradient', { optimizer: { name: 'sgd' }, steps }, { dim, probing });
    evaluated.count = 0;
    await looked(run, 25, grad);
    const found = run.board.findings.flatMap((finding) => finding.coordinates.slice(0, 1));
    expect(found).toEqual(coordinates);
    if (coordinates.length === 0) expect(evaluated.count).toBe(0);
  });
});
