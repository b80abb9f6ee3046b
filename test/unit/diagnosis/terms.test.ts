import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mannKendall } from '../../../src/core/diagnosis/rules/plateau/mannKendall';
import { PathCurvature } from '../../../src/core/diagnosis/terms/pathCurvature';
import { RunningMedian } from '../../../src/core/diagnosis/terms/runningMedian';
import { floorToDigit, inWords } from '../../../src/core/diagnosis/words';

describe('the running median', () => {
  it('is the median of the last values, by sorting them', () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), values, (length, stream) => {
        const running = new RunningMedian(length);
        stream.forEach((value, i) => {
          running.push(value);
          const last = stream.slice(Math.max(0, i + 1 - length), i + 1).sort((a, b) => a - b);
          const half = last.length >> 1;
          const wanted = last.length % 2 === 1 ? last[half]! : 0.5 * last[half - 1]! + 0.5 * last[half]!;
          // −0 and 0 compare equal: their order is not defined.
          expect(running.median() === wanted).toBe(true);
          expect(running.isFull).toBe(i + 1 >= length);
        });
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('curvature along the path', () => {
  /** Two steps of gradient descent on ½ Σ λ x², with the gradient scaled as clipping by norm does. */
  const twoSteps = (clipFactors: readonly [number, number]) => {
    const curvatures = [100, 1];
    const path = new PathCurvature(2);
    let at = Float64Array.of(1, 1);
    return clipFactors.map((clipFactor, k) => {
      const grad = at.map((x, i) => curvatures[i]! * x * clipFactor);
      const params = at.map((x, i) => x - 0.01 * grad[i]!);
      const view = {
        t: k + 1,
        loss: 1,
        gradNorm: 1,
        clipFactor,
        lr: 0.01,
        beta: 0.9,
        phase: 0,
        age: 1,
        lossScale: 1,
        underflow: 0,
        overflow: 0,
        watched: Number.NaN,
        bestWatched: Number.NaN,
        muProduct: Number.NaN,
        stability: Number.NaN,
        rebound: Number.NaN,
        before: at,
        params,
        grad,
        state: [],
      };
      at = params;
      return path.onStep(view);
    });
  };

  it('is a Rayleigh quotient of the Hessian', () => {
    const [first, second] = twoSteps([1, 1]);
    expect(first).toBeNaN();
    // Δθ = −0.01 (100, 1): (100 · 100² + 1 · 1²)/(100² + 1²)
    expect(second).toBeCloseTo((100 * 100 ** 2 + 1) / (100 ** 2 + 1), 9);
  });

  it('is that of the loss where gradients are clipped', () => {
    expect(twoSteps([0.1, 0.5])[1]).toBeCloseTo((100 * 100 ** 2 + 1) / (100 ** 2 + 1), 9);
  });
});

describe('Mann and Kendall’s statistic', () => {
  it.each([
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 45],
    [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], -45],
    [[1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 0],
    [[2, 1, 4, 3, 6, 5, 8, 7, 10, 9], 35],
  ])('%j: %i', (values, wanted) => {
    expect(mannKendall(Float64Array.from(values))).toBe(wanted);
  });
});

describe('numbers in words', () => {
  it.each([
    [0, '0'],
    [24.199999, '24.2'],
    [-0.00125, '−0.00125'],
    [441234, '4.41e5'],
    [1e-10, '1e-10'],
    [Number.POSITIVE_INFINITY, 'infinity'],
    [Number.NaN, 'NaN'],
  ])('%d: %s', (x, wanted) => {
    expect(inWords(x)).toBe(wanted);
  });

  it.each([
    [0.0137, 0.01],
    [0.99, 0.9],
    [0.3, 0.3],
    [1 / 3e-5, 3e4],
    [7.9e-300, 7e-300],
  ])('%d to one digit: %d', (x, wanted) => {
    expect(floorToDigit(x)).toBe(wanted);
  });
});
