import { describe, expect, it } from 'vitest';
import { anyOf, epsAdvice, floorToDigit, namesInHeadline } from '../../../src/core/diagnosis/words';
import { lossWordsOf } from '../../../src/core/lossWords';

it.each([
  [0.0137, 0.01],
  [0.99, 0.9],
  [0.3, 0.3],
  [1 / 3e-5, 3e4],
  [7.9e-300, 7e-300],
])('%d to one digit, not above it: %d', (x, wanted) => {
  expect(floorToDigit(x)).toBe(wanted);
});

describe('the coordinate names in a headline', () => {
  const long = 'aVeryLongNameOfAParameterThatIsLongerThanAllowed';
  const named = (names: readonly string[]) =>
    namesInHeadline(
      (i) => names[i]!,
      names.map((_, i) => i),
    );

  it.each([
    [['x'], 'x'],
    [['x', 'y'], 'x and y'],
    [['x', 'y', 'z', 'w'], 'x, y, z and 1 more'],
    [['theta[100000]', 'theta[100001]', 'theta[100002]'], 'theta[100000] and 2 more'],
    [['w', long], 'w and 1 more'],
    [[long, 'w'], '2 parameters'],
  ])('%j: %s', (names, wanted) => {
    expect(named(names)).toBe(wanted);
  });

  it('are shortened when a single name is too long', () => {
    expect(named([long])).toBe('aVeryLongNameOfAParameterThatIs…');
  });
});

describe('advice with a choice', () => {
  it.each([
    [['decrease lr'], 'Decrease lr.'],
    [['decrease lr', false, 'decay it'], 'Decrease lr or decay it.'],
    [['decrease lr', 'decay it', 'decrease beta2'], 'Decrease lr, decay it, or decrease beta2.'],
  ] as const)('%j: %s', (choices, wanted) => {
    expect(anyOf(...choices)).toBe(wanted);
  });
});

it('names the factor of the loss that helps as much as a smaller eps', () => {
  const words = lossWordsOf({ maximize: false });
  expect(epsAdvice(2e-25, 1e-8, words)).toBe('Decrease eps, or multiply the loss by about 5e16.');
});
