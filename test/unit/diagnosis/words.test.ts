import { expect, it } from 'vitest';
import { floorToDigit } from '../../../src/core/diagnosis/words';

it.each([
  [0.0137, 0.01],
  [0.99, 0.9],
  [0.3, 0.3],
  [1 / 3e-5, 3e4],
  [7.9e-300, 7e-300],
])('%d to one digit, not above it: %d', (x, wanted) => {
  expect(floorToDigit(x)).toBe(wanted);
});
