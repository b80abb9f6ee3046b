import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';

/** The least λmax/λmin, the largest N·r, and how many samples in a row. */
const spread = 1000;
const tenth = Math.log(10);
const inARow = 3;
const resolution = 1e-9;

const shortRun = { optimizer: { name: 'sgd', momentum: 0 }, steps: 50 };
const ill = (patch = {}, options = {}) =>
  new RuleBench('ill-conditioned', { ...shortRun, ...patch }, options);
/** Steps with samples whose λmax is 1 unless given. */
const sampled = (bench: RuleBench, smallest: number, count = inARow, largest = 1) => {
  for (let k = 0; k < count; k++) bench.step({ loss: 1 }).sample({ largest, smallest });
  return bench;
};

describe('ill-conditioned', () => {
  it('is reported after three samples in a row', () => {
    const bench = sampled(ill(), 1e-4, inARow - 1);
    expect(bench.found).toEqual([]);
    const { finding } = sampled(bench, 1e-4, 1);
    expect(finding).toMatchObject({ severity: 'info', steps: [1, 3], coordinates: [0] });
    expect(finding!.evidence).toMatchObject({ condition: 1e4, largest: 1, smallest: 1e-4 });
    const torn = ill();
    for (let k = 0; k < 4; k++) sampled(sampled(torn, 1e-4, inARow - 1), 1, 1);
    expect(torn.found).toEqual([]);
  });

  it('is extended while samples confirm it', () => {
    const bench = sampled(ill(), 1e-4, 10);
    expect(bench.range).toEqual([1, 10]);
    expect(sampled(sampled(bench, 1, 2), 1e-4, 2).range).toEqual([1, 10]);
    expect(sampled(bench, 1e-4, 1).range).toEqual([1, 15]);
    expect(bench.found).toHaveLength(1);
  });

  it.each([
    [50, spread, 'a thousand'],
    [5000, (2 * 5000) / tenth, 'whose longest stable steps leave a tenth of the gradient'],
  ])('in %d steps: is reported from a condition number of %d on, %s', (steps, least) => {
    expect(sampled(ill({ steps }), 0.999 / least).found).toHaveLength(1);
    expect(sampled(ill({ steps }), 1.001 / least).found).toEqual([]);
  });

  it('states and judges what the longest stable step of the optimizer removes', () => {
    const withMomentum = (longestReduction: number) => {
      const bench = ill({ optimizer: { name: 'sgd', momentum: 0.9 }, steps: 1000 });
      for (let k = 0; k < inARow; k++)
        bench.step({ loss: 1 }).sample({ largest: 1, smallest: 5e-6, longestReduction });
      return bench;
    };
    expect(withMomentum(38 * 5e-6).finding!.detail).toContain(
      'the longest stable step reduces the gradient by 0.019 %.',
    );
    expect(withMomentum((0.999 * tenth) / 1000).found).toHaveLength(1);
    expect(withMomentum((1.001 * tenth) / 1000).found).toEqual([]);
    expect(withMomentum(Number.POSITIVE_INFINITY).found).toEqual([]);
  });

  it('needs a λmin that is larger than the error of finite differences', () => {
    for (const largest of [1, 1000]) {
      expect(sampled(ill(), 1.01 * resolution * largest, inARow, largest).found).toHaveLength(1);
      expect(sampled(ill(), 0.99 * resolution * largest, inARow, largest).found).toEqual([]);
    }
    expect(sampled(ill(), 0).found).toEqual([]);
    expect(sampled(ill(), -1e-3).found).toEqual([]);
    expect(sampled(ill(), Number.NaN).found).toEqual([]);
  });

  it('ignores samples whose flattest coordinate has no gradient', () => {
    const flattest = Float64Array.of(0, 1);
    const seen = (grad: readonly number[]) => {
      const bench = ill({}, { dim: 2 });
      for (let k = 0; k < inARow; k++)
        bench.step({ loss: 1, grad }).sample({ largest: 1, smallest: 1e-4, flattest });
      return bench.found.length;
    };
    expect(seen([0, 1])).toBe(1);
    expect(seen([1, 0])).toBe(0);
  });

  it('says nothing about the curvatures of single batches', () => {
    expect(sampled(ill(), 1e-4).found).toHaveLength(1);
    expect(sampled(ill({ samples: 30, batch: 10 }, { stepsPerEpoch: 3 }), 1e-4).found).toEqual([]);
  });

  it('continues counting after an ignored sample', () => {
    const bench = sampled(ill({}, { dim: 2 }), 1e-4, 2);
    bench.step({ loss: 1, grad: [0, 1] }).sample({ largest: 1, smallest: 1 });
    expect(sampled(bench, 1e-4, 1).found).toHaveLength(1);
  });

  it('is withdrawn when the run converges nevertheless', () => {
    expect(sampled(ill(), 1e-4).post('plateau', 'converged').finish().found).toEqual([]);
    expect(sampled(ill(), 1e-4).post('plateau', 'flat-valley').finish().found).toHaveLength(1);
  });

  it('names the coordinates with a large share of the flattest direction', () => {
    const bench = ill({}, { dim: 3 });
    const flattest = Float64Array.of(0.9, 0.1, -0.46);
    for (let k = 0; k < inARow; k++) bench.step({ loss: 1 }).sample({ largest: 1, smallest: 1e-4, flattest });
    expect(bench.finding!.coordinates).toEqual([0, 2]);
  });
});
