import { describe, expect, it } from 'vitest';
import { formatNumber } from '../../../src/core/numerics/format';

describe('numbers for display', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [24.199999, '24.2'],
    [-0.00125, '-0.00125'],
    [9994, '9990'],
    [9996, '1e4'],
    [441234, '4.41e5'],
    [0.000999, '9.99e-4'],
    [0.0009996, '0.001'],
    [0.00000012, '1.2e-7'],
    [1e-10, '1e-10'],
    [5e-324, '4.94e-324'],
    [Number.MAX_VALUE, '1.8e308'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '-∞'],
    [Number.NaN, 'NaN'],
  ])('%d with three digits is %s', (x, wanted) => {
    expect(formatNumber(x)).toBe(wanted);
  });

  it.each([
    [100000, 6, '100000'],
    [1234567, 6, '1.23457e6'],
    [100010, 5, '1.0001e5'],
    [0.1, 17, '0.1'],
    [12345, 1, '1e4'],
    [1234, 1, '1000'],
  ])('%d with %d digits is %s', (x, digits, wanted) => {
    expect(formatNumber(x, digits)).toBe(wanted);
  });
});
