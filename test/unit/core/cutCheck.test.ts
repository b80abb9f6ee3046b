import { describe, expect, it } from 'vitest';
import { checkCut } from '../../../src/core/gradient/cutCheck';
import { answer } from '../../../src/core/gradient/inquiry';
import { seededRandom } from '../../../src/core/numerics/random';

type Loss = (x: number) => number;

function slopeOf(loss: Loss, x: number, exact: number, seed = 1): number | null {
  const inquiry = checkCut(Float64Array.of(x), 0, exact, seededRandom(seed));
  return answer(inquiry, ([at]) => loss(at!)) as number | null;
}

const decimals = (n: number) => (x: number) => Math.round(x * 10 ** n) / 10 ** n;

describe('the exact derivative of a loss that rounds', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14].map((n) => [n, n > 4] as const))(
    'at %d decimals: contradicts the slope: %s',
    (n, contradicts) => {
      const round = decimals(n);
      for (let seed = 1; seed <= 20; seed++) {
        // Not at the edge of a bin: 0.5123…, shifted by a few bins.
        const x = 0.512345678912345 + seed * 7.1 * 10 ** -n;
        const found = slopeOf((at) => (round(at) - 1) ** 2, x, 0, seed);
        if (!contradicts) expect(found, `${x}`).toBeNull();
        else {
          expect(found! / (2 * (x - 1)), `${x}`).toBeGreaterThan(0.4);
          expect(found! / (2 * (x - 1)), `${x}`).toBeLessThan(2.5);
        }
      }
    },
  );

  it.each<[string, Loss, number, number]>([
    ['interpolation', (x) => x - Math.floor(x), 3.7, 1],
    [
      'interpolation at a whole number',
      (x) => Math.floor(x) ** 2 + (x - Math.floor(x)) * (2 * Math.floor(x) + 1),
      3,
      7,
    ],
    ['a jump at the point', (x) => Math.floor(4 * x) + x, 1.5, 1],
    ['a jump within a step', (x) => Math.floor(4 * x) + x, 1.5 + 3e-6, 1],
    ['a jump within two steps', (x) => Math.floor(4 * x) + x, 1.5 - 9e-6, 1],
    ['a kink', (x) => Math.abs(x), 0, 1],
    ['a constant', () => 5, 2, 0],
    ['a sign', (x) => Math.sign(x) * x, -0.3, -1],
    ['rounding that only adds noise', (x) => x + 1e-12 * Math.round(x * 1e9), 0.4, 1],
    ['a large value', (x) => 1e12 + Math.floor(x), 2.5, 0],
    ['values that are not finite', (x) => Math.log(Math.floor(x)), -0.5, 0],
  ])('is right: %s', (_, loss, x, exact) => {
    for (let seed = 1; seed <= 20; seed++) expect(slopeOf(loss, x, exact, seed)).toBeNull();
  });

  it('contradicts the slope if only a part of it was removed', () => {
    const round = decimals(8);
    expect(slopeOf((x) => (round(x) - 1) ** 2 + 0.3 * x, 0.5123, 0.3)).toBeCloseTo(2 * (0.5123 - 1) + 0.3, 2);
  });
});
