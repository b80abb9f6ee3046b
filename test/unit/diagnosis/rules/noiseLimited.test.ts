import { describe, expect, it } from 'vitest';
import { affordableEvery, type Probing } from '../../../../src/core/diagnosis/probes/probe';
import { seededRandom } from '../../../../src/core/numerics/random';
import { normal } from '../support/problems';
import { RuleBench } from '../support/ruleBench';

/** The least S/(G² B); the decay rates of the averages; the least number of probes, and how many in a row. */
const far = 10;
const decay = 0.98;
const looksAtLeast = 30;
const inARow = 3;
/** The number of gradients over all samples that are averaged. */
const many = 5;

const batch = 10;
/** The run is so short that every step is probed. */
const patch = { optimizer: { name: 'sgd' }, samples: 40, batch, steps: 50 };

type Halves = readonly [a: readonly number[], b: readonly number[]];

/**
 * A loss whose mini-batch at step t has these gradients on its two halves.
 *
 * @param whole the gradient of the whole mini-batch, computed from those of the halves; their mean unless
 * given
 */
function halved(
  dim: number,
  halves: (t: number) => Halves,
  {
    whole = (a: number, b: number) => (a + b) / 2,
    size = () => batch,
    all = (a, b) => (a + b) / 2,
  }: {
    whole?: (a: number, b: number) => number;
    size?: (t: number) => number;
    /** The gradient over all samples. */
    all?: (a: number, b: number) => number;
  } = {},
): Probing {
  const indicesOf = (t: number) => Array.from({ length: size(t) }, (_, i) => i);
  return {
    objective: {
      dim,
      gradientMode: 'provided',
      value: () => 0,
      valueAndGradient(_, grad, open) {
        const { step, indices } = open();
        const [a, b] = halves(step);
        // The last sample of an odd batch is in neither half.
        const isWhole = indices.length === 2 * (size(step) >> 1);
        const isAll = indices.length === 40;
        for (let i = 0; i < dim; i++)
          grad[i] = isAll
            ? all(a[i]!, b[i]!)
            : isWhole
              ? whole(a[i]!, b[i]!)
              : indices[0] === 0
                ? a[i]!
                : b[i]!;
        return 0;
      },
    },
    open:
      (t, part = indicesOf(t)) =>
      () => ({ step: t, epoch: 0, indices: part, random: () => 0.5 }),
    indicesOf,
  };
}

const bench = (probing: Probing | null, more = {}, stepsPerEpoch = 4) =>
  new RuleBench(
    'noise-limited',
    { ...patch, ...more },
    { dim: probing?.objective.dim ?? 1, stepsPerEpoch, probing },
  );

async function looked(run: RuleBench, count: number): Promise<RuleBench> {
  for (let k = 0; k < count; k++) {
    run.step({ loss: 1 });
    await run.look();
  }
  return run;
}

/** Halves with the gradients 1 ± d: S = B d² and G² = 1. */
const apart = (d: number): Halves => [[1 + d], [1 - d]];

