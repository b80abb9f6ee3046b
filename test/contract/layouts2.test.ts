import { expect, test } from 'vitest';
import { batches, judgeAll } from '../support/programs/shards';

const shard = 1;
const batchesEach = 42;
const seeds = Array.from({ length: batchesEach }, (_, i) => 1 + shard * batchesEach + i);

test('10,000 random programs in many layouts are not changed by the rewrite', {
  timeout: 600_000,
}, async () => {
  const verdict = await judgeAll(batches(seeds, 40, 6));
  expect(verdict.differences.slice(0, 3)).toEqual([]);
  expect(verdict.programs).toBeGreaterThanOrEqual(10_000);
});
