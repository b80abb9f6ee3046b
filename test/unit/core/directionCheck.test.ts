import { describe, expect, it } from 'vitest';
import { checkDirection, randomDirection } from '../../../src/core/gradient/directionCheck';
import { seededRandom } from '../../../src/core/numerics/random';
import { analyticLosses } from '../../support/losses';

const along = (g: readonly number[], u: Float64Array) => g.reduce((sum, each, i) => sum + each * u[i]!, 0);

describe('a gradient compared with differences in a random direction', () => {
  const random = seededRandom(1);

  it.each(['rosenbrock', 'beale', 'anisotropicQuadratic'] as const)(
    'agrees on %s, far from the minimum and near it',
    async (name) => {
      const loss = analyticLosses[name];
      for (let round = 0; round < 50; round++) {
        const params = Float64Array.from([0, 1], () => (random() - 0.5) * 10 ** (3 * random() - 1));
        const grad = new Float64Array(2);
        loss.gradient(params, grad);
        const d = randomDirection(2, random).map((each, i) => each * Math.max(1, Math.abs(params[i]!)));
        const check = await checkDirection((p) => loss.value(p), params, along([...grad], d), d);
        expect(check.verdict, JSON.stringify({ params: [...params], check })).not.toBe('differs');
        expect(check.verdict).not.toBe('kink');
      }
    },
  );

  it.each([
    ['a sign', (g: number) => -g],
    ['a factor', (g: number) => 1.01 * g],
    ['nothing', () => 0],
  ])('differs by %s', async (_, wrong) => {
    const { value, gradient } = analyticLosses.rosenbrock;
    const params = Float64Array.of(-1.2, 1);
    const grad = new Float64Array(2);
    gradient(params, grad);
    const u = randomDirection(2, random);
    const check = await checkDirection(value, params, wrong(along([...grad], u)), u);
    expect(check.verdict).toBe('differs');
    expect(check.measured / along([...grad], u)).toBeCloseTo(1, 6);
  });

  it.each([0, 1e-7, 3e-6, 5e-6])('detects a kink at a distance of %d', async (offset) => {
    const u = Float64Array.of(1);
    const value = (p: Float64Array) => Math.abs(p[0]! - offset) + p[0]! ** 2;
    const check = await checkDirection(value, Float64Array.of(0), 0, u);
    expect(['kink', 'uncheckable']).toContain(check.verdict);
  });

  it.each([1e5, 3.3e6, 1e9])('does not mistake a short period for a wrong gradient at %d', async (x) => {
    const value = (p: Float64Array) => 5 * p[0]! ** 2 + 3 * Math.cos(10 * p[0]!);
    for (let k = 0; k < 20; k++) {
      const at = x * (1 + k / 100);
      const slope = at * (10 * at - 30 * Math.sin(10 * at));
      const check = await checkDirection(value, Float64Array.of(at), slope, Float64Array.of(at));
      expect(check.verdict, String(at)).not.toBe('differs');
      const wrong = await checkDirection(value, Float64Array.of(at), 1.01 * slope, Float64Array.of(at));
      expect(wrong.verdict, String(at)).toBe('differs');
    }
  });

  it('does not mistake curvature for a kink', async () => {
    const value = (p: Float64Array) => 1e4 * p[0]! ** 2 + p[0]!;
    const check = await checkDirection(value, Float64Array.of(0), 5, Float64Array.of(1));
    expect(check.verdict).toBe('differs');
  });

  it('gives no result when rounding hides the slope, or the loss is not finite', async () => {
    const noisy = (p: Float64Array) => 1e12 + p[0]!;
    expect((await checkDirection(noisy, Float64Array.of(0), 3, Float64Array.of(1))).verdict).toBe(
      'uncheckable',
    );
    const log = (p: Float64Array) => Math.log(p[0]!);
    expect((await checkDirection(log, Float64Array.of(0), 3, Float64Array.of(1))).verdict).toBe(
      'uncheckable',
    );
    const slope = (p: Float64Array) => p[0]!;
    expect((await checkDirection(slope, Float64Array.of(0), Number.NaN, Float64Array.of(1))).verdict).toBe(
      'uncheckable',
    );
  });

  it('uses a larger step for losses in float32', async () => {
    const value = (p: Float64Array) => Math.fround(Math.sin(Math.fround(p[0]!)));
    const u = Float64Array.of(1);
    expect((await checkDirection(value, Float64Array.of(1), Math.cos(1), u)).verdict).not.toBe('agrees');
    expect((await checkDirection(value, Float64Array.of(1), 2 * Math.cos(1), u, { h: 1e-2 })).verdict).toBe(
      'differs',
    );
  });
});

it('a random direction has length 1, and no component is 0', () => {
  const u = randomDirection(1000, seededRandom(3));
  expect(Math.hypot(...u)).toBeCloseTo(1, 13);
  expect(Math.min(...u.map(Math.abs)) * Math.sqrt(1000)).toBeGreaterThan(0.4);
});
