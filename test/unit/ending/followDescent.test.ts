import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../src/core/batches';
import { contextAt } from '../../../src/core/context';
import { followDescent, followEvaluations } from '../../../src/core/ending/followDescent';
import { type Problem, problem } from '../diagnosis/support/problems';

const open = contextAt(0, batchesOf(null, null, 0), 1, []);

async function followed({ objective, start }: Problem, unit = 2) {
  const from = Float64Array.from(start);
  const found = await followDescent({ objective, from, unit, open, isOverTime: () => false });
  if (!found) throw new Error('the loss was not finite');
  expect(found.evaluations).toBeLessThanOrEqual(followEvaluations + 1);
  expect(Array.from(from)).toEqual(start);
  const { fallsWithDistance, fallsWithGradient, fallsInProportion } = found.trail;
  return { ...found, falls: { fallsWithDistance, fallsWithGradient, fallsInProportion } };
}

const bounded = { fallsWithDistance: false, fallsWithGradient: false, fallsInProportion: false };

/** stiffness (y − x²)² − x + bend x². */
const valley = (stiffness: number, bend: number): Problem =>
  problem([1, 0.9], (p, grad) => {
    const off = p[1]! - p[0]! ** 2;
    grad.set([-4 * stiffness * p[0]! * off - 1 + 2 * bend * p[0]!, 2 * stiffness * off]);
    return stiffness * off ** 2 - p[0]! + bend * p[0]! ** 2;
  });

/** log σ + ½(μ − 2.5)²/(σ² + floor), the deviance of one value. */
const oneValue = (floor: number): Problem =>
  problem([2.55, 0.1], (p, grad) => {
    const [off, sigma] = [p[0]! - 2.5, p[1]!];
    const v = sigma ** 2 + floor;
    grad.set([off / v, sigma / v - (off ** 2 * sigma) / v ** 2]);
    return 0.5 * Math.log(v) + (0.5 * off ** 2) / v;
  });

describe('followDescent', () => {
  it.for([10, 100])('follows a curved valley that falls for ever (stiffness %d)', async (stiffness) => {
    expect((await followed(valley(stiffness, 0))).falls.fallsWithDistance).toBe(true);
  });

  it.for([0.02, 0.002])('does not call a valley with a bottom unbounded (bend %d)', async (bend) => {
    expect((await followed(valley(10, bend))).falls).toEqual(bounded);
  });

  it('follows a pole, where log σ falls while μ has to stay nearer and nearer to a value', async () => {
    const { falls, end } = await followed(oneValue(0));
    expect(falls.fallsWithGradient).toBe(true);
    expect(end.params[0]).toBeCloseTo(2.5, 8);
  });

  it.for([1e-4, 1e-8])('stops where a floor %d of the variance ends the pole', async (floor) => {
    expect((await followed(oneValue(floor))).falls).toEqual(bounded);
  });

  it('falls with the logarithm of the distance', async () => {
    const log = problem([9], (p, grad) => {
      grad[0] = -1 / p[0]!;
      return -Math.log(p[0]!);
    });
    expect((await followed(log)).falls).toMatchObject({ fallsWithDistance: true });
  });

  it.for([0.5, 1, 2])('does not take an asymptote for a fall without an end (x^−%d)', async (power) => {
    const asymptote = problem([1], (p, grad) => {
      grad[0] = -power * p[0]! ** (-power - 1);
      return p[0]! ** -power;
    });
    expect((await followed(asymptote)).falls).toEqual(bounded);
  });

  it.for([0.2, 0.5, 0.8])('does not take a cusp for a pole (|x|^%d)', async (power) => {
    const cusp = problem([0.3], (p, grad) => {
      const size = Math.abs(p[0]!);
      grad[0] = power * Math.sign(p[0]!) * size ** (power - 1);
      return size ** power;
    });
    expect((await followed(cusp)).falls).toEqual(bounded);
  });

  it('reaches a minimum that is a hundred thousand paths away', async () => {
    const far = problem([0], (p, grad) => {
      grad[0] = 2e-5 * (p[0]! / 2e5 - 1);
      return 2 * (p[0]! / 2e5 - 1) ** 2;
    });
    const { end, falls } = await followed(far);
    expect(end.params[0]).toBeCloseTo(2e5, 3);
    expect(falls).toEqual(bounded);
  });
});
