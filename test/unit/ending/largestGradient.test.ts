import { describe, expect, it } from 'vitest';
import { LargestGradient } from '../../../src/core/ending/largestGradient';
import type { StepView } from '../../../src/core/update';

/** Steps of length 1 against gradients of these norms, with these losses before them. */
function watched(norms: readonly number[], lossAt: (k: number) => number): LargestGradient {
  const largest = new LargestGradient();
  norms.forEach((norm, k) => {
    largest.onStep({
      loss: lossAt(k),
      gradNorm: norm,
      grad: Float64Array.of(norm),
      before: Float64Array.of(-k),
      params: Float64Array.of(-k - 1),
    } as StepView);
  });
  return largest;
}

describe('the largest gradient', () => {
  const falling = (k: number) => 100 - k;

  it('leaves out a burst of two steps that the loss does not follow', () => {
    const { norm, ofAll } = watched([1, 2, 1e6, 3e6, 1, 1, 1, 1], falling);
    expect(norm).toBe(2);
    expect(ofAll).toBe(3e6);
  });

  it('counts a single gradient that the loss follows', () => {
    const losses = [1e6, 0.4, 0.3, 0.2, 0.1, 0];
    expect(watched([1e6, 1, 1, 1, 1, 1], (k) => losses[k]!).norm).toBe(1e6);
  });

  it('counts what lasts for three of five steps', () => {
    expect(watched([1, 1, 5e3, 6e3, 7e3, 1, 1], falling).norm).toBe(5e3);
  });

  it('is the largest of all if none counts, or the loss is not a number', () => {
    expect(watched([7, 1e4], () => 3).norm).toBe(1e4);
    expect(watched([7, 1e4, 2, 2, 2, 2], (k) => (k === 2 ? Number.NaN : 3)).norm).toBe(1e4);
  });
});
