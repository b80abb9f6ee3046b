import { describe, expect, it } from 'vitest';
import { RankComparison } from '../../../src/recordings/rankComparison';
import { recording } from './support';

const comparison = (worldSize: number) =>
  new RankComparison({
    ...recording,
    distributed: { rank: 0, worldSize, job: 'job', sharded: false },
    buffers: [{ name: 'mean' }],
  });
const row = (t: number, weight: bigint, mean = 0n) => ({
  t,
  digests: [
    ['parameter', 0, weight],
    ['buffer', 0, mean],
  ] as const,
});

describe('the comparison of ranks', () => {
  it('is silent while all are equal', () => {
    const ranks = comparison(2);
    for (const rank of [0, 1]) for (const t of [1, 2, 4]) ranks.take(rank, row(t, BigInt(t)));
    expect(ranks.report).toBeNull();
  });

  it('names the first step, whatever the order in which the files are read', () => {
    const ranks = comparison(2);
    for (const t of [1, 2, 4, 8]) ranks.take(0, row(t, 1n));
    for (const t of [8, 4, 2, 1]) ranks.take(1, row(t, t >= 4 ? 2n : 1n));
    expect(ranks.report).toMatchObject({
      headline: 'Ranks 0 and 1 differ after step 4: parameters.',
      steps: [4, 8],
      tensors: [0],
    });
    expect(ranks.report!.detail).toContain('After step 2, they were equal.');
  });

  it('names the rank that differs from most others', () => {
    const ranks = comparison(3);
    ranks.take(0, row(1, 1n));
    ranks.take(1, row(1, 1n, 7n));
    ranks.take(2, row(1, 1n));
    expect(ranks.report!.headline).toBe('Rank 1 differs from the other ranks after step 1: buffers.');
    expect(ranks.report!.detail).toContain('The numbers of mean are not equal');
  });
});
