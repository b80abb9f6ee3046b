import { describe, expect, it } from 'vitest';
import { floorToDigit, inWords } from '../../../src/core/diagnosis/words';

describe('numbers in words', () => {
  it.each([
    [0, '0'],
    [24.199999, '24.2'],
    [-0.00125, '−0.00125'],
    [441234, '4.41e5'],
    [1e-10, '1e-10'],
    [Number.POSITIVE_INFINITY, 'infinity'],
    [Number.NaN, 'NaN'],
  ])('%d: %s', (x, wanted) => {
    expect(inWords(x)).toBe(wanted);
  });

  it.each([
    [0.0137, 0.01],
    [0.99, 0.9],
    [0.3, 0.3],
    [1 / 3e-5, 3e4],
    [7.9e-300, 7e-300],
  ])('%d to one digit: %d', (x, wanted) => {
    expect(floorToDigit(x)).toBe(wanted);
  });
});