describe('noise-limited', () => {
  it('is reported after thirty probes, three in a row, and five gradients over all samples', async () => {
    const first = looksAtLeast + inARow - 1;
    const run = await looked(bench(halved(1, () => apart(4))), first + many - 2);
    expect(run.found).toEqual([]);
    const { finding } = await looked(run, 1);
    expect(finding).toMatchObject({
      severity: 'info',
      steps: [first, first + many - 1],
      evidence: { batch },
    });
    expect((await looked(run, 3)).range).toEqual([first, first + many + 2]);
    expect(run.found).toHaveLength(1);
  });

  it.each([
    [1.01, 1],
    [0.99, 0],
  ])('at %d times ten batches, is reported %d times', async (share, count) => {
    const squared = share * far;
    const run = await looked(bench(halved(1, () => apart(Math.sqrt(squared)))), 40);
    expect(run.found).toHaveLength(count);
    // Batches are drawn without replacement from forty samples.
    const critical = 1 / (1 / (batch * squared) + 1 / 40);
    if (count > 0) expect(run.finding!.evidence.criticalBatch).toBeCloseTo(critical, 6);
  });

  it('is not reported where the gradient changes its direction between the probes, but is not small', async () => {
    const turning = (size: number) =>
      halved(1, (t) => (t % 2 === 0 ? [[size + 10], [size - 10]] : [[-size + 10], [-size - 10]]));
    expect((await looked(bench(turning(1)), 50)).found).toHaveLength(1);
    expect((await looked(bench(turning(4)), 50)).found).toEqual([]);
  });

  it('names a batch of all samples where their gradient is 0', async () => {
    const run = await looked(bench(halved(1, () => [[1], [-1]])), 40);
    expect(run.finding!.evidence.criticalBatch).toBe(40);
    expect(run.finding!.detail).toContain('batch sizes of about 40 to 40');
    expect((await looked(bench(halved(1, () => [[0], [0]])), 40)).found).toEqual([]);
    expect((await looked(bench(halved(1, () => [[1], [1]])), 40)).found).toEqual([]);
  });

  it('uses running averages as defined', async () => {
    const random = seededRandom(7);
    const draws = Array.from({ length: 40 }, (): Halves => {
      const draw = () => [0.3 + normal(random), normal(random), normal(random)];
      return [draw(), draw()];
    });
    const run = await looked(bench(halved(3, (t) => draws[t - 1]!, { all: () => 0.1 })), 40);
    const at = run.finding!.steps[0] + many - 1;
    const norm = (x: readonly number[]) => x.reduce((sum, each) => sum + each * each, 0);
    /** The running average, in which the last value has the largest weight. */
    const noise = draws
      .slice(0, at)
      .reduce(
        (sum, [a, b]) => decay * sum + ((1 - decay) * batch * norm(a.map((each, i) => each - b[i]!))) / 4,
        0,
      );
    expect(run.finding!.evidence.noise).toBeCloseTo(noise / (1 - decay ** at), 9);
    expect(run.finding!.evidence.signal).toBeCloseTo(3 * 0.1 ** 2, 9);
  });

  it('counts probes in a row', async () => {
    // One probe with a large gradient, then one with far more noise: the count restarts at step 32, and is three at step 34.
    const torn = halved(1, (t) => (t === 31 ? [[90], [90]] : t === 32 ? apart(1000) : apart(4)));
    const run = await looked(bench(torn), 33 + many - 1);
    expect(run.found).toEqual([]);
    expect((await looked(run, 1)).range).toEqual([34, 34 + many - 1]);
  });

  it('gives the same result for a sum as for a mean over the samples', async () => {
    const sum = halved(1, () => [[0.5 * 5], [0.5 * -3]], {
      whole: (a, b) => a + b,
      all: (a, b) => 4 * (a + b),
    });
    const mean = halved(1, () => [[5], [-3]]);
    const [ofSum, ofMean] = [await looked(bench(sum), 40), await looked(bench(mean), 40)];
    expect(ofSum.finding!.evidence).toEqual(ofMean.finding!.evidence);
  });

  it.each([
    // Relative deviation from the mean; its square is compared with 1e-4.
    [0.009, 1],
    [0.011, 0],
  ])('ignores a loss that is neither sum nor mean: deviation %d, reported %d times', async (off, count) => {
    const run = await looked(
      bench(halved(1, () => [[50], [-30]], { whole: (a, b) => (a + b) / 2 / (1 - off) })),
      40,
    );
    expect(run.found).toHaveLength(count);
    const sums = await looked(
      bench(halved(1, () => [[50], [-30]], { whole: (a, b) => (a + b) / (1 - off) })),
      40,
    );
    expect(sums.found).toHaveLength(count);
  });

  it('does not probe such a loss again', async () => {
    const run = bench(halved(1, () => [[5], [-3]], { whole: () => 17 }));
    expect(await run.step({ loss: 1 }).look()).toBe(true);
    expect(await run.step({ loss: 1 }).look()).toBe(false);
  });

  it('ignores the smaller last batch of an epoch', async () => {
    const short = halved(1, () => apart(4), { size: (t) => (t % 4 === 0 ? 5 : batch) });
    const run = await looked(bench(short), 46);
    expect(run.found).toEqual([]);
    expect((await looked(run, 1)).range).toEqual([42, 47]);
    const single = halved(1, () => apart(4), { size: (t) => (t % 4 === 0 ? 1 : batch) });
    expect((await looked(bench(single), 47)).found).toHaveLength(1);
  });

  it('counts an odd batch without its last sample', async () => {
    const odd = halved(1, () => apart(4), { size: () => 11 });
    const run = await looked(bench(odd, { batch: 11 }), 40);
    // S = 10 · 4².
    expect(run.finding!.evidence.noise).toBeCloseTo(160, 9);
    expect(run.finding!.evidence.batch).toBe(11);
    expect(run.finding!.detail).toContain('The batch size is 11');
  });

  it('probes as often as the allowance permits', async () => {
    const every = affordableEvery(3000, 10, 2);
    expect(every).toBeGreaterThan(1);
    const run = bench(
      halved(1, () => apart(4)),
      { steps: 3000 },
    );
    const looks: number[] = [];
    for (let t = 1; t <= 60; t++) if (await run.step({ loss: 1 }).look()) looks.push(t);
    expect(looks).toEqual(Array.from({ length: Math.ceil(60 / every) }, (_, k) => 1 + k * every));
  });

  it('ignores values that are not finite', async () => {
    const broken = halved(1, (t) => (t < 10 ? [[1e200], [-1e200]] : apart(4)));
    expect((await looked(bench(broken), 40)).found).toEqual([]);
  });

  it.each<[string, object, number]>([
    ['without mini-batches', { batch: null }, 1],
    ['with batches of one', { batch: 1 }, 40],
    ['with one batch of all', { samples: batch }, 1],
  ])('does not apply %s', (_, more, stepsPerEpoch) => {
    expect(
      bench(
        halved(1, () => apart(4)),
        more,
        stepsPerEpoch,
      ).rule,
    ).toBeNull();
  });

  it('does not apply without permission to evaluate the loss', () => {
    expect(bench(null).rule).toBeNull();
    expect(
      bench(
        halved(1, () => apart(4)),
        { batch: 2 },
      ).rule,
    ).not.toBeNull();
  });
});
