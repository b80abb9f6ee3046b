import { describe, expect, it } from 'vitest';
import { LossWindow } from '../../../../../src/core/diagnosis/rules/plateau/lossWindow';
import { mannKendall } from '../../../../../src/core/diagnosis/rules/plateau/mannKendall';
import { seededRandom } from '../../../../../src/core/numerics/random';

const blocks = 10;

describe('windows of the loss', () => {
  it.each([
    [100, 100],
    [101, 110],
    [1, 10],
    [99.5, 100],
  ])('of at least %d steps have a length of %d', (atLeast, length) => {
    expect(new LossWindow(atLeast, false).length).toBe(length);
  });

  const median = (block: readonly number[]) => [...block].sort((a, b) => a - b)[block.length >> 1]!;
  const mean = (block: readonly number[]) => block.reduce((sum, loss) => sum + loss, 0) / block.length;
  it.each([
    ['medians', false, median],
    ['means', true, mean],
  ] as const)('give the trend of the %s of their blocks, and then start again', (_, byMeans, middle) => {
    const random = seededRandom(6);
    const window = new LossWindow(50, byMeans);
    for (let w = 0; w < 20; w++) {
      const losses = Array.from(
        { length: 50 },
        (_, k) => (random() < 0.2 ? 30 : 1) * random() - 0.01 * w * k,
      );
      const trends = losses.map((loss) => window.push(loss));
      const middles = Array.from({ length: blocks }, (_, b) => middle(losses.slice(5 * b, 5 * b + 5)));
      expect(trends.slice(0, -1).every((trend) => trend === null)).toBe(true);
      expect(trends.at(-1)).toBe(mannKendall(Float64Array.from(middles)));
    }
  });
});
