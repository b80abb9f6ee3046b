import { describe, expect, it } from 'vitest';
import { Trace } from '../../../src/core/trace/trace';
import type { Rank, VectorSample } from '../../../src/core/trace/vectorSample';
import { matteringOf, rankingAt } from '../../../src/host/panel/ranking';
import { Run } from '../../../src/runs/run';
import { layout, runRecord } from '../runs/support/runRecord';

const blocks = new Float64Array(0);
const rank = (name: Rank['name'], coordinates: number[]): Rank => ({
  name,
  coordinates,
  values: coordinates.map((c) => c / 10),
});

function runWith(samples: VectorSample[]): Run {
  const run = new Run(runRecord('a'));
  run.trace = new Trace({ ...layout, dim: 40, coordinates: [0, 2, 4, 6, 8, 10, 12] }, [0, 0, 0, 0, 0, 0, 0]);
  run.samples = samples;
  return run;
}

describe('the ranking at a step', () => {
  const ranked = (t: number): VectorSample => ({
    t,
    ranking: { ranks: [rank('largestUpdate', [t])], dead: 3 },
    blocks,
  });

  it('is that of the nearest ranked step', () => {
    const run = runWith([ranked(1), { t: 5, ranking: null, blocks }, ranked(9), ranked(17)]);
    const stepAt = (step: number) => rankingAt(run, step)?.step;
    expect([stepAt(1), stepAt(4), stepAt(5), stepAt(6), stepAt(100)]).toEqual([1, 1, 9, 9, 17]);
    expect(rankingAt(run, 9)!.ranks).toEqual([
      { name: 'largestUpdate', coordinates: [9], values: Float64Array.of(0.9) },
    ]);
  });

  it('does not exist for a run without samples', () => {
    expect(rankingAt(runWith([]), 1)).toBeNull();
    expect(matteringOf(runWith([]))).toEqual([]);
  });
});

describe('the coordinates that matter', () => {
  it('are the first of every rank, then the second, of those that are recorded', () => {
    const ranks = [
      rank('largestUpdate', [1, 2, 4]),
      rank('contribution', [2, 6, 8]),
      rank('lowestSnr', [10]),
      rank('dead', [3, 12]),
    ];
    const run = runWith([{ t: 1, ranking: { ranks, dead: 2 }, blocks }]);
    expect(matteringOf(run)).toEqual([
      { coordinate: 2, rank: 'largestUpdate' },
      { coordinate: 10, rank: 'lowestSnr' },
      { coordinate: 12, rank: 'dead' },
      { coordinate: 4, rank: 'largestUpdate' },
      { coordinate: 6, rank: 'contribution' },
    ]);
  });
});
