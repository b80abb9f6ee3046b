import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/numerics/random';
import { Adam, adamBound, adamOptions } from '../../../src/core/optimizers/adam';

const defaults = { beta1: 0.9, beta2: 0.999 };

/** The largest step of Adam at t, over lr, for a given sequence of gradients. */
function stepAfter(gradients: readonly number[], betas: { beta1: number; beta2: number }): number {
  const options = Object.fromEntries(Object.entries(adamOptions).map(([name, spec]) => [name, spec.default]));
  const adam = new Adam(1, {
    ...(options as never as ConstructorParameters<typeof Adam>[1]),
    ...betas,
    eps: 0,
  });
  const params = new Float64Array(1);
  let before = 0;
  gradients.forEach((g, i) => {
    before = params[0]!;
    adam.step(params, Float64Array.of(g), i + 1, 1);
  });
  return Math.abs(params[0]! - before);
}

describe('the bound on an update of Adam', () => {
  it('has its known values at the defaults', () => {
    const bound = adamBound(defaults);
    expect(bound(1)).toBeCloseTo(1, 15);
    expect(bound(100)).toBeCloseTo(2.243, 3);
    expect(bound(1000)).toBeCloseTo(5.781, 3);
    expect(bound(1e7)).toBeCloseTo(7.27, 2);
  });

  it.each([
    [0.9, 0.999, 30],
    [0.9, 0.81, 30],
    [0.9, 0.5, 12],
    [0.1, 0.9, 10],
    [0.5, 0.25, 20],
  ])(
    'is reached by the gradients of Cauchy and Schwarz, and by no others (beta1 %f, beta2 %f, t = %i)',
    (beta1, beta2, t) => {
      const bound = adamBound({ beta1, beta2 })(t);
      // Equality holds where g_i · beta2^((t−i)/2) is proportional to (beta1/√beta2)^(t−i).
      const worst = Array.from({ length: t }, (_, i) => (beta1 / beta2) ** (t - 1 - i));
      expect(stepAfter(worst, { beta1, beta2 }) / bound).toBeCloseTo(1, 11);
      const random = seededRandom(t);
      for (let round = 0; round < 200; round++) {
        const gradients = Array.from({ length: t }, () => (random() - 0.3) * 10 ** (6 * random() - 3));
        expect(stepAfter(gradients, { beta1, beta2 })).toBeLessThanOrEqual(bound * (1 + 1e-9));
      }
    },
  );

  it('without memory of v is 1, or none', () => {
    expect(adamBound({ beta1: 0, beta2: 0 })(5)).toBe(1);
    expect(adamBound({ beta1: 0.9, beta2: 0 })(1)).toBe(1);
    expect(adamBound({ beta1: 0.9, beta2: 0 })(2)).toBe(Number.POSITIVE_INFINITY);
  });
});
