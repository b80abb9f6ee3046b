import { describe, expect, it } from 'vitest';
import { affordableEvery } from '../../../../src/core/diagnosis/probes/probe';
import { allowance, secondsAfter } from '../../../../src/core/gradient/allowance';

describe('the cost of evaluations beside the path', () => {
  it('is limited to a tenth of the gradients of the run plus 100', () => {
    expect(allowance(0, 2)).toBe(100);
    expect(allowance(1, 2)).toBeCloseTo(100.1, 12);
    expect(allowance(5000, 2)).toBe(600);
  });

  it.each([
    // 4000 gradients, of which 200 are allowed: one probe in 20 steps.
    [1000, 4, 1, 20],
    [1000, 4, 0.5, 40],
    [1000, 4.01, 1, 21],
    [1, 1, 1, 1],
    [10, 2, 1, 1],
    [100_000, 2, 1, 20],
  ])(
    '%d steps, %d gradients per probe, share %d of the allowance: one probe in %d steps',
    (steps, cost, share, every) => {
      expect(affordableEvery(steps, 2, cost, share)).toBe(every);
    },
  );

  it('stays within the allowance, and would exceed it with the next smaller interval', () => {
    for (const steps of [1, 7, 99, 1000, 12_345])
      for (const cost of [1, 2, 16]) {
        const every = affordableEvery(steps, 2, cost);
        const spent = Math.floor(steps / every) * cost;
        expect(spent).toBeLessThanOrEqual(allowance(steps, 2));
        if (every > 1) expect((steps / (every - 1)) * cost).toBeGreaterThan(allowance(steps, 2));
      }
  });
});

describe('of very many coordinates', () => {
  it('fewer gradients are allowed: 100 · (65,536 / dim)², and a tenth of those of the run', () => {
    expect(allowance(0, 65_536)).toBe(100);
    expect(allowance(50, 1_000_000)).toBeCloseTo(5 + 0.4294967296, 12);
  });

  it('a search after the run takes at most a tenth of its time', () => {
    expect(secondsAfter(0.1, 65_536, 5)).toBe(5);
    expect(secondsAfter(10, 65_537, 5)).toBe(1);
    expect(secondsAfter(100, 1_000_000, 5)).toBe(5);
  });
});
