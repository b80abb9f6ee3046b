import { describe, expect, it } from 'vitest';
import { CoordinateSet, spreadOf, spreadOut } from '../../../src/core/coordinates/coordinateSet';
import { recordedCoordinates } from '../../../src/core/trace/layout';

describe('a set of coordinates', () => {
  const lists: readonly (readonly [number[], number])[] = [
    [[], 5],
    [[0], 5],
    [[4], 5],
    [[0, 1, 2, 3, 4], 5],
    [[0, 2, 4], 5],
    [[1, 2, 4], 5],
    [recordedCoordinates(1000, 2, 1000, 1e5), 1000],
    [recordedCoordinates(1_000_000, 2, 10, 1e8), 1_000_000],
  ];

  it.each(lists)('is read back, and knows its members (%#)', (list, dim) => {
    const described = spreadOf(list, dim);
    expect(spreadOut(described)).toEqual(list);
    const set = new CoordinateSet(described);
    const members = new Set(list);
    expect(set.length).toBe(list.length);
    for (let i = -1; i <= Math.min(dim, 3000); i++) expect(set.has(i)).toBe(members.has(i));
    expect(set.first(3)).toEqual(list.slice(0, 3));
    const few = set.evenly(5);
    expect(few).toHaveLength(Math.min(5, list.length));
    expect([few[0], few.at(-1)]).toEqual([list[0], list.at(-1)]);
  });

  it('has others beside the evenly spread ones', () => {
    const set = new CoordinateSet({ dim: 100, spread: 3, others: [7, 60] });
    expect(set.first(10)).toEqual([0, 7, 50, 60, 99]);
    expect([7, 50, 51].map((i) => set.has(i))).toEqual([true, true, false]);
  });

  it('has a size that does not depend on the number of evenly spread ones', () => {
    const described = spreadOf(recordedCoordinates(1_000_000, 2, 10, 1e8), 1_000_000);
    expect(described.spread).toBeGreaterThan(10_000);
    expect(JSON.stringify(described).length).toBeLessThan(60);
  });
});
