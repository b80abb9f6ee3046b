import { expect, test } from 'vitest';
import { judge } from '../support/programs/judge';
import { batches } from '../support/programs/shards';

const shard = 0;
const batchesEach = 42;
const seeds = Array.from({ length: batchesEach }, (_, i) => 1 + shard * batchesEach + i);

// 10,080 programs. To replay one batch, put its seed, style and language here alone.
test.each(batches(seeds, 40, 6))(
  'programs in many layouts are not changed by the rewrite: seed $seed, $style, $language',
  { timeout: 120_000 },
  async (batch) => {
    const { differences, programs } = await judge(batch);
    expect(differences.slice(0, 3)).toEqual([]);
    expect(programs).toBe(240);
  },
);
