import { describe, expect, test } from 'vitest';
import {
  exactNumber,
  narrowNumber,
  ordinal,
  powerText,
  shortNumber,
  shortSymbol,
  stepText,
  tickText,
} from '../../../webview/numberText';

describe('numbers on the dashboard', () => {
  test.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [0.05, '0.05'],
    [1234.5, '1230'],
    [9999.9, '1e4'],
    [12345, '1.23e4'],
    [-0.000123456, '-1.23e-4'],
    [0.001, '0.001'],
    [5e-324, '4.94e-324'],
    [Number.MAX_VALUE, '1.8e308'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '-∞'],
  ])('%d with three digits is %s', (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });

  test('a table shows six digits', () => {
    expect(exactNumber(Math.PI)).toBe('3.14159');
    expect(exactNumber(123456.7)).toBe('123457');
    expect(exactNumber(1234567)).toBe('1.23457e6');
    expect(Number(exactNumber(-0.00023090812))).toBeCloseTo(-0.00023090812, 9);
  });

  test('ticks are powers of ten if that is shorter', () => {
    expect([1e-4, 1e-3, 0.01, 1, 100, 1000, 1e4, -1e4, 1e150].map((value) => tickText(value))).toEqual([
      '10⁻⁴',
      '10⁻³',
      '0.01',
      '1',
      '100',
      '1000',
      '10⁴',
      '-10⁴',
      '10¹⁵⁰',
    ]);
    expect(tickText(2.5e-7)).toBe('2.5e-7');
    expect(powerText(-12)).toBe('10⁻¹²');
    expect(powerText(0)).toBe('1');
  });

  test('adjacent ticks have enough digits to differ', () => {
    expect(tickText(1.00002, 6)).toBe('1.00002');
    expect(tickText(1.00002, 3)).toBe('1');
  });

  test('large step numbers have thousands separators', () => {
    expect(stepText(9999)).toBe('9999');
    expect(stepText(1234567)).toBe('1\u202f234\u202f567');
  });
});

test.each([
  [-0.00236601, '-0.002366'],
  [8.60199e-4, '8.602e-4'],
  [99999, '1e5'],
])('%d in a narrow table is %s', (value, text) => {
  expect(narrowNumber(value)).toBe(text);
});

test.each([
  [2, '2nd'],
  [3, '3rd'],
  [4, '4th'],
  [11, '11th'],
  [12, '12th'],
  [21, '21st'],
  [32, '32nd'],
  [1024, '1024th'],
])('the ordinal of %d is %s', (n, text) => {
  expect(ordinal(n)).toBe(text);
});

test.each([
  ['lr / (sqrt(vHat) + eps)', 'lr/√vHat'],
  ['lr / (sqrt(vMax / (1 - beta2^t)) + eps)', 'lr/(sqrt(vMax/(1 - beta2^t)))'],
  ['|Δθ| / (lr·B(t))', '|Δθ|/(lr·B)'],
  ['f(θ)', 'f(θ)'],
  ['‖g‖', '‖g‖'],
])('after a title, %s is %s', (symbol, short) => {
  expect(shortSymbol(symbol)).toBe(short);
});
