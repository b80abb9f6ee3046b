import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/numerics/random';
import { FaultySearch } from '../../../src/loss/providers/javascript/checks/data/faultySearch';

function searchFor(faulty: ReadonlySet<number>, budget: number) {
  let experiments = 0;
  const search = new FaultySearch<number>(budget, async (members) => {
    experiments++;
    return members.some((each) => faulty.has(each));
  });
  return { search, experiments: () => experiments };
}

describe('the search for faulty members', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'finds all of them, in their order: seed %i',
    async (seed) => {
      const random = seededRandom(seed, 1);
      const members = Array.from({ length: 1 + Math.floor(40 * random()) }, (_, i) => i);
      const faulty = new Set(members.filter(() => random() < 0.2));
      const { search } = searchFor(faulty, 1000);
      expect(await search.search(members)).toEqual([...faulty]);
      expect(search.isComplete).toBe(true);
    },
  );

  it('needs about 2 log2(n) experiments for one member of n', async () => {
    const { search, experiments } = searchFor(new Set([700]), 1000);
    expect(await search.search(Array.from({ length: 1024 }, (_, i) => i))).toEqual([700]);
    expect(experiments()).toBeLessThanOrEqual(21);
  });

  it('ends with the budget, and says so', async () => {
    const members = Array.from({ length: 64 }, (_, i) => i);
    const { search, experiments } = searchFor(new Set(members), 10);
    expect((await search.search(members))[0]).toBe(0);
    expect(search.isComplete).toBe(false);
    expect(experiments()).toBe(10);
  });
});
