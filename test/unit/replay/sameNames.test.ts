import { expect, it } from 'vitest';
import { placesByName } from '../../../src/core/replay/sameNames';

const theirs = ['w[0..1][0..1]', 'b[0..1]', 'scale'];

it('arranges arrays by their names', () => {
  expect(placesByName(theirs, ['scale', 'b[0..1]', 'w[0..1][0..1]'])).toEqual(
    Uint32Array.of(6, 4, 5, 0, 1, 2, 3),
  );
});

it('names an array that only one of two has, also by its shape', () => {
  expect(placesByName(theirs, [...theirs, 'c'])).toBe('it has c, which the recording does not have');
  expect(placesByName(theirs, ['scale', 'w[0..1][0..1]'])).toBe(
    'it does not have b[0..1], which the recording has',
  );
  expect(placesByName(theirs, ['scale', 'b[0..2]', 'w[0..1][0..1]'])).toBe(
    'it has b[0..2], which the recording does not have',
  );
});
