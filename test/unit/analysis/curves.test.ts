import { describe, expect, it } from 'vitest';
import { axisFrom } from '../../../src/core/analysis/compare/curves';

describe('the axis of compared losses', () => {
  it('ends at ten times the loss at the start if a run diverges beyond that', () => {
    expect(axisFrom(50, [50, 1e-9, 0, 1e78, Number.NaN])).toEqual({ title: 'loss', log: true, cut: 500 });
  });

  it('shows all losses if none is far above the start', () => {
    expect(axisFrom(50, [50, 1e-9, 450])).toEqual({ title: 'loss', log: true });
    expect(axisFrom(Number.NaN, [1e78, 3])).toEqual({ title: 'loss', log: true });
  });

  it('ends as far above the start as the lowest loss is below it, if losses are not all positive', () => {
    expect(axisFrom(2, [2, -6, 1e40])).toEqual({ title: 'loss', log: false, cut: 10 });
  });

  it('shows all losses if the first one is 0, because nothing then says what matters', () => {
    expect(axisFrom(0, [0, 5, 1e40])).toEqual({ title: 'loss', log: true });
  });
});
