import { describe, expect, it } from 'vitest';
import { type HessianProduct, hessianAt, spectrumEnds } from '../../../src/core/curvature';
import { seededRandom } from '../../../src/core/numerics/random';
import { analyticObjective } from '../../support/losses';

const open = () => ({ step: 1, epoch: 0, indices: [], random: () => 0.5 });

/** The Hessian of Rosenbrock's function in two dimensions, from its formula. */
function rosenbrockHessian(x: number, y: number): number[][] {
  return [
    [1200 * x * x - 400 * y + 2, -400 * x],
    [-400 * x, 200],
  ];
}

/** A symmetric matrix with known eigenvalues: a diagonal one, rotated by Householder reflections. */
function symmetric(values: readonly number[], seed: number): HessianProduct {
  const random = seededRandom(seed);
  const mirrors = [0, 1, 2].map(() => {
    const v = values.map(() => random() - 0.5);
    const norm = Math.hypot(...v);
    return v.map((each) => each / norm);
  });
  const mirrored = (x: number[], v: readonly number[]) => {
    const along = 2 * x.reduce((sum, each, i) => sum + each * v[i]!, 0);
    return x.map((each, i) => each - along * v[i]!);
  };
  return async (x) => {
    const turned = mirrors.reduce(mirrored, [...x]);
    const scaled = turned.map((each, i) => each * values[i]!);
    return Float64Array.from(mirrors.toReversed().reduce(mirrored, scaled));
  };
}

describe('products with the Hessian', () => {
  it.each([
    [-1.2, 1],
    [1, 1],
    [0.3, -2],
  ])('agree with the formula at (%d, %d)', async (x, y) => {
    const product = hessianAt(analyticObjective('rosenbrock'), Float64Array.of(x, y), open);
    const h = rosenbrockHessian(x, y);
    for (const v of [Float64Array.of(1, 0), Float64Array.of(-0.3, 2), Float64Array.of(1e-6, 1e-6)]) {
      const [a, b] = await product(v);
      const exact = h.map((row) => row[0]! * v[0]! + row[1]! * v[1]!);
      const size = Math.max(...h.flat().map(Math.abs)) * Math.max(...v.map(Math.abs));
      // The relative error is ε^⅔ times the ratio of third derivatives to the Hessian, which is about 1 here.
      expect(Math.abs(a! - exact[0]!)).toBeLessThan(1e-9 * size);
      expect(Math.abs(b! - exact[1]!)).toBeLessThan(1e-9 * size);
    }
  });

  it('do not change the parameters, and need no evaluation for a zero vector', async () => {
    const params = Float64Array.of(-1.2, 1);
    const product = hessianAt(analyticObjective('rosenbrock'), params, open);
    await product(Float64Array.of(1, 2));
    expect([...params]).toEqual([-1.2, 1]);
    expect([...(await product(new Float64Array(2)))]).toEqual([0, 0]);
  });
});

describe('the extreme eigenvalues', () => {
  it('are exact up to rounding with as many products as dimensions', async () => {
    const values = [-7, -1e-3, 0, 2, 2, 5, 1000];
    const ends = await spectrumEnds(symmetric(values, 1), values.length, seededRandom(2));
    expect(Math.abs(ends.largest - 1000)).toBeLessThan(1e-11 * 1000);
    expect(Math.abs(ends.smallest + 7)).toBeLessThan(1e-12 * 1000);
    expect(ends.products).toBeLessThanOrEqual(values.length);
  });

  it('come with their eigenvectors', async () => {
    const values = [-7, 0.5, 3, 40];
    const product = symmetric(values, 3);
    const ends = await spectrumEnds(product, 4, seededRandom(4));
    for (const [value, vector] of [
      [ends.smallest, ends.smallestVector],
      [ends.largest, ends.largestVector],
    ] as const) {
      const image = await product(vector);
      image.forEach((each, i) => {
        expect(Math.abs(each - value * vector[i]!)).toBeLessThan(1e-10 * 40);
      });
    }
  });

  it('converge from inside the spectrum in a large space', async () => {
    const values = Array.from({ length: 400 }, (_, i) => (i === 0 ? -3 : i === 399 ? 50 : i / 40));
    const ends = await spectrumEnds(symmetric(values, 5), 400, seededRandom(6));
    expect(ends.products).toBe(24);
    expect(ends.largest).toBeLessThanOrEqual(50 + 1e-9);
    expect(ends.largest).toBeGreaterThan(50 - 1e-6);
    expect(ends.smallest).toBeGreaterThanOrEqual(-3 - 1e-9);
    expect(ends.smallest).toBeLessThan(-2.5);
  });

  it('are those of P⁻¹H with a preconditioner', async () => {
    // H = diag(100, 1) and P = diag(50, 4), so P⁻¹H = diag(2, 1/4).
    const product: HessianProduct = async (v) => Float64Array.of(100 * v[0]!, v[1]!);
    const ends = await spectrumEnds(product, 2, seededRandom(7), Float64Array.of(50, 4));
    expect(ends.largest).toBeCloseTo(2, 13);
    expect(ends.smallest).toBeCloseTo(0.25, 13);
  });

  it('exist for one dimension, and for a zero matrix', async () => {
    const one = await spectrumEnds(async (v) => v.map((each) => -3 * each), 1, seededRandom(8));
    expect([one.smallest, one.largest]).toEqual([-3, -3]);
    const none = await spectrumEnds(async (v) => v.map(() => 0), 5, seededRandom(9));
    expect([none.smallest, none.largest, none.products]).toEqual([0, 0, 1]);
  });
});
