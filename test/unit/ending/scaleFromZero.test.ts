import { describe, expect, it } from 'vitest';
import { largeScale, smallScale } from '../../../src/core/ending/scaleFromZero';
import type { Objective } from '../../../src/core/objective';

function request(loss: (x: number) => number, x = 0) {
  let evaluations = 0;
  const objective: Objective = {
    dim: 1,
    gradientMode: 'provided',
    value([x]) {
      evaluations++;
      return loss(x!);
    },
    valueAndGradient: () => Number.NaN,
  };
  const open = () => ({ step: 1, epoch: 0, indices: [], random: () => 0.5 });
  return { objective, open, at: Float64Array.of(x), index: 0, count: () => evaluations };
}

const large = (loss: (x: number) => number, sign = 1) =>
  largeScale({ ...request(loss, sign), limit: 1e8 }, sign);
const small = (loss: (x: number) => number, sign = 1) => smallScale({ ...request(loss), limit: 1e-8 }, sign);

describe('the scale of a coordinate that starts at 0', () => {
  it.each([1e9, 1e12, 1e15])('is that of an optimum at %d', async (optimum) => {
    expect(await large((x) => (x / optimum - 1) ** 2)).toBe(optimum);
    expect(await large((x) => (x + optimum) ** 2 + 3, -1)).toBe(optimum);
    expect(await small((x) => (x * optimum - 1) ** 2)).toBe(1 / optimum);
    expect(await small((x) => 5 + Math.abs(x * optimum + 1), -1)).toBe(1 / optimum);
  });

  it.each<[string, (x: number) => number]>([
    ['an ordinary optimum', (x) => (x - 40) ** 2],
    ['an optimum at 0', (x) => x * x],
    ['a kink at 0', (x) => 1e9 * Math.abs(x)],
    ['a loss that falls without bound', (x) => -x],
    ['a loss that is flat far away', (x) => -Math.atan(x)],
    ['a loss that falls for ever, but ever more slowly', (x) => Math.log1p(Math.exp(-x))],
    ['many minima', (x) => 1 + Math.sin(x) + Math.cos(3.7 * x)],
    ['many minima on a wide slope', (x) => Math.abs(x / 1e9 - 1) + Math.sin(x)],
    ['a loss that is not finite far away', (x) => (x > 1e3 ? Number.NaN : -x)],
    ['a constant', () => 3],
  ])('does not exist for %s', async (_name, loss) => {
    for (const sign of [1, -1]) {
      expect(await large(loss, sign)).toBeNull();
      expect(await small(loss, sign)).toBeNull();
    }
  });

  it('takes two or three evaluations to rule out', async () => {
    const asked = request((x) => (x - 40) ** 2);
    await largeScale({ ...asked, limit: 1e8 }, 1);
    expect(asked.count()).toBe(2);
    await smallScale({ ...asked, limit: 1e-8 }, 1);
    expect(asked.count()).toBe(4);
  });
});
