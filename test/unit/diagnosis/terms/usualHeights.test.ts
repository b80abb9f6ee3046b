import { describe, expect, it } from 'vitest';
import { UsualHeights } from '../../../../src/core/diagnosis/terms/usualHeights';

/** Blocks of four losses: one at `height`, three at `low`. */
function usualAfter(heights: readonly number[], { low = 0, isNoisy = false } = {}): UsualHeights {
  const usual = new UsualHeights(4, isNoisy);
  for (const height of heights) for (const loss of [low, height, low, low]) usual.push(loss);
  return usual;
}

describe('the usual height of the peaks of a loss', () => {
  it('is what three blocks reach after the descent', () => {
    expect(usualAfter([9, 5, 7, 6]).heightSince(0)).toBe(5);
    expect(usualAfter([9, 5, 7]).heightSince(0)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('is what a tenth of the blocks reach', () => {
    const few = (count: number) =>
      usualAfter(Array.from({ length: 101 }, (_, k) => (k > 0 && k <= count ? 8 : 1)));
    expect(few(9).heightSince(0)).toBe(1);
    expect(few(10).heightSince(0)).toBe(8);
  });

  it('does not count blocks before the level was reached', () => {
    const usual = usualAfter([9, 9, 9, 9, 9], { low: 5 });
    for (const loss of Array.from({ length: 20 }, () => 1)) usual.push(loss);
    expect(usual.heightSince(2)).toBe(1);
    expect(usual.heightSince(0.5)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('of noisy losses, begins where the mean of a block has reached the level', () => {
    // A single low batch is luck: the means are 2.25 and 0.25.
    const heights = [9, 9, 9, 9, 9, 1, 1, 1, 1, 1];
    expect(usualAfter(heights).heightSince(0.5)).toBe(9);
    expect(usualAfter(heights, { isNoisy: true }).heightSince(0.5)).toBe(1);
  });
});
