import { describe, expect, it } from 'vitest';
import { groupLevels, heatmapOf } from '../../../src/host/panel/heatmap';
import { Run } from '../../../src/runs/run';
import { description, layout, runRecord } from '../runs/support/runRecord';

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

describe('the heatmap of named groups', () => {
  const grouped = {
    ...layout,
    dim: 40,
    bands: ['params', 'grad'] as const,
    blocks: 2,
    groups: [0, 10, 16, 40],
  };
  const names = ['net.w[0..9]', 'net.b[0..5]', 'out[0..23]'];
  const run = (layoutOfRun = grouped) => {
    const made = new Run(
      runRecord('a', {
        start: new Array<number>(40).fill(0),
        layout: layoutOfRun,
        config: { ...description.config, names },
      }),
    );
    made.samples = [
      {
        t: 1,
        ranking: null,
        blocks: new Float64Array(4),
        groups: Float64Array.of(1, 2, 3, 4, Number.NaN, 6),
      },
    ];
    return made;
  };

  it('has a row for each group of a level', () => {
    expect(groupLevels(run())).toBe(2);
    const fine = heatmapOf(run(), 'params', 2)!;
    expect([...fine.starts]).toEqual([0, 10, 16, 40]);
    expect([...fine.values]).toEqual([1, 2, 3]);
    // The squares of the parts count by their numbers of coordinates.
    const coarse = heatmapOf(run(), 'params', 1)!;
    expect([...coarse.starts]).toEqual([0, 16, 40]);
    expect(coarse.values[0]).toBeCloseTo(Math.sqrt((10 * 1 + 6 * 4) / 16), 14);
    expect(coarse.values[1]).toBe(3);
    expect([...heatmapOf(run(), 'grad', 1)!.values]).toEqual([4, 6]);
    expect(heatmapOf(run(), 'params', 3)).toBeNull();
  });

  it('does not exist if the names are not those of the samples', () => {
    const other = run({ ...grouped, groups: [0, 12, 16, 40] });
    expect(groupLevels(other)).toBe(0);
    expect(heatmapOf(other, 'params', 1)).toBeNull();
  });
});

describe('the heatmap of a quantity', () => {
  it('has the medians of its blocks at every sample', () => {
    const map = heatmapOf(runWith(3), 'grad', 0)!;
    expect([...map.steps]).toEqual([1, 5, 9]);
    expect([...map.starts]).toEqual([0, 20, 40]);
    expect([...map.values]).toEqual([0.2, 1.2, 2.2, 0.3, 1.3, 2.3]);
  });

  it('has at most 200 columns, the first and the last sample among them', () => {
    const { steps, values } = heatmapOf(runWith(257), 'params', 0)!;
    expect([steps.length, steps[0], steps.at(-1), values.length]).toEqual([200, 1, 1025, 400]);
  });

  it('does not exist without samples, or without the quantity', () => {
    expect(heatmapOf(runWith(0), 'grad', 0)).toBeNull();
    expect(heatmapOf(runWith(2), 'loss', 0)).toBeNull();
    expect(heatmapOf(new Run(runRecord('a', { layout })), 'grad', 0)).toBeNull();
  });
});
