import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/numerics/random';
import { SampledCalls } from '../../../src/core/numerics/sampledCalls';

function selected(count: number, random: () => number, select: (calls: SampledCalls) => void): number[] {
  const calls = new SampledCalls(random);
  const found: number[] = [];
  for (let call = 1; call <= count; call++)
    if (calls.isSelected()) {
      found.push(call);
      select(calls);
    }
  return found;
}

test('the largest distance is the number of calls plus 20', () => {
  const almostOne = () => 1 - 2 ** -53;
  expect(selected(100, almostOne, (calls) => calls.select())).toEqual([1, 22, 64]);
  expect(selected(200, almostOne, (calls) => calls.select(2))).toEqual([1, 43, 169]);
});

test('the smallest distance is one call, or the given one', () => {
  expect(
    selected(
      4,
      () => 0,
      (calls) => calls.select(),
    ),
  ).toEqual([1, 2, 3, 4]);
  expect(
    selected(
      10,
      () => 0,
      (calls) => calls.select(1, 4),
    ),
  ).toEqual([1, 5, 9]);
});

test('few of many calls are selected', () => {
  const found = selected(100_000, seededRandom(1), (calls) => calls.select());
  expect(found.length).toBeGreaterThan(8);
  expect(found.length).toBeLessThan(60);
});

test('none is selected after a stop', () => {
  expect(
    selected(
      100,
      () => 0,
      (calls) => calls.stop(),
    ),
  ).toEqual([1]);
});
