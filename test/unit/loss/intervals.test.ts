import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Intervals } from '../../../src/loss/discovery/intervals';

it('finds the same as a search through all intervals', () => {
  const interval = fc.record({ from: fc.nat(30), length: fc.nat(8) });
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 20 }), fc.nat(40), (drawn, position) => {
      const all = drawn.map(({ from, length }, value) => ({ from, to: from + length, value }));
      const expected = all.filter(({ from, to }) => from <= position && position <= to);
      expect(new Intervals(all).at(position).sort()).toEqual(expected.map(({ value }) => value).sort());
    }),
    { seed: 10, numRuns: 1000 },
  );
});
