import { describe, expect, it } from 'vitest';
import { affordableEvery, type Probing } from '../../../../src/core/diagnosis/probes/probe';
import { seededRandom } from '../../../../src/core/numerics/random';
import { normal } from '../support/problems';
import { RuleBench } from '../support/ruleBench';

/** The least S/(G² B); the decay rates of the averages; the least number of probes, and how many in a row. */
const far = 10;
const decay = 0.98;
const meanDecay = 0.8;
const looksAtLeast = 30;
const inARow = 3;
/** The share of S/B that remains as noise in the averaged gradient. */
const own = (1 - meanDecay) / (1 + meanDecay);

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
  }: {
    whole?: (a: number, b: number) => number;
    size?: (t: number) => number;
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
        for (let i = 0; i < dim; i++)
          grad[i] = isWhole ? whole(a[i]!, b[i]!) : indices[0] === 0 ? a[i]! : b[i]!;
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

/** Halves with the gradients 1 ± d: S = B d² and G² = 1 − own·d². */
const apart = (d: number): Halves => [[1 + d], [1 - d]];
/** The d² at which S = far·B·G². */
const edge = far / (1 + far * own);

describe('noise-limited', () => {
  it('is reported after thirty probes, and three in a row', async () => {
    const run = await looked(bench(halved(1, () => apart(3))), looksAtLeast + inARow - 2);
    expect(run.found).toEqual([]);
    const { finding } = await looked(run, 1);
    expect(finding).toMatchObject({
      severity: 'info',
      steps: [looksAtLeast, looksAtLeast + inARow - 1],
      evidence: { batch },
    });
    expect((await looked(run, 3)).range).toEqual([looksAtLeast, looksAtLeast + inARow + 2]);
    expect(run.found).toHaveLength(1);
  });

  it.each([
    [1.01, 1],
    [0.99, 0],
  ])('at %d times ten batches, is reported %d times', async (share, count) => {
    const squared = share * edge;
    const run = await looked(bench(halved(1, () => apart(Math.sqrt(squared)))), 40);
    expect(run.found).toHaveLength(count);
    // Batches are drawn without replacement from forty samples.
    const critical = 1 / ((1 - own * squared) / (batch * squared) + 1 / 40);
    if (count > 0) expect(run.finding!.evidence.criticalBatch).toBeCloseTo(critical, 6);
  });

  it('reports the noise alone when no gradient can be distinguished from it', async () => {
    const run = await looked(bench(halved(1, () => [[1], [-1]])), 40);
    expect(run.finding!.evidence.criticalBatch).toBe(Number.POSITIVE_INFINITY);
    expect(run.finding!.detail).toContain('no gradient was distinguishable from the noise');
    expect((await looked(bench(halved(1, () => [[0], [0]])), 40)).found).toEqual([]);
    expect((await looked(bench(halved(1, () => [[1], [1]])), 40)).found).toEqual([]);
  });

  it('uses running averages as defined', async () => {
    const random = seededRandom(7);
    const draws = Array.from({ length: 40 }, (): Halves => {
      const draw = () => [0.3 + normal(random), normal(random), normal(random)];
      return [draw(), draw()];
    });
    const run = await looked(bench(halved(3, (t) => draws[t - 1]!)), 40);
    const at = run.finding!.steps[0] + inARow - 1;
    const norm = (x: readonly number[]) => x.reduce((sum, each) => sum + each * each, 0);
    /** The running average of the first n values; the last one has the largest weight. */
    const average = <T>(values: readonly T[], d: number, of: (value: T, k: number) => number) =>
      values.reduce((sum, value, k) => d * sum + (1 - d) * of(value, k), 0);
    const noiseUpTo = (n: number) =>
      average(draws.slice(0, n), decay, ([a, b]) => (batch * norm(a.map((each, i) => each - b[i]!))) / 4);
    const signal = average(draws.slice(0, at), decay, (_, k) => {
      const seen = draws.slice(0, k + 1);
      const mean = [0, 1, 2].map(
        (i) => average(seen, meanDecay, ([a, b]) => (a[i]! + b[i]!) / 2) / (1 - meanDecay ** (k + 1)),
      );
      return norm(mean) - (own * noiseUpTo(k + 1)) / (1 - decay ** (k + 1)) / batch;
    });
    expect(run.finding!.evidence.noise).toBeCloseTo(noiseUpTo(at), 9);
    expect(run.finding!.evidence.signal).toBeCloseTo(signal, 9);
  });

  it('counts probes in a row', async () => {
    // One probe with a large gradient, then one with far more noise: the count restarts at step 32.
    const torn = halved(1, (t) => (t === 31 ? [[30], [30]] : t === 32 ? apart(1000) : apart(3)));
    const run = await looked(bench(torn), 33);
    expect(run.found).toEqual([]);
    expect((await looked(run, 1)).range).toEqual([32, 34]);
  });

  it('gives the same result for a sum as for a mean over the samples', async () => {
    const sum = halved(1, () => [[0.5 * 4], [0.5 * -2]], { whole: (a, b) => a + b });
    const mean = halved(1, () => [[4], [-2]]);
    const [ofSum, ofMean] = [await looked(bench(sum), 40), await looked(bench(mean), 40)];
    expect(ofSum.finding!.evidence).toEqual(ofMean.finding!.evidence);
  });

  it.each([
    // Relative deviation from the mean; its square is compared with 1e-4.
    [0.009, 1],
    [0.011, 0],
  ])('ignores a loss that is neither sum nor mean: deviation %d, reported %d times', async (off, count) => {
    const run = await looked(
      bench(halved(1, () => [[40], [-20]], { whole: (a, b) => (a + b) / 2 / (1 - off) })),
      40,
    );
    expect(run.found).toHaveLength(count);
    const sums = await looked(
      bench(halved(1, () => [[40], [-20]], { whole: (a, b) => (a + b) / (1 - off) })),
      40,
    );
    expect(sums.found).toHaveLength(count);
  });

  it('does not probe such a loss again', async () => {
    const run = bench(halved(1, () => [[4], [-2]], { whole: () => 17 }));
    expect(await run.step({ loss: 1 }).look()).toBe(true);
    expect(await run.step({ loss: 1 }).look()).toBe(false);
  });

  it('ignores the smaller last batch of an epoch', async () => {
    const short = halved(1, () => apart(3), { size: (t) => (t % 4 === 0 ? 5 : batch) });
    const run = await looked(bench(short), 41);
    expect(run.found).toEqual([]);
    expect((await looked(run, 1)).range).toEqual([39, 42]);
    const single = halved(1, () => apart(3), { size: (t) => (t % 4 === 0 ? 1 : batch) });
    expect((await looked(bench(single), 42)).found).toHaveLength(1);
  });

  it('counts an odd batch without its last sample', async () => {
    const odd = halved(1, () => apart(3), { size: () => 11 });
    const run = await looked(bench(odd, { batch: 11 }), 40);
    // S = 10 · 3².
    const settled = 1 - decay ** (looksAtLeast + inARow - 1);
    expect((run.finding!.evidence.noise as number) / settled).toBeCloseTo(90, 9);
    expect(run.finding!.evidence.batch).toBe(11);
    expect(run.finding!.detail).toContain('the batch size is 11');
  });

  it('probes as often as the allowance permits', async () => {
    const every = affordableEvery(3000, 10, 2);
    expect(every).toBeGreaterThan(1);
    const run = bench(
      halved(1, () => apart(3)),
      { steps: 3000 },
    );
    const looks: number[] = [];
    for (let t = 1; t <= 60; t++) if (await run.step({ loss: 1 }).look()) looks.push(t);
    expect(looks).toEqual(Array.from({ length: Math.ceil(60 / every) }, (_, k) => 1 + k * every));
  });

  it('ignores values that are not finite', async () => {
    const broken = halved(1, (t) => (t < 10 ? [[1e200], [-1e200]] : apart(3)));
    expect((await looked(bench(broken), 40)).found).toEqual([]);
  });

  it.each<[string, object, number]>([
    ['without mini-batches', { batch: null }, 1],
    ['with batches of one', { batch: 1 }, 40],
    ['with one batch of all', { samples: batch }, 1],
  ])('does not apply %s', (_, more, stepsPerEpoch) => {
    expect(
      bench(
        halved(1, () => apart(3)),
        more,
        stepsPerEpoch,
      ).rule,
    ).toBeNull();
  });

  it('does not apply without permission to evaluate the loss', () => {
    expect(bench(null).rule).toBeNull();
    expect(
      bench(
        halved(1, () => apart(3)),
        { batch: 2 },
      ).rule,
    ).not.toBeNull();
  });
});
