import { describe, expect, it } from 'vitest';
import { heatmapOf } from '../../../src/host/panel/heatmap';
import { Run } from '../../../src/runs/run';
import { layout, runRecord } from '../runs/support/runRecord';

const many = { ...layout, dim: 40, bands: ['params', 'grad'] as const, blocks: 2 };

function runWith(count: number): Run {
  const run = new Run(runRecord('a', { layout: many }));
  run.samples = Array.from({ length: count }, (_, i) => ({
    t: 1 + 4 * i,
    ranking: null,
    blocks: Float64Array.of(i, i + 0.1, i + 0.2, i + 0.3),
  }));
  return run;
}

describe('the heatmap of a quantity', () => {
  it('has the medians of its blocks at every sample', () => {
    const map = heatmapOf(runWith(3), 'grad')!;
    expect([...map.steps]).toEqual([1, 5, 9]);
    expect([...map.starts]).toEqual([0, 20, 40]);
    expect([...map.values]).toEqual([0.2, 1.2, 2.2, 0.3, 1.3, 2.3]);
  });

  it('has at most 200 columns, the first and the last sample among them', () => {
    const { steps, values } = heatmapOf(runWith(257), 'params')!;
    expect([steps.length, steps[0], steps.at(-1), values.length]).toEqual([200, 1, 1025, 400]);
  });

  it('does not exist without samples, or without the quantity', () => {
    expect(heatmapOf(runWith(0), 'grad')).toBeNull();
    expect(heatmapOf(runWith(2), 'loss')).toBeNull();
    expect(heatmapOf(new Run(runRecord('a', { layout })), 'grad')).toBeNull();
  });
});
