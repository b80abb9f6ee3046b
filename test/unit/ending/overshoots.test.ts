import { describe, expect, it } from 'vitest';
import { Overshoots } from '../../../src/core/ending/overshoots';
import type { StepView } from '../../../src/core/update';

/** Losses with a gradient of 1: a rise goes up the slope. */
function endedAt(losses: readonly number[], beta = 0.9) {
  const overshoots = new Overshoots();
  losses.slice(0, -1).forEach((loss, i) => {
    const by = losses[i + 1]! - loss;
    overshoots.onStep({
      t: i + 1,
      loss,
      beta,
      grad: Float64Array.of(1),
      before: Float64Array.of(0),
      params: Float64Array.of(by),
    } as StepView);
  });
  return overshoots.endedAt(losses.at(-1)!);
}

describe('the overshoots of momentum', () => {
  it('end while the loss rises or falls', () => {
    expect(endedAt([9, 4, 1, 2, 3, 4])).toBe('rising');
    expect(endedAt([9, 4, 1, 2, 3, 4, 3])).toBe('falling');
    expect(endedAt([9, 4, 1, 3, 5, 2, 1, 3, 4])).toBe('rising');
  });

  it('are none without a rise, without momentum, or after many of them', () => {
    expect(endedAt([9, 4, 1, 0.5])).toBeNull();
    expect(endedAt([9, 4, 1, 2, 3, 4], Number.NaN)).toBeNull();
    expect(endedAt([9, 1, 8, 1, 7, 1, 6, 1, 5])).toBeNull();
  });

  it('must become smaller', () => {
    expect(endedAt([9, 4, 1, 5, 10])).toBeNull();
    expect(endedAt([9, 4, 1, 5, 6, 2, 1, 5, 7])).toBeNull();
    expect(endedAt([9, 12, 4, 1, 5, 6])).toBeNull();
  });

  it('do not matter if they are small, or long ago', () => {
    expect(endedAt([9, 4, 1, 1.001])).toBeNull();
    expect(endedAt([9, 4, 5, 4, 4, 4, 4, 4, 4, 4])).toBeNull();
  });
});
