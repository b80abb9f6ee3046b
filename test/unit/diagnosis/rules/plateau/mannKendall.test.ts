import { describe, expect, it } from 'vitest';
import { mannKendall } from '../../../../../src/core/diagnosis/rules/plateau/mannKendall';

describe('the Mann-Kendall statistic', () => {
  it.each([
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 45],
    [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], -45],
    [[1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 0],
    [[2, 1, 4, 3, 6, 5, 8, 7, 10, 9], 35],
  ])('%j: %i', (values, wanted) => {
    expect(mannKendall(Float64Array.from(values))).toBe(wanted);
  });
});
