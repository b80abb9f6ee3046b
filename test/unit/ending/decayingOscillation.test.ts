import { describe, expect, it } from 'vitest';
import { decayingOscillation } from '../../../src/core/ending/decayingOscillation';

/** Losses that oscillate above `low` with an amplitude that decays by a factor from step to step. */
const losses = (count: number, factor: number, period: number, low = 0) =>
  Float64Array.from(
    { length: count },
    (_, t) => low + factor ** t * (1 + Math.cos((2 * Math.PI * t) / period)),
  );

describe('an oscillation with a decaying envelope', () => {
  it('is known by its means and maxima, with the means of the last two spans', () => {
    const found = decayingOscillation(losses(400, 0.99, 10, 3), 5, 3)!;
    expect(found.spanSteps).toBe(250);
    expect(found.mean - 3).toBeCloseTo((found.meanBefore - 3) * 0.99 ** 50, 6);
    expect(found.mean).toBeGreaterThan(3);
  });

  it('does not depend on the phase at the end', () => {
    for (let last = 390; last < 410; last++)
      expect(decayingOscillation(losses(last, 0.99, 14), 1, 0)).not.toBeNull();
  });

  it('is known in longer spans where it is slow', () => {
    expect(decayingOscillation(losses(500, 0.99, 60), 1, 0)!.spanSteps).toBe(62);
    expect(decayingOscillation(losses(500, 0.99, 100), 1, 0)!.spanSteps).toBe(100);
  });

  it('is none that is constant or grows, or that only falls', () => {
    expect(decayingOscillation(losses(400, 1, 10), 1, 0)).toBeNull();
    expect(decayingOscillation(losses(400, 1.01, 10), 1, 0)).toBeNull();
    expect(decayingOscillation(losses(400, 0.99, Number.POSITIVE_INFINITY), 1, 0)).toBeNull();
  });

  it('is measured above the minimum', () => {
    expect(decayingOscillation(losses(400, 0.998, 10), 1, 0)).not.toBeNull();
    expect(decayingOscillation(losses(400, 0.998, 10), 1, -10)).toBeNull();
  });

  it('is not known in spans that are shorter than a period, or of few losses', () => {
    expect(decayingOscillation(losses(400, 0.99, 300), 1, 0)).toBeNull();
    expect(decayingOscillation(losses(39, 0.9, 4), 1, 0)).toBeNull();
    expect(decayingOscillation(losses(40, 0.9, 4), 1, 0)).not.toBeNull();
  });
});
