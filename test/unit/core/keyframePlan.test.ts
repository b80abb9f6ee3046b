import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { Keyframe } from '../../../src/core/keyframe';
import { keyframeSteps, plannedKeyframes } from '../../../src/core/keyframePlan';
import { run } from '../../../src/core/runLoop';

describe('the steps of the keyframes of a run', () => {
  it('are regular, and halve the way back to the start before the first regular one', () => {
    expect(keyframeSteps(1000, 8)).toEqual([35, 71, 143, 286, 429, 572, 715, 858]);
    expect(keyframeSteps(100, 64)).toEqual([16, 32, 48, 64, 80, 96]);
    expect(keyframeSteps(1000, 1)).toEqual([500]);
    expect(keyframeSteps(1000, 2)).toEqual([334, 668]);
    expect(keyframeSteps(16, 64)).toEqual([]);
  });

  it('are few, ascending, and never farther apart than about the share of one', () => {
    for (const steps of [1, 2, 15, 17, 64, 100, 999, 1e4, 123_457, 1e7, 1e9])
      for (const most of [1, 2, 3, 4, 7, 16, 64]) {
        const due = keyframeSteps(steps, most);
        expect(due.length).toBeLessThanOrEqual(most);
        expect(due).toEqual([...new Set(due)].sort((a, b) => a - b));
        expect(due.every((t) => t > 0 && t < steps)).toBe(true);
        const gaps = [0, ...due, steps].slice(1).map((t, i) => t - [0, ...due][i]!);
        expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.max(32, Math.ceil((2 * steps) / (most + 1))));
      }
  });
});

describe('the keyframes of a run', () => {
  it.each([
    [2, 2 ** 26, 2000, 49],
    [1000, 2 ** 20, 2000, 25],
    [20_000, 2 ** 21, 300, 2],
    [20_000, 2 ** 19, 300, 0],
    // As many steps are made again in less time than a state is kept.
    [20_000, 2 ** 26, 128, 0],
  ])('of %i coordinates keep within %i bytes', async (dim, budget, steps, count) => {
    const taken: Keyframe[] = [];
    const { config } = resolveConfig([{ steps }]);
    const keyframes = plannedKeyframes(config, dim, budget, (keyframe) => taken.push(keyframe));
    await run({
      objective: { dim, gradientMode: 'provided', value: () => 0, valueAndGradient: () => 0 },
      start: new Float64Array(dim),
      config,
      validation: null,
      control: { mayStep: () => true, lr: () => Number.NaN },
      observer: {},
      ...(keyframes && { keyframes }),
    });
    expect(taken).toHaveLength(count);
    expect(taken.reduce((sum, { values }) => sum + values.byteLength, 0)).toBeLessThanOrEqual(budget);
  });
});
