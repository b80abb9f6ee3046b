import { describe, expect, it } from 'vitest';
import { affordableEvery, allowance } from '../../../../src/core/diagnosis/probes/probe';

describe('what looking around may cost', () => {
  it('is a tenth of the run’s own gradients, and a hundred', () => {
    expect(allowance(0)).toBe(100);
    expect(allowance(1)).toBeCloseTo(100.1, 12);
    expect(allowance(5000)).toBe(600);
  });

  it.each([
    // 4000 gradients on 200 allowed: every 20 steps.
    [1000, 4, 1, 20],
    [1000, 4, 0.5, 40],
    [1000, 4.01, 1, 21],
    [1, 1, 1, 1],
    [10, 2, 1, 1],
    [100_000, 2, 1, 20],
  ])('%d steps, looks of %d gradients, %d of the allowance: every %d', (steps, cost, share, every) => {
    expect(affordableEvery(steps, cost, share)).toBe(every);
  });

  it('is never more than that, and not much less', () => {
    for (const steps of [1, 7, 99, 1000, 12_345])
      for (const cost of [1, 2, 16]) {
        const every = affordableEvery(steps, cost);
        const spent = Math.floor(steps / every) * cost;
        expect(spent).toBeLessThanOrEqual(allowance(steps));
        if (every > 1) expect((steps / (every - 1)) * cost).toBeGreaterThan(allowance(steps));
      }
  });
});
